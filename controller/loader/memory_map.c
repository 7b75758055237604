// SPDX-License-Identifier: GPL-2.0-only
/* Low memory is RAM, but for the ACPI tables in it; the rest is the RAM from 1 MiB on. */
#include "guest_ram.h"
#include "memory_map.h"

static const struct told_range low_lines[] = {
	{ { 0, LOW_ACPI }, TOLD_RAM },
	{ { LOW_ACPI, LOW_END - LOW_ACPI }, TOLD_ACPI },
};

/**
 * memory_map_next() - walk over the memory map in ascending order
 * @map:  guest-physical map of the enclave
 * @walk: the walk
 * @line: receives the next line
 *
 * Return: false when there is no further line.
 */
bool memory_map_next(const struct covirt_gpmap *map, struct told_walk *walk,
		     struct told_range *line)
{
	struct gpa_range run;
	gpa_t start;

	if (walk->nr < ARRAY_SIZE(low_lines)) {
		*line = low_lines[walk->nr++];
		return true;
	}
	while (guest_ram_next(map, &walk->cursor, &run)) {
		if (run.gpa + run.len <= HIGH_START)
			continue;
		start = max(run.gpa, HIGH_START);
		line->range = (struct gpa_range){ start, run.gpa + run.len - start };
		line->type = TOLD_RAM;
		walk->nr++;
		return true;
	}
	return false;
}

/**
 * memory_map_lines() - how long is the memory map?
 * @map: guest-physical map of the enclave
 *
 * Return: lines that memory_map_next() gives.
 */
u32 memory_map_lines(const struct covirt_gpmap *map)
{
	struct told_walk walk = {};
	struct told_range line;

	while (memory_map_next(map, &walk, &line))
		;
	return walk.nr;
}

/**
 * memory_map_upper() - how much memory is there from 1 MiB on, up to the first hole?
 * @map: guest-physical map of the enclave
 *
 * Return: KiB.
 */
u32 memory_map_upper(const struct covirt_gpmap *map)
{
	struct gpa_range run;
	u32 cursor = 0;

	while (guest_ram_next(map, &cursor, &run))
		if (run.gpa <= HIGH_START && HIGH_START - run.gpa < run.len)
			return min_t(u64, (run.gpa + run.len - HIGH_START) >> 10, ~0U);
	return 0;
}

/**
 * memory_map_room() - find room for the memory map of a co-kernel without boot page tables
 * @loading:   the loading
 * @line_size: bytes of a line
 * @room:      receives the memory behind it
 *
 * The map goes to LOW_TABLES, where the page tables would be.
 *
 * Return: 0; -EINVAL if the map is too long; -EFAULT if low memory is missing.
 */
int memory_map_room(struct loading *loading, u32 line_size, void **room)
{
	const struct loader_request *request = loading->request;
	u64 size = (u64)memory_map_lines(request->map) * line_size;

	if (size > LOW_TABLES_END - LOW_TABLES)
		return loading_fail(loading, -EINVAL,
				    "enclave memory is in more pieces than there is room to tell: use layout packed");
	*room = request->mem(request->ctx, LOW_TABLES, size);
	if (!*room)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	return 0;
}
