/* SPDX-License-Identifier: GPL-2.0-only */
/* A few table pages, and a witness of all that happens to them. */
#ifndef COVIRT_EXHAUSTIVE_POOL_H
#define COVIRT_EXHAUSTIVE_POOL_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "selftests/exhaustive/model.h"

#define POOL_BASE	0x100000000ULL

/* A full window takes one less: with tables deferred the pool runs out. */
#define POOL_PAGES	(2 * PT_LEVELS + 1)

struct page {
	u64 entry[PT_NR_ENTRIES];
};

/**
 * struct pool - where tables come from
 * @page:     the tables
 * @shadow:   what they must contain, if every store was told
 * @used:     allocated, by page
 * @walked:   a CPU may have been here since the last flush, by page
 * @refused:  an allocation failed
 * @may_free: pages that CPUs have walked may be freed
 * @stores:   counted
 * @pt:       the tables made of it
 * @flavour:  their format
 * @before:   each page before the edit under way
 * @after:    and after it, if it is to succeed
 */
struct pool {
	struct page page[POOL_PAGES];
	struct page shadow[POOL_PAGES];
	bool used[POOL_PAGES];
	bool walked[POOL_PAGES];
	bool refused;
	bool may_free;
	u64 stores;
	struct pt pt;
	struct flavour flavour;
	struct model before;
	struct model after;
};

static struct pool pool;

/* Tells what is wrong and how one gets there; does not return. */
static void complain(const char *format, ...)
	__attribute__((__noreturn__, __format__(printf, 1, 2)));

static inline hpa_t pool_hpa(u32 index)
{
	return POOL_BASE + index * PAGE;
}

static inline u32 pool_index(hpa_t hpa)
{
	u64 index = (hpa - POOL_BASE) / PAGE;

	if (hpa % PAGE || index >= POOL_PAGES || !pool.used[index])
		complain("no table page at %#llx", hpa);
	return index;
}

static inline u64 *pool_page(struct pool *pool, hpa_t hpa)
{
	u32 index = pool_index(hpa);

	pool->walked[index] = true;
	return pool->page[index].entry;
}

static void *pool_alloc(void *ctx __maybe_unused, hpa_t *hpa)
{
	u32 i;

	for (i = 0; i < POOL_PAGES && pool.used[i]; i++)
		;
	if (i == POOL_PAGES) {
		pool.refused = true;
		return NULL;
	}
	pool.used[i] = true;
	pool.walked[i] = false;
	pool.page[i] = (struct page){};
	pool.shadow[i] = (struct page){};
	*hpa = pool_hpa(i);
	return pool.page[i].entry;
}

static void pool_free(void *ctx __maybe_unused, hpa_t hpa)
{
	u32 index = pool_index(hpa);

	if (pool.walked[index] && !pool.may_free)
		complain("a table is freed before the flush");
	pool.used[index] = false;
}

static void *pool_virt(void *ctx __maybe_unused, hpa_t hpa)
{
	return pool.page[pool_index(hpa)].entry;
}

static inline u32 pool_nr_used(void)
{
	u32 i, nr = 0;

	for (i = 0; i < POOL_PAGES; i++)
		nr += pool.used[i];
	return nr;
}

/* Translation of every address, as a CPU walks the tables now. */
static inline struct model pool_walk(void)
{
	struct model model = {};
	u32 page = 0;

	while (page < NR_PAGES) {
		struct seen seen = see(&pool, &pool.flavour, pool.pt.root, page * PAGE);
		u64 is = seen.status == SEEN_PAGE ? seen.hpa | seen.access : 0;
		u32 end;

		if (seen.status == SEEN_BROKEN)
			complain("a malformed entry on the way to page %u", page);
		end = page + (seen.size - page * PAGE % seen.size) / PAGE;
		for (; page < end; page++, is += is ? PAGE : 0)
			model.page[page] = is;
	}
	return model;
}

/* A CPU may still walk a table that was unlinked: it must find nothing there. */
static inline void pool_check_unlinked(const bool *linked)
{
	u32 i, j;

	for (i = 0; i < POOL_PAGES; i++)
		for (j = 0; j < PT_NR_ENTRIES; j++)
			if (pool.used[i] && pool.walked[i] && !linked[i] &&
			    pool.page[i].entry[j] & pool.flavour.format->present)
				complain("an unlinked table still maps something");
}

/* A CPU that walks now finds the state before the edit or the one after it. */
static inline void pool_check_walks(void)
{
	bool walked[POOL_PAGES];
	struct model now;
	u32 i;

	memcpy(walked, pool.walked, sizeof(walked));
	memset(pool.walked, 0, sizeof(walked));
	now = pool_walk();
	for (i = 0; i < NR_PAGES; i++)
		if (now.page[i] != pool.before.page[i] && now.page[i] != pool.after.page[i])
			complain("page %u is %#llx, neither what it was nor is to be: %#llx, %#llx",
				 i, now.page[i], pool.before.page[i], pool.after.page[i]);
	for (i = 0; i < POOL_PAGES; i++) {
		bool linked = pool.walked[i];

		pool.walked[i] |= walked[i];
		walked[i] = linked;
	}
	pool_check_unlinked(walked);
}

static inline void pool_check_shadow(void)
{
	if (memcmp(pool.page, pool.shadow, sizeof(pool.page)))
		complain("an entry changed behind pt_entry_set()");
}

/* Every store of the code under test. */
static void pool_store(u64 *entry, u64 new)
{
	u64 at = entry - pool.page[0].entry;

	pool_check_shadow();
	if (at >= POOL_PAGES * PT_NR_ENTRIES || !pool.used[at / PT_NR_ENTRIES])
		complain("a store outside of the tables");
	if (*entry & pool.flavour.format->present && !pool.pt.flush_owed)
		complain("a present entry changes, and no flush is owed");
	*entry = new;
	pool.shadow[at / PT_NR_ENTRIES].entry[at % PT_NR_ENTRIES] = new;
	pool.stores++;
	pool_check_walks();
}

#endif /* COVIRT_EXHAUSTIVE_POOL_H */
