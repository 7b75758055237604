/* SPDX-License-Identifier: GPL-2.0-only */
/* The handlers behind exit_handle(). Hypervisor world only. */
#ifndef COVIRT_CORE_EXIT_HANDLERS_H
#define COVIRT_CORE_EXIT_HANDLERS_H

#include "core/cpu.h"
#include "core/run.h"

enum covirt_verdict exit_io(struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_msr_read(struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_msr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				   u64 value);
enum covirt_verdict exit_xapic_icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					 u32 high, u32 low);
bool exit_is_xapic(const struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_xapic(struct covirt_cpu *cpu, const struct covirt_exit *exit);
bool exit_is_ioapic_write(const struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_ioapic_write(struct covirt_cpu *cpu, const struct covirt_exit *exit);
bool exit_is_unclaimed(const struct covirt_cpu *cpu, const struct covirt_exit *exit);
enum covirt_verdict exit_unclaimed(struct covirt_cpu *cpu, const struct covirt_exit *exit);

#endif /* COVIRT_CORE_EXIT_HANDLERS_H */
