/* SPDX-License-Identifier: GPL-2.0-only */
/* Table pages for tests: counted, found again by address, unreadable once freed. */
#ifndef COVIRT_KUNIT_TABLE_POOL_H
#define COVIRT_KUNIT_TABLE_POOL_H

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "core/types.h"

#define PAGE		COVIRT_PAGE_SIZE
#define POOL_PAGES	4096
#define POOL_BASE	0x100000000ULL

/**
 * struct pool - where the tables under test come from
 * @test:        for complaints
 * @page:        by (hpa - POOL_BASE) / 4 KiB; NULL: not allocated
 * @edit:        the edit that allocated each page
 * @now:         number of the edit under way
 * @used:        pages allocated and not freed
 * @next:        where to look for a free one
 * @fail_in:     the fail_in-th allocation from now fails, and those after it; 0: none does
 * @model:       freed when the test ends, however it ends
 * @may_free:    a flush was reported done: tables that were in use may go
 * @on_touch:    called whenever the code under test reaches for a table
 * @touch_ctx:   handed to it
 */
struct pool {
	struct kunit *test;
	u64 *page[POOL_PAGES];
	u32 edit[POOL_PAGES];
	u32 now;
	u32 used;
	u32 next;
	u32 fail_in;
	u64 *model;
	bool may_free;
	void (*on_touch)(void *ctx);
	void *touch_ctx;
};

static inline void *pool_alloc(void *ctx, hpa_t *hpa)
{
	struct pool *pool = ctx;

	if (pool->fail_in && pool->fail_in-- == 1) {
		pool->fail_in = 1;
		return NULL;
	}
	KUNIT_ASSERT_LT(pool->test, pool->used, (u32)POOL_PAGES);
	while (pool->page[pool->next])
		pool->next = (pool->next + 1) % POOL_PAGES;
	pool->page[pool->next] = kzalloc(PAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(pool->test, pool->page[pool->next]);
	pool->edit[pool->next] = pool->now;
	pool->used++;
	*hpa = POOL_BASE + pool->next * PAGE;
	return pool->page[pool->next];
}

static inline u64 *pool_page(struct pool *pool, hpa_t hpa)
{
	u64 index = (hpa - POOL_BASE) / PAGE;

	KUNIT_ASSERT_EQ(pool->test, hpa % PAGE, 0ULL);
	KUNIT_ASSERT_LT(pool->test, index, (u64)POOL_PAGES);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(pool->test, pool->page[index]);
	return pool->page[index];
}

static inline void pool_free(void *ctx, hpa_t hpa)
{
	struct pool *pool = ctx;
	u64 index = (hpa - POOL_BASE) / PAGE;

	pool_page(pool, hpa);
	/*
	 * An edit may free tables that it has allocated itself; others may still be walked by CPUs.
	 */
	KUNIT_EXPECT_TRUE(pool->test, pool->may_free || pool->edit[index] == pool->now);
	kfree(pool->page[index]);
	pool->page[index] = NULL;
	pool->used--;
}

static inline void *pool_virt(void *ctx, hpa_t hpa)
{
	struct pool *pool = ctx;

	if (pool->on_touch)
		pool->on_touch(pool->touch_ctx);
	return pool_page(pool, hpa);
}

/* A digest of every allocated table, to see that nothing changed. */
static inline u64 pool_digest(const struct pool *pool)
{
	u64 digest = 0;
	u32 i, j;

	for (i = 0; i < POOL_PAGES; i++)
		for (j = 0; pool->page[i] && j < 512; j++)
			if (pool->page[i][j])
				digest += (pool->page[i][j] ^ (i * 512 + j)) *
					  (0x9e3779b97f4a7c15ULL + 2 * (i * 512 + j));
	return digest + pool->used;
}

static inline int pool_init(struct kunit *test)
{
	struct pool *pool = kvzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return -ENOMEM;
	pool->test = test;
	test->priv = pool;
	return 0;
}

static inline void pool_exit(struct kunit *test)
{
	struct pool *pool = test->priv;
	u32 i;

	if (!pool)
		return;
	for (i = 0; i < POOL_PAGES; i++)
		kfree(pool->page[i]);
	kvfree(pool->model);
	kvfree(pool);
}

#endif /* COVIRT_KUNIT_TABLE_POOL_H */
