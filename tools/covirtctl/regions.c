// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regions.h"

#define BLOCK	(UINT64_C(2) << 20)	/* what memory is taken from Linux by */

/**
 * regions_add() - append a region
 * @regions: the list
 * @first:   its first byte
 * @last:    its last byte; nothing is added when that is before the first
 * @owner:   whose it is
 */
void regions_add(struct regions *regions, uint64_t first, uint64_t last, int owner)
{
	struct region *more;

	if (last < first)
		return;
	more = realloc(regions->region, (regions->nr + 1) * sizeof(*more));
	if (!more)
		abort();
	more[regions->nr++] = (struct region){ first, last, owner };
	regions->region = more;
}

/**
 * regions_free() - forget a list
 * @regions: the list
 */
void regions_free(struct regions *regions)
{
	free(regions->region);
	*regions = (struct regions){ 0 };
}

static int region_compare(const void *a, const void *b)
{
	const struct region *one = a, *other = b;

	return one->first < other->first ? -1 : one->first > other->first;
}

static bool joins(const struct region *region, const struct region *next)
{
	return region->owner == next->owner &&
	       (next->first <= region->last || next->first == region->last + 1);
}

/**
 * regions_sort() - by address; what touches or overlaps and has one owner becomes one
 * @regions: the list
 *
 * An enclave's low memory is part of its memory, so that it is named twice.
 */
void regions_sort(struct regions *regions)
{
	struct region *region = regions->region;
	size_t i, kept = 0;

	if (!regions->nr)
		return;
	qsort(region, regions->nr, sizeof(*region), region_compare);
	for (i = 1; i < regions->nr; i++) {
		if (!joins(&region[kept], &region[i]))
			region[++kept] = region[i];
		else if (region[i].last > region[kept].last)
			region[kept].last = region[i].last;
	}
	regions->nr = kept + 1;
}

/**
 * regions_fill() - what of the RAM nobody has is Linux's
 * @regions: sorted; sorted again afterwards
 * @ram:     all of the RAM
 */
void regions_fill(struct regions *regions, const struct regions *ram)
{
	size_t i, j, taken = regions->nr;

	for (i = 0; i < ram->nr; i++) {
		uint64_t first = ram->region[i].first, last = ram->region[i].last;

		for (j = 0; j < taken && first <= last; j++) {
			const struct region region = regions->region[j];

			if (region.last < first || region.first > last)
				continue;
			if (region.first > first)
				regions_add(regions, first, region.first - 1, OWNER_LINUX);
			if (region.last >= last) {
				first = 1;
				last = 0;
				break;
			}
			first = region.last + 1;
		}
		regions_add(regions, first, last, OWNER_LINUX);
	}
	regions_sort(regions);
}

/**
 * iomem_parse() - read a line of /proc/iomem
 * @line:  the line
 * @first: written
 * @last:  written
 *
 * Return: true for RAM, except where addresses are hidden from the user: they read 0.
 */
bool iomem_parse(const char *line, uint64_t *first, uint64_t *last)
{
	char what[16] = "";

	return *line != ' ' &&
	       sscanf(line, "%" SCNx64 "-%" SCNx64 " : %15[^\n]", first, last, what) == 3 &&
	       !strcmp(what, "System RAM") && *last > *first;
}

/**
 * hypervisor_memory_parse() - read a line of hypervisor_memory
 * @line:  the line
 * @first: written
 * @last:  written
 *
 * Return: true when it is one.
 */
bool hypervisor_memory_parse(const char *line, uint64_t *first, uint64_t *last)
{
	return sscanf(line, "%" SCNx64 "-%" SCNx64, first, last) == 2 && *last >= *first;
}

/**
 * memory_map_parse() - read a line of an enclave's memory_map
 * @line:  the line
 * @first: written: host-physical
 * @last:  written: host-physical
 *
 * What a map leaves out of a block is the enclave's all the same: blocks are named whole.
 *
 * Return: true for RAM; the blank page belongs to the hypervisor.
 */
bool memory_map_parse(const char *line, uint64_t *first, uint64_t *last)
{
	uint64_t gpa, gpa_last, hpa;
	char access[4], kind[8];

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %" SCNx64 " %3s %7s", &gpa, &gpa_last, &hpa,
		   access, kind) != 5)
		return false;
	if (strcmp(kind, "ram") || gpa_last < gpa || gpa_last - gpa > UINT64_MAX - hpa)
		return false;
	*first = hpa & ~(BLOCK - 1);
	*last = (hpa + (gpa_last - gpa)) | (BLOCK - 1);
	return true;
}
