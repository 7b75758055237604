// SPDX-License-Identifier: GPL-2.0-only
#include "core/unclaimed.h"

/**
 * unclaimed_init() - begin a list: everything is nobody's
 * @unclaimed: the list
 * @first:     first address
 * @end:       the one behind the last
 */
void unclaimed_init(struct unclaimed *unclaimed, u64 first, u64 end)
{
	unclaimed->nr = 1;
	unclaimed->range[0].first = first;
	unclaimed->range[0].end = end;
}

static void range_remove(struct unclaimed *unclaimed, u32 i)
{
	unclaimed->nr--;
	memmove(&unclaimed->range[i], &unclaimed->range[i + 1],
		(unclaimed->nr - i) * sizeof(unclaimed->range[0]));
}

static u64 range_len(const struct unclaimed *unclaimed, u32 i)
{
	return unclaimed->range[i].end - unclaimed->range[i].first;
}

static u32 smallest(const struct unclaimed *unclaimed)
{
	u32 found = 0, i;

	for (i = 1; i < unclaimed->nr; i++)
		if (range_len(unclaimed, i) < range_len(unclaimed, found))
			found = i;
	return found;
}

/* Entry @i ends at @first; another one goes on from @end. There is room for it. */
static void range_split(struct unclaimed *unclaimed, u32 i, u64 first, u64 end)
{
	memmove(&unclaimed->range[i + 1], &unclaimed->range[i],
		(unclaimed->nr - i) * sizeof(unclaimed->range[0]));
	unclaimed->nr++;
	unclaimed->range[i].end = first;
	unclaimed->range[i + 1].first = end;
}

/* Cuts the claimed part out of entry @i; true when the entry keeps its place. */
static bool range_claim(struct unclaimed *unclaimed, u32 i, u64 first, u64 end)
{
	bool below = unclaimed->range[i].first < first, above = unclaimed->range[i].end > end;

	if (below && above)
		range_split(unclaimed, i, first, end);
	else if (below)
		unclaimed->range[i].end = min(unclaimed->range[i].end, first);
	else if (above)
		unclaimed->range[i].first = max(unclaimed->range[i].first, end);
	else
		range_remove(unclaimed, i);
	return below || above;
}

/**
 * unclaimed_claim() - somebody has these addresses
 * @unclaimed: the list
 * @first:     first address
 * @end:       the one behind the last; less than @first for all that are left
 *
 * A list that is full forgets its smallest range: somebody has that, as far as is known.
 */
void unclaimed_claim(struct unclaimed *unclaimed, u64 first, u64 end)
{
	u32 i = 0;

	if (end < first)
		end = ~0ULL;
	if (unclaimed->nr == COVIRT_UNCLAIMED_RANGES)
		range_remove(unclaimed, smallest(unclaimed));
	while (first < end && i < unclaimed->nr)
		i += range_claim(unclaimed, i, first, end);
}

/**
 * unclaimed_has() - are these bytes nobody's?
 * @unclaimed: the list
 * @address:   any
 * @len:       bytes from there on, not 0
 *
 * Return: false for what somebody has, or may have.
 */
bool unclaimed_has(const struct unclaimed *unclaimed, u64 address, u64 len)
{
	u32 i;

	for (i = 0; i < unclaimed->nr && i < COVIRT_UNCLAIMED_RANGES; i++)
		if (address >= unclaimed->range[i].first && address < unclaimed->range[i].end)
			return len <= unclaimed->range[i].end - address;
	return false;
}

/**
 * unclaimed_note() - remember an access, if it is the first of its page
 * @pages:  what this CPU has met
 * @access: the access
 *
 * Return: true when it was remembered; pages beyond COVIRT_UNCLAIMED_PAGES are not.
 */
bool unclaimed_note(struct unclaimed_pages *pages, const struct unclaimed_page *access)
{
	u32 i, nr = pages->nr;

	for (i = 0; i < nr && i < COVIRT_UNCLAIMED_PAGES; i++)
		if (pages->page[i].gpa >> COVIRT_PAGE_SHIFT == access->gpa >> COVIRT_PAGE_SHIFT)
			return false;
	if (nr >= COVIRT_UNCLAIMED_PAGES)
		return false;
	pages->page[nr] = *access;
	__atomic_store_n(&pages->nr, nr + 1, __ATOMIC_RELEASE);
	return true;
}
