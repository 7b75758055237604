// SPDX-License-Identifier: GPL-2.0-only
/* The guest-physical map: see gpmap.h. */
#include "core/linux/gpmap.h"

static gpa_t extent_end(const struct covirt_extent *extent)
{
	return extent->gpa + extent->len;
}

/* Host memory behind the extent: a blank one has a single page. */
static u64 extent_hpa_len(const struct covirt_extent *extent)
{
	return extent->kind == COVIRT_KIND_BLANK ? COVIRT_PAGE_SIZE : extent->len;
}

static bool range_exceeds(u64 base, u64 len, u64 limit)
{
	return len > limit || base > limit - len;
}

/*
 * Nested tables have no page that can be written but not read (APM vol. 2,
 * 15.25.5; SDM vol. 3, 29.3.3.1): READ is part of every access.
 */
bool access_is_valid(u8 access)
{
	return (access & COVIRT_READ) && !(access & ~COVIRT_RWX);
}

int gpa_range_check(gpa_t gpa, u64 len)
{
	if (!len || !IS_ALIGNED(gpa | len, COVIRT_PAGE_SIZE))
		return -EINVAL;
	if (range_exceeds(gpa, len, COVIRT_GPA_LIMIT))
		return -ERANGE;
	return 0;
}

int extent_check(const struct covirt_extent *extent)
{
	if (!access_is_valid(extent->access) || !IS_ALIGNED(extent->hpa, COVIRT_PAGE_SIZE))
		return -EINVAL;
	if (extent->memtype != COVIRT_MT_UC && extent->memtype != COVIRT_MT_WB)
		return -EINVAL;
	if (extent->kind > COVIRT_KIND_BLANK)
		return -EINVAL;
	if (range_exceeds(extent->hpa, extent_hpa_len(extent), COVIRT_HPA_LIMIT))
		return -ERANGE;
	return gpa_range_check(extent->gpa, extent->len);
}

hpa_t extent_hpa(const struct covirt_extent *extent, gpa_t gpa)
{
	u64 offset = gpa - extent->gpa;

	if (extent->kind == COVIRT_KIND_BLANK)
		offset %= COVIRT_PAGE_SIZE;
	return extent->hpa + offset;
}

static bool extent_continues(const struct covirt_extent *low, const struct covirt_extent *high)
{
	hpa_t next = low->hpa;

	if (low->kind != COVIRT_KIND_BLANK)
		next += low->len;
	return extent_end(low) == high->gpa && next == high->hpa &&
	       low->access == high->access && low->memtype == high->memtype &&
	       low->kind == high->kind;
}

/* The part of an extent within [from, to), which must lie inside it. */
static struct covirt_extent extent_part(const struct covirt_extent *extent, gpa_t from, gpa_t to)
{
	struct covirt_extent part = *extent;

	part.gpa = from;
	part.hpa = extent_hpa(extent, from);
	part.len = to - from;
	return part;
}

/* Index of the first extent that ends above gpa: the one that holds it, if any does. */
static u32 gpmap_index(const struct covirt_gpmap *map, gpa_t gpa)
{
	u32 low = 0, high = map->nr;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (extent_end(&map->extent[mid]) > gpa)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* The one place where a map changes: extents [at, at + nr_old) become the nr_new given ones. */
static int gpmap_replace(struct covirt_gpmap *map, u32 at, u32 nr_old,
			 const struct covirt_extent *new, u32 nr_new)
{
	u32 tail = map->nr - (at + nr_old);

	if (map->nr - nr_old + nr_new > map->max)
		return -ENOSPC;
	memmove(&map->extent[at + nr_new], &map->extent[at + nr_old], tail * sizeof(*new));
	memcpy(&map->extent[at], new, nr_new * sizeof(*new));
	map->nr = at + nr_new + tail;
	return 0;
}

void gpmap_init(struct covirt_gpmap *map, struct covirt_extent *room, u32 max)
{
	*map = (struct covirt_gpmap) { .max = max, .extent = room };
}

void gpmap_clear(struct covirt_gpmap *map)
{
	map->nr = 0;
}

int gpmap_insert(struct covirt_gpmap *map, const struct covirt_extent *extent)
{
	struct covirt_extent merged = *extent;
	u32 at, nr_old = 0;
	int err;

	err = extent_check(extent);
	if (err)
		return err;
	at = gpmap_index(map, extent->gpa);
	if (at < map->nr && map->extent[at].gpa < extent_end(extent))
		return -EEXIST;
	if (at < map->nr && extent_continues(extent, &map->extent[at])) {
		merged.len += map->extent[at].len;
		nr_old++;
	}
	if (at > 0 && extent_continues(&map->extent[at - 1], extent)) {
		at--;
		merged.gpa = map->extent[at].gpa;
		merged.hpa = map->extent[at].hpa;
		merged.len += map->extent[at].len;
		nr_old++;
	}
	return gpmap_replace(map, at, nr_old, &merged, 1);
}

/*
 * Number of extents, from index @at on, that cover [@gpa, @end) without a gap; 0 when there is a
 * gap.
 */
static u32 gpmap_cover(const struct covirt_gpmap *map, u32 at, gpa_t gpa, gpa_t end)
{
	u32 i;

	for (i = at; i < map->nr && map->extent[i].gpa <= gpa; i++) {
		gpa = extent_end(&map->extent[i]);
		if (gpa >= end)
			return i + 1 - at;
	}
	return 0;
}

int gpmap_remove(struct covirt_gpmap *map, gpa_t gpa, u64 len)
{
	const struct covirt_extent *first, *last;
	struct covirt_extent rest[2];
	u32 at, nr_old, nr_new = 0;
	gpa_t end = gpa + len;
	int err;

	err = gpa_range_check(gpa, len);
	if (err)
		return err;
	at = gpmap_index(map, gpa);
	nr_old = gpmap_cover(map, at, gpa, end);
	if (!nr_old)
		return -ENOENT;
	first = &map->extent[at];
	last = &map->extent[at + nr_old - 1];
	if (first->gpa < gpa)
		rest[nr_new++] = extent_part(first, first->gpa, gpa);
	if (extent_end(last) > end)
		rest[nr_new++] = extent_part(last, end, extent_end(last));
	return gpmap_replace(map, at, nr_old, rest, nr_new);
}

const struct covirt_extent *gpmap_find(const struct covirt_gpmap *map, gpa_t gpa)
{
	u32 at = gpmap_index(map, gpa);

	if (at < map->nr && map->extent[at].gpa <= gpa)
		return &map->extent[at];
	return NULL;
}
