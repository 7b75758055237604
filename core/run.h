/* SPDX-License-Identifier: GPL-2.0-only */
/* Between two entries of the guest. Hypervisor world only. */
#ifndef COVIRT_CORE_RUN_H
#define COVIRT_CORE_RUN_H

#include "core/cpu.h"

/**
 * run_count_exit() - count an exit, and remember it for fault records
 * @cpu:    this CPU
 * @reason: why the guest left
 * @info1:  the vendor's first qualification
 *
 * What went before says how it came to a fault.
 */
static inline void run_count_exit(struct covirt_cpu *cpu, enum covirt_exit_reason reason, u64 info1)
{
	struct covirt_status *status = cpu->status;
	struct covirt_recent *recent = &status->recent[status->nr_recent++ % COVIRT_RECENT_EXITS];

	*recent = (struct covirt_recent) {
		.reason = reason,
		.info1 = info1,
		.rax = cpu->gpr[GPR_RAX],
		.rcx = cpu->gpr[GPR_RCX],
	};
	status->exits[reason]++;
}

enum covirt_verdict run_exit(struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict run_commands(struct covirt_cpu *cpu);
enum covirt_verdict run_contain(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail);
enum covirt_verdict run_fault(struct covirt_cpu *cpu, vector_t vector);
enum covirt_verdict run_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit);

#endif /* COVIRT_CORE_RUN_H */
