/* SPDX-License-Identifier: GPL-2.0-only */
/* Between two entries of the guest. Hypervisor world only. */
#ifndef COVIRT_CORE_RUN_H
#define COVIRT_CORE_RUN_H

#include "core/arch.h"
#include "core/assert.h"
#include "core/control_policy.h"
#include "core/cpu.h"
#include "core/insn.h"

/**
 * run_count_exit() - count an exit, and remember it for fault records and tracing
 * @cpu:    this CPU
 * @reason: why the guest left
 * @info1:  the vendor's first qualification
 *
 * What went before says how it came to a fault. recent_drain() reads the ring while it is written.
 */
static inline void run_count_exit(struct covirt_cpu *cpu, enum covirt_exit_reason reason, u64 info1)
{
	struct covirt_status *status = cpu->status;
	struct covirt_recent *recent = &status->recent[status->nr_recent % COVIRT_RECENT_EXITS];

	*recent = (struct covirt_recent) {
		.reason = reason,
		.info1 = info1,
		.rax = cpu->gpr[GPR_RAX],
		.rcx = cpu->gpr[GPR_RCX],
	};
	__atomic_signal_fence(__ATOMIC_RELEASE);	/* the processor keeps stores in order */
	status->nr_recent++;
	status->exits[reason]++;
}

/**
 * run_stamp() - say when the exit happens that is counted next
 * @cpu: this CPU, of an enclave whose exits are measured
 *
 * Return: the time-stamp counter.
 */
static inline u64 run_stamp(struct covirt_cpu *cpu)
{
	struct covirt_status *status = cpu->status;
	u64 now = arch_rdtsc();

	status->recent_tsc[status->nr_recent % COVIRT_RECENT_EXITS] = now;
	return now;
}

/**
 * run_measured() - an exit has been dealt with: count what it took
 * @cpu:   this CPU
 * @begin: from run_stamp()
 */
static inline void run_measured(struct covirt_cpu *cpu, u64 begin)
{
	cpu->status->cycles[cycles_bucket(arch_rdtsc() - begin)]++;
}

/**
 * run_skip() - the instruction that exited has been carried out
 * @cpu:  this CPU
 * @exit: the exit, whose insn_len is known
 *
 * Inline: most exits end with it.
 *
 * Return: COVIRT_RESUME.
 */
static inline enum covirt_verdict run_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	hv_assert(exit->insn_len && exit->insn_len <= INSN_MAX_LEN);
	cpu->backend->skip(cpu, exit);
	return COVIRT_RESUME;
}

void run_begin(struct covirt_cpu *cpu);
enum covirt_verdict run_commands(struct covirt_cpu *cpu);
enum covirt_verdict run_contain(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail);
enum covirt_verdict run_fault(struct covirt_cpu *cpu, vector_t vector);
void run_control_state(struct covirt_cpu *cpu, struct control_state *now);
void run_debugctl_set(struct covirt_cpu *cpu, u64 value);

#endif /* COVIRT_CORE_RUN_H */
