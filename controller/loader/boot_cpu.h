/* SPDX-License-Identifier: GPL-2.0-only */
/* Environment of the boot CPU: GDT, stack and, in 64-bit mode, identity page tables. */
#ifndef COVIRT_LOADER_BOOT_CPU_H
#define COVIRT_LOADER_BOOT_CPU_H

#include "loading.h"

int boot_cpu_prepare(struct loading *loading, gva_t rip);
int boot_cpu_prepare_32(struct loading *loading, gpa_t rip);

#endif /* COVIRT_LOADER_BOOT_CPU_H */
