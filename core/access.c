// SPDX-License-Identifier: GPL-2.0-only
/* A load or store that a handler carries out in the place of the instruction that faulted. */
#include "core/access.h"
#include "core/fetch.h"

/* 64-bit code has no other bases than these two. */
static u64 segment_base(struct covirt_cpu *cpu, u8 segment)
{
	static const u8 bases[] = {
		[MOV_SEGMENT_ES] = COVIRT_REG_ES_BASE, [MOV_SEGMENT_CS] = COVIRT_REG_CS_BASE,
		[MOV_SEGMENT_SS] = COVIRT_REG_SS_BASE, [MOV_SEGMENT_DS] = COVIRT_REG_DS_BASE,
		[MOV_SEGMENT_FS] = COVIRT_REG_FS_BASE, [MOV_SEGMENT_GS] = COVIRT_REG_GS_BASE,
	};

	if (segment < MOV_SEGMENT_FS && cpu->backend->read(cpu, COVIRT_REG_CODE64))
		return 0;
	return cpu->backend->read(cpu, bases[segment]);
}

/*
 * An access that crosses into another page, or comes from one, is told by its address: the
 * processor says which page is missing, not where the access begins.
 */
static bool is_in_page(struct covirt_cpu *cpu, const struct covirt_exit *exit,
		       const struct mov *insn)
{
	u32 offset = mov_page_offset(insn, cpu->gpr, cpu->backend->read(cpu, COVIRT_REG_RIP),
				     segment_base(cpu, insn->operand.segment));

	return offset == exit->gpa % COVIRT_PAGE_SIZE && offset + insn->size <= COVIRT_PAGE_SIZE;
}

/**
 * access_fetch() - read the MOV that has faulted
 * @cpu:  this CPU, with COVIRT_FEATURE_DIRECT_MAP
 * @exit: the nested fault, which has an instruction
 * @insn: filled in on success
 *
 * Another CPU may have changed the instruction since it faulted.
 *
 * Return: false where another instruction stands, or one that accesses something else.
 */
bool access_fetch(struct covirt_cpu *cpu, const struct covirt_exit *exit, struct mov *insn)
{
	return guest_fetch_mov(cpu, insn) && insn->store == (exit->access == COVIRT_WRITE) &&
	       is_in_page(cpu, exit, insn);
}

/**
 * access_load() - a load has been carried out
 * @cpu:    this CPU
 * @insn:   the load
 * @memory: what it has found
 */
void access_load(struct covirt_cpu *cpu, const struct mov *insn, u64 memory)
{
	u64 *gpr = &cpu->gpr[insn->gpr];

	*gpr = mov_loaded(insn, memory, *gpr);
	if (insn->gpr == GPR_RSP)
		cpu->backend->write(cpu, COVIRT_REG_RSP, *gpr);
}
