// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page walk of a fault report.
 *
 * Processors do not always tell the guest-virtual address, and nothing decodes instructions
 * here. Mostly a register holds it, or one in the same page, or it lies as far from there as a
 * displacement or an index says: whether it does can be seen, for it must lead to where the
 * fault was.
 */
#include <linux/bug.h>
#include <linux/lockdep.h>

#include "controller/enclave/enclave.h"
#include "controller/fault/guest.h"
#include "controller/fault/walk.h"
#include "core/gpr.h"
#include "core/insn.h"

#define OPERAND_BYTES	6	/* ModRM, SIB, displacement of 32 bits */

static bool same_page(gpa_t one, gpa_t other)
{
	return one >> COVIRT_PAGE_SHIFT == other >> COVIRT_PAGE_SHIFT;
}

/* Does this address lead to where the fault was, in the walk itself or behind it? */
static bool walk_leads_there(struct enclave *enclave, gva_t va)
{
	struct covirt_fault_record *record = &enclave->fault;
	const struct guest_paging paging = fault_guest_paging(&record->fault);
	const struct guest_mem mem = fault_guest_mem(enclave);
	struct covirt_walk_path *walk = &record->walk;
	gpa_t gpa;

	if (guest_walk_path(&paging, va, &gpa, walk, &mem))
		return record->fault.walk && walk->outside &&
		       same_page(walk->at[walk->nr - 1], record->fault.gpa);
	return !record->fault.walk && same_page(gpa, record->fault.gpa);
}

/* A linear address has 32 bits outside 64-bit code, whatever was added to get there. */
static bool try_walk(struct enclave *enclave, gva_t va)
{
	struct covirt_fault_record *record = &enclave->fault;

	record->walk_gva = record->fault.code64 ? va : lower_32_bits(va);
	record->walked = walk_leads_there(enclave, record->walk_gva);
	return record->walked;
}

/* A push writes below the stack pointer, perhaps to another page. */
static bool try_pushed(struct enclave *enclave)
{
	return try_walk(enclave, enclave->fault.fault.gpr[GPR_RSP] - sizeof(u64));
}

static s32 displacement(const u8 *insn)
{
	s32 value;

	memcpy(&value, insn, sizeof(value));
	return value;
}

/* Wherever in the instruction it may stand, of either size. */
static bool try_displacements(struct enclave *enclave, gva_t base)
{
	u32 len, at;
	const u8 *insn = fault_insn(&enclave->fault, &len);

	for (at = 2; at < len; at++) {
		if (try_walk(enclave, base + (s8)insn[at]))
			return true;
		if (len - at >= sizeof(s32) &&
		    try_walk(enclave, base + displacement(insn + at)))
			return true;
	}
	return false;
}

/* Behind the displacement there may be an immediate operand. */
static bool try_relative(struct enclave *enclave, gva_t ip)
{
	u32 len, at, immediate;
	const u8 *insn = fault_insn(&enclave->fault, &len);

	for (at = 2; at + sizeof(s32) <= len; at++)
		for (immediate = 0; immediate <= sizeof(s32); immediate++)
			if (try_walk(enclave, ip + at + sizeof(s32) + immediate +
				     displacement(insn + at)))
				return true;
	return false;
}

/* A memory operand with an index, at its ModRM byte: SDM vol. 2, tables 2-2 and 2-3. */
static gva_t indexed_operand(const struct covirt_fault *raw, const u8 *operand, u8 rex)
{
	u8 mod = MODRM_MOD(operand[0]), sib = operand[1];
	u8 index = SIB_INDEX(sib) | (rex & REX_X ? 8 : 0);
	u8 base = SIB_BASE(sib) | (rex & REX_B ? 8 : 0);
	bool has_base = mod || SIB_BASE(sib) != SIB_BASE_NONE;
	gva_t va = has_base ? raw->gpr[base] : 0;

	if (index != SIB_INDEX_NONE)
		va += raw->gpr[index] << SIB_SCALE(sib);
	if (mod == 1)
		return va + (s8)operand[2];
	return mod == 2 || !has_base ? va + displacement(operand + 2) : va;
}

/* With any REX prefix, and by any segment. */
static bool try_index(struct enclave *enclave, const u8 *operand)
{
	const struct covirt_fault_record *record = &enclave->fault;
	gva_t va;
	u8 rex;

	for (rex = 0; rex <= (REX_X | REX_B); rex++) {
		va = indexed_operand(&record->fault, operand, rex);
		if (try_walk(enclave, va) || try_walk(enclave, record->fs_base + va) ||
		    try_walk(enclave, record->gs_base + va))
			return true;
	}
	return false;
}

static bool has_index(u8 modrm)
{
	return MODRM_MOD(modrm) != 3 && MODRM_RM(modrm) == MODRM_RM_SIB;
}

/* ModRM, and SIB and a displacement behind it, stand behind the opcode, wherever that ends. */
static bool try_indices(struct enclave *enclave)
{
	u8 bytes[INSN_MAX_LEN + OPERAND_BYTES] = {};
	u32 len, at;
	const u8 *insn = fault_insn(&enclave->fault, &len);

	memcpy(bytes, insn, len);
	for (at = 1; at < len; at++)
		if (has_index(bytes[at]) && try_index(enclave, bytes + at))
			return true;
	return false;
}

static bool try_registers(struct enclave *enclave,
			  bool (*try)(struct enclave *enclave, gva_t base))
{
	const struct covirt_fault_record *record = &enclave->fault;
	u32 i;

	for (i = 0; i < COVIRT_NR_GPRS; i++)
		if (try(enclave, record->fault.gpr[i]))
			return true;
	return try(enclave, record->fs_base) || try(enclave, record->gs_base);
}

/**
 * fault_walk_collect() - the page walk of a report of a memory violation
 * @enclave: locked, with a report that has registers and code, and with a partition
 */
void fault_walk_collect(struct enclave *enclave)
{
	const struct covirt_fault *raw = &enclave->fault.fault;
	gva_t ip = raw->cs_base + raw->rip;

	lockdep_assert_held(&enclave->lock);
	WARN_ON_ONCE(!enclave->partition.built);
	if (raw->reason != COVIRT_FAULT_MEMORY_VIOLATION)
		return;
	if (!try_walk(enclave, ip) && !try_registers(enclave, try_walk) &&
	    !try_pushed(enclave) && !try_registers(enclave, try_displacements) &&
	    !try_relative(enclave, ip))
		try_indices(enclave);
}
