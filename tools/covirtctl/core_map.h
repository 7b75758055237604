/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The co-kernel's own view of its memory, from its page tables: so a debugger finds what a
 * pointer points to. The tables are the co-kernel's and may be anything.
 */
#ifndef COVIRTCTL_CORE_MAP_H
#define COVIRTCTL_CORE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/guest_walk.h"
#include "include/uapi/linux/covirt.h"

#define CORE_MAP_RUNS	60000	/* an ELF header counts to 65534 */

/**
 * struct core_run - guest-virtual addresses that are guest-physical ones in the same order
 * @va:  the first
 * @gpa: what it is
 * @len: bytes
 */
struct core_run {
	gva_t va;
	gpa_t gpa;
	uint64_t len;
};

/**
 * struct core_map - runs, by guest-virtual address
 * @run: them
 * @nr:  how many, at most CORE_MAP_RUNS
 * @cut: there were more
 */
struct core_map {
	struct core_run *run;
	size_t nr;
	bool cut;
};

int core_map_read(struct core_map *map, const struct covirt_registers *registers,
		  const struct guest_mem *mem);
void core_map_free(struct core_map *map);

#endif /* COVIRTCTL_CORE_MAP_H */
