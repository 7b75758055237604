/* SPDX-License-Identifier: GPL-2.0-only */
/* Instruction bytes from the guest's memory. Hypervisor world only. */
#ifndef COVIRT_CORE_FETCH_H
#define COVIRT_CORE_FETCH_H

#include "core/cpu.h"

u32 guest_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len);

#endif /* COVIRT_CORE_FETCH_H */
