/* SPDX-License-Identifier: GPL-2.0-only */
/* Instruction bytes from the guest's memory. Hypervisor world only. */
#ifndef COVIRT_CORE_FETCH_H
#define COVIRT_CORE_FETCH_H

#include "core/cpu.h"
#include "core/mov.h"

u32 guest_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len);
bool guest_fetch_mov(struct covirt_cpu *cpu, struct mov *insn);

#endif /* COVIRT_CORE_FETCH_H */
