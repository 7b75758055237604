/* SPDX-License-Identifier: GPL-2.0-only */
/* Between two entries of the guest. Hypervisor world only. */
#ifndef COVIRT_CORE_RUN_H
#define COVIRT_CORE_RUN_H

#include "core/cpu.h"

enum covirt_verdict run_exit(struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict run_commands(struct covirt_cpu *cpu);
enum covirt_verdict run_contain(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail);
enum covirt_verdict run_fault(struct covirt_cpu *cpu, vector_t vector);
enum covirt_verdict run_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit);

#endif /* COVIRT_CORE_RUN_H */
