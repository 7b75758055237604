/* SPDX-License-Identifier: GPL-2.0-only */
/* The PT_LOADs of a core dump: all of the memory, where the co-kernel itself sees it. */
#ifndef COVIRTCTL_CORE_SEGMENTS_H
#define COVIRTCTL_CORE_SEGMENTS_H

#include "core_file.h"
#include "core_map.h"

/**
 * struct core_segment - one PT_LOAD
 * @va:     virtual address
 * @gpa:    physical address
 * @len:    bytes
 * @offset: where its bytes stand in the kernel's dump
 */
struct core_segment {
	gva_t va;
	gpa_t gpa;
	uint64_t len;
	uint64_t offset;
};

/**
 * struct core_segments - all of them
 * @segment: memory that the co-kernel does not map, at its physical address; then what it
 *           maps, the longest last
 * @nr:      how many
 */
struct core_segments {
	struct core_segment *segment;
	size_t nr;
};

int core_segments_make(struct core_segments *segments, const struct core_map *map,
		       const struct core_ram *ram, size_t nr_ram);
void core_segments_free(struct core_segments *segments);

#endif /* COVIRTCTL_CORE_SEGMENTS_H */
