/* SPDX-License-Identifier: GPL-2.0-only */
/* The decision about an exit. Hypervisor world only. */
#ifndef COVIRT_CORE_EXIT_H
#define COVIRT_CORE_EXIT_H

#include "core/cpu.h"

enum covirt_verdict exit_handle(struct covirt_cpu *cpu, const struct covirt_exit *exit);

#endif /* COVIRT_CORE_EXIT_H */
