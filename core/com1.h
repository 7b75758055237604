/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * COM1 between the co-kernel and the console: the UART, the rings to and from Linux, and the pin of
 * the I/O APIC that its interrupt line leads to. Hypervisor world only.
 */
#ifndef COVIRT_CORE_COM1_H
#define COVIRT_CORE_COM1_H

#include "core/cpu.h"

u8 com1_read(struct covirt_cpu *cpu, u16 port);
void com1_write(struct covirt_cpu *cpu, u16 port, u8 value);
void com1_ioapic_write(struct covirt_cpu *cpu, u32 offset, u32 value);
bool com1_typed(struct covirt_cpu *cpu);
void com1_unlock(struct covirt_cpu *cpu);

#endif /* COVIRT_CORE_COM1_H */
