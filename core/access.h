/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses to memory that are emulated. Hypervisor world only. */
#ifndef COVIRT_CORE_ACCESS_H
#define COVIRT_CORE_ACCESS_H

#include "core/cpu.h"
#include "core/mov.h"

#define EMPTY_BUS	(~0ULL)	/* what an access that reaches nobody finds */

bool access_fetch(struct covirt_cpu *cpu, const struct covirt_exit *exit, struct mov *insn);
void access_load(struct covirt_cpu *cpu, const struct mov *insn, u64 memory);

#endif /* COVIRT_CORE_ACCESS_H */
