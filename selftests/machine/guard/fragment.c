// SPDX-License-Identifier: GPL-2.0-only
/*
 * fragment: written with N, leaves a page that cannot be moved in every N-th 2 MiB of what is
 * free, so that no hole is larger than N - 1 times that; written with 0, frees them.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

#include "guard.h"

#define BLOCK_ORDER	9
#define BLOCK_PAGES	BIT(BLOCK_ORDER)
#define SPARED		24	/* blocks that Linux keeps meanwhile */

static LIST_HEAD(splinters);

static void pages_free(struct list_head *pages, unsigned int order)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		__free_pages(page, order);
	}
}

static void blocks_claim(struct list_head *blocks)
{
	long nr = (global_zone_page_state(NR_FREE_PAGES) >> BLOCK_ORDER) - SPARED;
	struct page *page;

	while (nr-- > 0) {
		page = alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, BLOCK_ORDER);
		if (!page)
			break;
		list_add(&page->lru, blocks);
	}
}

/* All of it is Linux's again but the first page. */
static void block_splinter(struct page *block)
{
	unsigned long i;

	split_page(block, BLOCK_ORDER);
	for (i = 1; i < BLOCK_PAGES; i++)
		__free_page(block + i);
	list_add(&block->lru, &splinters);
}

static void fragment(unsigned long every)
{
	struct page *page, *next;
	LIST_HEAD(blocks);

	blocks_claim(&blocks);
	list_for_each_entry_safe(page, next, &blocks, lru) {
		if ((page_to_pfn(page) >> BLOCK_ORDER) % every)
			continue;
		list_del(&page->lru);
		block_splinter(page);
	}
	pages_free(&blocks, BLOCK_ORDER);
}

/* fragment_exit() - free what is still held */
void fragment_exit(void)
{
	pages_free(&splinters, 0);
}

static ssize_t fragment_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			      size_t len)
{
	unsigned long every;

	if (kstrtoul(buf, 0, &every))
		return -EINVAL;
	pages_free(&splinters, 0);
	if (every)
		fragment(every);
	return len;
}

struct kobj_attribute guard_fragment = __ATTR_WO(fragment);
