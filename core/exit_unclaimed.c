// SPDX-License-Identifier: GPL-2.0-only
/*
 * An access to an address that is nobody's: as on a PC a read is all ones, and a write is lost.
 * Nothing is carried out, so that nobody is reached, whatever has come to be there meanwhile.
 */
#include "core/exit_handlers.h"
#include "core/fetch.h"

#define EMPTY_BUS	(~0ULL)

/**
 * exit_is_unclaimed() - did an instruction access data that is nobody's, and is that ignored?
 * @cpu:  this CPU
 * @exit: a nested fault
 *
 * What the processor itself reads, walking the guest's page tables or delivering an event, has
 * no instruction that could be decoded; and there is nothing that could be executed.
 */
bool exit_is_unclaimed(const struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return cpu->config->on_unclaimed == COVIRT_UNCLAIMED_IGNORE &&
	       exit->access != COVIRT_EXEC && !exit->walk && !exit->event &&
	       unclaimed_has(&cpu->config->unclaimed, exit->gpa, 1);
}

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

/* Another CPU may have changed the instruction since it faulted. */
static bool fetch_access(struct covirt_cpu *cpu, const struct covirt_exit *exit, struct mov *insn)
{
	return guest_fetch_mov(cpu, insn) && insn->store == (exit->access == COVIRT_WRITE) &&
	       is_in_page(cpu, exit, insn);
}

static void load_ones(struct covirt_cpu *cpu, const struct mov *insn)
{
	u64 *gpr = &cpu->gpr[insn->gpr];

	*gpr = mov_loaded(insn, EMPTY_BUS, *gpr);
	if (insn->gpr == GPR_RSP)
		cpu->backend->write(cpu, COVIRT_REG_RSP, *gpr);
}

static void carry_out(struct covirt_cpu *cpu, const struct covirt_exit *exit,
		      const struct mov *insn)
{
	const struct unclaimed_page access = {
		.gpa = exit->gpa,
		.rip = cpu->backend->read(cpu, COVIRT_REG_RIP),
		.write = insn->store,
	};

	unclaimed_note(&cpu->status->unclaimed, &access);
	if (insn->store) {
		cpu->status->unclaimed_writes++;
	} else {
		cpu->status->unclaimed_reads++;
		load_ones(cpu, insn);
	}
}

/**
 * exit_unclaimed() - an instruction reads or writes what is nobody's
 * @cpu:  this CPU
 * @exit: the nested fault, of which exit_is_unclaimed() is true
 *
 * Return: whether the guest is entered again: not after an instruction that is not emulated.
 */
enum covirt_verdict exit_unclaimed(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct covirt_exit decoded = *exit;
	struct mov insn;

	hv_assert(exit_is_unclaimed(cpu, exit));
	if (!fetch_access(cpu, exit, &insn))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	if (!unclaimed_has(&cpu->config->unclaimed, exit->gpa, insn.size))
		return run_contain(cpu, exit, COVIRT_FAULT_MEMORY_VIOLATION, 0);
	carry_out(cpu, exit, &insn);
	decoded.insn_len = insn.len;
	return run_skip(cpu, &decoded);
}
