/* SPDX-License-Identifier: GPL-2.0-only */
/* Flags of the processor, from /proc/cpuinfo. */
#ifndef COVIRTCTL_CPUINFO_H
#define COVIRTCTL_CPUINFO_H

#include <stdbool.h>

bool cpuinfo_is_amd(void);
bool cpuinfo_has(const char *flag);
int cpuinfo_foreign_bit(void);

#endif /* COVIRTCTL_CPUINFO_H */
