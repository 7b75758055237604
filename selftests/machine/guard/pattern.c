// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pattern in memory, by which later uses of it are told.
 *
 *	offline_pages	pages of System RAM that are marked PageOffline
 *	used_pages	pages of System RAM that somebody holds a reference to; unlike
 *			MemFree it does not count free pages in per-CPU lists as used
 *	paint		written: fill nearly all free memory with the pattern, and free it
 *	search		written "ADDRESS LENGTH": look there; read: how many times the
 *			pattern was found
 *	taint		written: fill all pages that are marked PageOffline with the pattern;
 *			read: how many times it stands in such pages
 *
 * The pattern is what the payload's `write=` leaves.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include "guard.h"

#define PATTERN		0x21545249564f4321ULL
#define PAINT_ORDER	9
#define PAINT_SPARED	128	/* blocks that Linux keeps to live on */

static unsigned long found;

/* RAM ends above what Linux counts, by what is reserved and by the hole below 4 GiB. */
static unsigned long last_pfn(void)
{
	return totalram_pages() + (SZ_4G >> PAGE_SHIFT);
}

static bool is_offline(struct page *page)
{
	return PageOffline(page);
}

static bool is_used(struct page *page)
{
	return page_ref_count(page);
}

/* Linux has page structures by subsections: all of one, or none. */
static unsigned long count_pages(bool (*counts)(struct page *page))
{
	unsigned long first, i, end = last_pfn(), count = 0;

	for (first = 0; first < end; first += PAGES_PER_SUBSECTION) {
		if (!pfn_valid(first))
			continue;
		for (i = 0; i < PAGES_PER_SUBSECTION; i++)
			count += counts(pfn_to_page(first + i));
	}
	return count;
}

static ssize_t offline_pages_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", count_pages(is_offline));
}

static ssize_t used_pages_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", count_pages(is_used));
}

static ssize_t paint_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t len)
{
	long blocks = (global_zone_page_state(NR_FREE_PAGES) >> PAINT_ORDER) - PAINT_SPARED;
	struct page *page, *next;
	LIST_HEAD(painted);

	while (blocks-- > 0) {
		page = alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, PAINT_ORDER);
		if (!page)
			break;
		memset64(page_address(page), PATTERN, (PAGE_SIZE << PAINT_ORDER) / sizeof(u64));
		list_add(&page->lru, &painted);
	}
	list_for_each_entry_safe(page, next, &painted, lru)
		__free_pages(page, PAINT_ORDER);
	return len;
}

static unsigned long count_in_page(unsigned long pfn)
{
	const u64 *word = page_address(pfn_to_page(pfn));
	unsigned long i, count = 0;

	for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		count += word[i] == PATTERN;
	return count;
}

static ssize_t search_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t len)
{
	unsigned long long address, length;
	unsigned long pfn;

	if (sscanf(buf, "%lli %lli", &address, &length) != 2)
		return -EINVAL;
	found = 0;
	for (pfn = address >> PAGE_SHIFT; pfn < (address + length) >> PAGE_SHIFT; pfn++)
		if (page_is_ram(pfn))
			found += count_in_page(pfn);
	return len;
}

static ssize_t search_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", found);
}

static unsigned long taint_page(struct page *page)
{
	memset64(page_address(page), PATTERN, PAGE_SIZE / sizeof(u64));
	return 0;
}

static unsigned long taint_left(struct page *page)
{
	return count_in_page(page_to_pfn(page));
}

static unsigned long each_offline(unsigned long (*visit)(struct page *page))
{
	unsigned long pfn, end = last_pfn(), sum = 0;

	for (pfn = 0; pfn < end; pfn++)
		if (pfn_valid(pfn) && is_offline(pfn_to_page(pfn)))
			sum += visit(pfn_to_page(pfn));
	return sum;
}

static ssize_t taint_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t len)
{
	each_offline(taint_page);
	return len;
}

static ssize_t taint_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", each_offline(taint_left));
}

struct kobj_attribute guard_offline_pages = __ATTR_RO(offline_pages);
struct kobj_attribute guard_used_pages = __ATTR_RO(used_pages);
struct kobj_attribute guard_paint = __ATTR_WO(paint);
struct kobj_attribute guard_search = __ATTR_RW(search);
struct kobj_attribute guard_taint = __ATTR_RW(taint);
