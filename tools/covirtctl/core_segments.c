// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core_segments.h"

/* Room for one more is made by doubling. */
static int segment_add(struct core_segments *segments, const struct core_segment *segment)
{
	size_t nr = segments->nr;

	if (!(nr & (nr - 1))) {
		struct core_segment *more = realloc(segments->segment,
						    (nr ? nr * 2 : 1) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		segments->segment = more;
	}
	segments->segment[segments->nr++] = *segment;
	return 0;
}

/* Memory from @start to @end, in one extent. */
static int part_add(struct core_segments *segments, gva_t va, const struct core_ram *ram,
		    gpa_t start, gpa_t end)
{
	const struct core_segment segment = {
		.va = va, .gpa = start, .len = end - start,
		.offset = ram->offset + (start - ram->gpa),
	};

	return segment_add(segments, &segment);
}

/* A run may reach beyond the memory, and over more than one extent of it. */
static int run_add(struct core_segments *segments, const struct core_run *run,
		   const struct core_ram *ram, size_t nr_ram)
{
	size_t i;
	int err = 0;

	for (i = 0; i < nr_ram && !err; i++) {
		gpa_t start = max(run->gpa, ram[i].gpa);
		gpa_t end = min(run->gpa + run->len, ram[i].gpa + ram[i].len);

		if (start < end)
			err = part_add(segments, run->va + (start - run->gpa), &ram[i], start, end);
	}
	return err;
}

static int by_length(const void *a, const void *b)
{
	const struct core_segment *one = a, *other = b;

	if (one->len != other->len)
		return one->len < other->len ? -1 : 1;
	return one->va < other->va ? -1 : one->va > other->va;
}

static int by_address(const void *a, const void *b)
{
	const struct core_segment *one = a, *other = b;

	return one->gpa < other->gpa ? -1 : one->gpa > other->gpa;
}

/* Adds the parts of an extent that no segment covers; @mapped are sorted by address. */
static int rest_add(struct core_segments *segments, const struct core_segments *mapped,
		    const struct core_ram *ram)
{
	gpa_t at = ram->gpa, end = ram->gpa + ram->len;
	size_t i;
	int err = 0;

	for (i = 0; i < mapped->nr && at < end && !err; i++) {
		const struct core_segment *segment = &mapped->segment[i];

		if (segment->gpa + segment->len <= at)
			continue;
		if (segment->gpa > at)
			err = part_add(segments, at, ram, at, min(segment->gpa, end));
		at = segment->gpa + segment->len;
	}
	return err || at >= end ? err : part_add(segments, at, ram, at, end);
}

static int sort_all(struct core_segments *segments, struct core_segments *mapped,
		    const struct core_ram *ram, size_t nr_ram)
{
	size_t i;
	int err = 0;

	if (mapped->nr)
		qsort(mapped->segment, mapped->nr, sizeof(*mapped->segment), by_address);
	for (i = 0; i < nr_ram && !err; i++)
		err = rest_add(segments, mapped, &ram[i]);
	if (mapped->nr)
		qsort(mapped->segment, mapped->nr, sizeof(*mapped->segment), by_length);
	for (i = 0; i < mapped->nr && !err; i++)
		err = segment_add(segments, &mapped->segment[i]);
	return err;
}

/**
 * core_segments_make() - from what is mapped, and all there is
 * @segments: zeroed; core_segments_free() is due in any case
 * @map:      what the co-kernel maps
 * @ram:      its memory, ascending
 * @nr_ram:   extents of it
 *
 * The longest last: of all segments below the kernel's own, makedumpfile takes the last one for
 * Linux's map of all memory.
 *
 * Return: 0 or -ENOMEM.
 */
int core_segments_make(struct core_segments *segments, const struct core_map *map,
		       const struct core_ram *ram, size_t nr_ram)
{
	struct core_segments mapped = { 0 };
	size_t i;
	int err = 0;

	for (i = 0; i < map->nr && !err; i++)
		err = run_add(&mapped, &map->run[i], ram, nr_ram);
	if (!err)
		err = sort_all(segments, &mapped, ram, nr_ram);
	core_segments_free(&mapped);
	return err;
}

/**
 * core_segments_free() - the end of core_segments_make()
 * @segments: them
 */
void core_segments_free(struct core_segments *segments)
{
	free(segments->segment);
}
