/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory by owner. */
#ifndef COVIRTCTL_REGIONS_H
#define COVIRTCTL_REGIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OWNER_LINUX		0
#define OWNER_HYPERVISOR	1
#define OWNER_ENCLAVES		2	/* the first; others follow */

/**
 * struct region - a stretch of memory
 * @first: host-physical address of its first byte
 * @last:  and of its last one
 * @owner: OWNER_...
 */
struct region {
	uint64_t first;
	uint64_t last;
	int owner;
};

/**
 * struct regions - a list of them
 * @region: @nr of them
 * @nr:     how many
 */
struct regions {
	struct region *region;
	size_t nr;
};

void regions_add(struct regions *regions, uint64_t first, uint64_t last, int owner);
void regions_sort(struct regions *regions);
void regions_fill(struct regions *regions, const struct regions *ram);
void regions_free(struct regions *regions);

bool iomem_parse(const char *line, uint64_t *first, uint64_t *last);
bool hypervisor_memory_parse(const char *line, uint64_t *first, uint64_t *last);
bool memory_map_parse(const char *line, uint64_t *first, uint64_t *last);

#endif /* COVIRTCTL_REGIONS_H */
