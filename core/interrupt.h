/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts to CPUs of the enclave. Hypervisor world only. */
#ifndef COVIRT_CORE_INTERRUPT_H
#define COVIRT_CORE_INTERRUPT_H

#include "core/cpu.h"

void interrupt_send(struct covirt_cpu *cpu, vector_t vector, u32 targets);

#endif /* COVIRT_CORE_INTERRUPT_H */
