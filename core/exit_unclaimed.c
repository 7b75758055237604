// SPDX-License-Identifier: GPL-2.0-only
/*
 * An access to an address that is nobody's: as on a PC a read is all ones, and a write is lost.
 * Nothing is carried out, so that nobody is reached, whatever has come to be there meanwhile.
 */
#include "core/access.h"
#include "core/exit_handlers.h"

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
		access_load(cpu, insn, EMPTY_BUS);
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
	if (!access_fetch(cpu, exit, &insn))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	if (!unclaimed_has(&cpu->config->unclaimed, exit->gpa, insn.size))
		return run_contain(cpu, exit, COVIRT_FAULT_MEMORY_VIOLATION, 0);
	carry_out(cpu, exit, &insn);
	decoded.insn_len = insn.len;
	return run_skip(cpu, &decoded);
}
