// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM runs: extents that continue each other in guest-physical addresses are
 * one run to the co-kernel, wherever they lie in the host.
 */
#include "guest_ram.h"

static bool extent_is_ram(const struct covirt_extent *extent)
{
	return extent->kind == COVIRT_KIND_RAM;
}

/**
 * guest_ram_next() - walk over the RAM runs in ascending order
 * @map:    the map
 * @cursor: 0 before the first call; owned by the walk
 * @run:    receives the run
 *
 * Return: false when there is no further run.
 */
bool guest_ram_next(const struct covirt_gpmap *map, u32 *cursor, struct gpa_range *run)
{
	const struct covirt_extent *extent = map->extent;
	u32 i = *cursor;

	while (i < map->nr && !extent_is_ram(&extent[i]))
		i++;
	if (i >= map->nr)
		return false;

	run->gpa = extent[i].gpa;
	run->len = 0;
	while (i < map->nr && extent_is_ram(&extent[i]) && extent[i].gpa == run->gpa + run->len)
		run->len += extent[i++].len;
	*cursor = i;
	return true;
}

/**
 * guest_ram_covers() - is a range all RAM?
 * @map: the map
 * @gpa: first address
 * @len: bytes
 *
 * Return: true if one run holds it all.
 */
bool guest_ram_covers(const struct covirt_gpmap *map, gpa_t gpa, u64 len)
{
	struct gpa_range run;
	u32 cursor = 0;

	while (guest_ram_next(map, &cursor, &run))
		if (gpa >= run.gpa && gpa - run.gpa <= run.len && len <= run.len - (gpa - run.gpa))
			return true;
	return false;
}

/* The part of [gpa, end) that a wish allows and that lies below or above what it avoids. */
static bool ram_fits(const struct ram_wish *wish, gpa_t *gpa, gpa_t end, bool high)
{
	u64 start = max(*gpa, wish->min);

	end = min(end, wish->end);
	if (start > ~0ULL - wish->align)
		return false;
	start = ALIGN(start, wish->align);
	if (start >= end || end - start < wish->len)
		return false;
	*gpa = high ? ALIGN_DOWN(end - wish->len, wish->align) : start;
	return true;
}

/* Split a run at the range to avoid, then try its two sides, the wanted one first. */
static bool run_fits(const struct ram_wish *wish, struct gpa_range run, bool high, gpa_t *gpa)
{
	gpa_t end = run.gpa + run.len;
	gpa_t low_end = end;
	gpa_t high_start = end;

	if (wish->avoid.len && wish->avoid.gpa < end &&
	    run.gpa < wish->avoid.gpa + wish->avoid.len) {
		low_end = wish->avoid.gpa;
		high_start = wish->avoid.gpa + wish->avoid.len;
	}

	*gpa = high ? high_start : run.gpa;
	if (ram_fits(wish, gpa, high ? end : low_end, high))
		return true;
	*gpa = high ? run.gpa : high_start;
	return ram_fits(wish, gpa, high ? low_end : end, high);
}

/**
 * guest_ram_lowest() - find the lowest place that a wish allows
 * @map:  the map
 * @wish: the wish
 * @gpa:  receives the place; undefined on failure
 *
 * Return: false if there is none.
 */
bool guest_ram_lowest(const struct covirt_gpmap *map, const struct ram_wish *wish, gpa_t *gpa)
{
	struct gpa_range run;
	u32 cursor = 0;

	while (guest_ram_next(map, &cursor, &run))
		if (run_fits(wish, run, false, gpa))
			return true;
	return false;
}

/**
 * guest_ram_highest() - find the highest place that a wish allows
 * @map:  the map
 * @wish: the wish
 * @gpa:  receives the place; undefined on failure
 *
 * Return: false if there is none.
 */
bool guest_ram_highest(const struct covirt_gpmap *map, const struct ram_wish *wish, gpa_t *gpa)
{
	struct gpa_range run;
	bool found = false;
	u32 cursor = 0;
	gpa_t place;

	while (guest_ram_next(map, &cursor, &run)) {
		if (!run_fits(wish, run, true, &place))
			continue;
		*gpa = place;
		found = true;
	}
	return found;
}

/**
 * guest_ram_write() - copy bytes into the co-kernel's memory
 * @loading: the loading
 * @gpa:     where to; may cross from one extent of a run to the next
 * @from:    the bytes
 * @len:     how many
 *
 * Return: 0; -EFAULT if the caller's mem() does not give what its map says.
 */
int guest_ram_write(struct loading *loading, gpa_t gpa, const void *from, u64 len)
{
	const struct loader_request *request = loading->request;
	const struct covirt_extent *extent;
	const u8 *bytes = from;
	u64 part;
	void *to;

	for (; len; len -= part, gpa += part, bytes += part) {
		extent = gpmap_find(request->map, gpa);
		if (!extent || !extent_is_ram(extent))
			return loading_fail(loading, -EFAULT, "image reaches outside of RAM");
		part = min(len, extent->gpa + extent->len - gpa);
		to = request->mem(request->ctx, gpa, part);
		if (!to)
			return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
		memcpy(to, bytes, part);
	}
	return 0;
}

/**
 * guest_ram_place_initrd() - find room for the initrd, as high as possible
 * @loading: the loading; receives the place in loading::initrd
 * @end:     first address that it must not reach
 * @kernel:  the kernel's own range
 *
 * Nothing is written yet: guest_ram_write_initrd() does that.
 *
 * Return: 0 or a negative errno.
 */
int guest_ram_place_initrd(struct loading *loading, gpa_t end, struct gpa_range kernel)
{
	const struct loader_request *request = loading->request;
	const struct ram_wish wish = {
		.len = request->initrd_len,
		.align = COVIRT_PAGE_SIZE,
		.min = HIGH_START,
		.end = end,
		.avoid = kernel,
	};
	gpa_t gpa;

	if (!wish.len)
		return 0;
	if (!guest_ram_highest(request->map, &wish, &gpa))
		return loading_fail(loading, -EINVAL,
				    "no room for the initrd: give the enclave more memory");
	loading->initrd = (struct gpa_range){ gpa, wish.len };
	return 0;
}

/**
 * guest_ram_write_initrd() - write the initrd
 * @loading: the loading, with the initrd placed, or none
 *
 * Return: 0; -EFAULT if memory is not accessible.
 */
int guest_ram_write_initrd(struct loading *loading)
{
	return guest_ram_write(loading, loading->initrd.gpa, loading->request->initrd,
			       loading->initrd.len);
}
