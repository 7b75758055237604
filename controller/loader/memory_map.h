/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory map that a co-kernel is told of, in whatever form its protocol has. */
#ifndef COVIRT_LOADER_MEMORY_MAP_H
#define COVIRT_LOADER_MEMORY_MAP_H

#include "loading.h"

/* Kinds of memory, with the numbers of ACPI 6.3, 15.1, which all protocols use. */
enum told_type {
	TOLD_RAM	= 1,
	TOLD_ACPI	= 3,	/* RAM once the tables have been read */
};

/**
 * struct told_range - a line of the memory map
 * @range: addresses
 * @type:  enum told_type
 */
struct told_range {
	struct gpa_range range;
	enum told_type type;
};

/**
 * struct told_walk - a walk over the memory map; zero before the first step
 * @nr:     lines so far
 * @cursor: of guest_ram_next()
 */
struct told_walk {
	u32 nr;
	u32 cursor;
};

bool memory_map_next(const struct covirt_gpmap *map, struct told_walk *walk,
		     struct told_range *line);
u32 memory_map_upper(const struct covirt_gpmap *map);
u32 memory_map_lines(const struct covirt_gpmap *map);
int memory_map_room(struct loading *loading, u32 line_size, void **room);

#endif /* COVIRT_LOADER_MEMORY_MAP_H */
