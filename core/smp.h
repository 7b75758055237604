/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs of one enclave among themselves. Hypervisor world only. */
#ifndef COVIRT_CORE_SMP_H
#define COVIRT_CORE_SMP_H

#include "core/cpu.h"
#include "core/icr.h"

void smp_send(struct covirt_cpu *cpu, const struct icr_order *order);
enum covirt_verdict smp_doorbell(struct covirt_cpu *cpu);
enum covirt_verdict smp_wait(struct covirt_cpu *cpu);
void smp_stop_others(struct covirt_cpu *cpu);

void smp_uart_lock(struct covirt_cpu *cpu);
void smp_uart_unlock(struct covirt_cpu *cpu);

#endif /* COVIRT_CORE_SMP_H */
