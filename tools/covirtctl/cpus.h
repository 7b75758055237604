/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's CPUs, and which of them to take. */
#ifndef COVIRTCTL_CPUS_H
#define COVIRTCTL_CPUS_H

#include <stdbool.h>

#include "cpulist.h"

int cpus_read(const char *file, struct cpulist *list);
int cpus_threads(int cpu, struct cpulist *threads);
const char *cpus_why_not(int cpu);
int cpus_node(int cpu);
int cpus_choose(int count, bool share_cores, struct cpulist *chosen);

#endif /* COVIRTCTL_CPUS_H */
