/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of CPUs in the kernel's notation: 2-3,5. */
#ifndef COVIRTCTL_CPULIST_H
#define COVIRTCTL_CPULIST_H

#include <stdbool.h>
#include <stddef.h>

#define CPULIST_CPUS	8192	/* the most that Linux can be built for */

/**
 * struct cpulist - a set of CPUs
 * @has: by CPU number
 */
struct cpulist {
	bool has[CPULIST_CPUS];
};

int cpulist_parse(const char *text, struct cpulist *list);
size_t cpulist_format(const struct cpulist *list, char *text, size_t size);
int cpulist_count(const struct cpulist *list);
int cpulist_last(const struct cpulist *list);

#endif /* COVIRTCTL_CPULIST_H */
