// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory taken from Linux: whole blocks of 2 MiB from alloc_contig_range(),
 * marked PageOffline, so that nothing in Linux reads or saves them.
 */
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/cacheflush.h>

#include "controller/compat.h"
#include "controller/enclave_memory.h"

#define CHUNK_PAGES	(COVIRT_SIZE_2M >> PAGE_SHIFT)
#define FIRST_PFN	PHYS_PFN(16UL << 20)	/* below it is the memory of old devices */

static LIST_HEAD(taken);
/* Innermost. Protects the list, and the blocks of all that is in it. */
static DEFINE_MUTEX(taken_lock);

/* What alloc_contig_range() would try in vain, or must not be asked for. */
static bool chunk_is_candidate(const struct zone *zone, unsigned long pfn)
{
	unsigned long end = pfn + CHUNK_PAGES;
	struct page *page;

	for (; pfn < end; pfn++) {
		page = pfn_to_online_page(pfn);
		if (!page || page_zone(page) != zone)
			return false;
		if (PageReserved(page) || PageOffline(page) || PageHuge(page))
			return false;
	}
	return true;
}

/* The first page at which a candidate may start again, 0 when the whole range is one. */
static unsigned long range_obstacle(const struct zone *zone, unsigned long start, unsigned long nr)
{
	unsigned long pfn;

	for (pfn = start + nr; pfn > start; pfn -= CHUNK_PAGES)
		if (!chunk_is_candidate(zone, pfn - CHUNK_PAGES))
			return pfn;
	return 0;
}

/* Blocks start where pages as large as they can hold start: the nested tables stay small. */
static unsigned long block_alignment(unsigned long nr)
{
	return min_t(unsigned long, rounddown_pow_of_two(nr), COVIRT_SIZE_1G >> PAGE_SHIFT);
}

static unsigned long zone_take(struct zone *zone, unsigned long nr)
{
	unsigned long align = block_alignment(nr);
	unsigned long end = zone_end_pfn(zone);
	unsigned long pfn, obstacle;

	pfn = ALIGN(max(zone->zone_start_pfn, FIRST_PFN), align);
	while (pfn + nr <= end) {
		obstacle = range_obstacle(zone, pfn, nr);
		if (!obstacle && !compat_alloc_contig_range(pfn, pfn + nr))
			return pfn;
		pfn = obstacle ? ALIGN(obstacle, align) : pfn + align;
		cond_resched();
	}
	return 0;
}

static unsigned long node_take(int node, unsigned long nr)
{
	unsigned long pfn;
	int i;

	for (i = MAX_NR_ZONES - 1; i >= 0; i--) {
		struct zone *zone = &NODE_DATA(node)->node_zones[i];

		pfn = populated_zone(zone) ? zone_take(zone, nr) : 0;
		if (pfn)
			return pfn;
	}
	return 0;
}

static unsigned long any_take(int wanted, unsigned long nr)
{
	unsigned long pfn;
	int node;

	if (wanted != NUMA_NO_NODE)
		return node_take(wanted, nr);
	for_each_online_node(node) {
		pfn = node_take(node, nr);
		if (pfn)
			return pfn;
	}
	return 0;
}

static void pages_mark_offline(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--)
		__SetPageOffline(pfn_to_page(pfn));
}

static void pages_clear_offline(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--)
		__ClearPageOffline(pfn_to_page(pfn));
}

static void block_insert(struct enclave_memory *memory, hpa_t base, u64 len)
{
	u32 i;

	mutex_lock(&taken_lock);
	for (i = memory->nr; i && memory->block[i - 1].base > base; i--)
		memory->block[i] = memory->block[i - 1];
	memory->block[i] = (struct covirt_block) { .base = base, .len = len };
	memory->nr++;
	memory->size += len;
	mutex_unlock(&taken_lock);
}

static int block_alloc(struct enclave_memory *memory, u64 len, int node)
{
	unsigned long nr = len >> PAGE_SHIFT;
	unsigned long pfn = any_take(node, nr);

	if (!pfn)
		return -ENOMEM;
	pages_mark_offline(pfn, nr);
	block_insert(memory, PFN_PHYS(pfn), len);
	return 0;
}

static void block_free(const struct covirt_block *block)
{
	unsigned long pfn = PHYS_PFN(block->base);
	unsigned long nr = block->len >> PAGE_SHIFT;

	pages_clear_offline(pfn, nr);
	free_contig_range(pfn, nr);
}

/* One block if Linux has it, else halves of what is still missing, down to 2 MiB. */
static int blocks_alloc(struct enclave_memory *memory, u64 size, int node)
{
	u64 len = size;

	while (memory->size < size) {
		len = min(len, size - memory->size);
		if (memory->nr == ENCLAVE_MEMORY_BLOCKS)
			return -ENOMEM;
		if (!block_alloc(memory, len, node))
			continue;
		if (len == COVIRT_SIZE_2M)
			return -ENOMEM;
		len = ALIGN(len / 2, COVIRT_SIZE_2M);
	}
	return 0;
}

/* Caches first: a co-kernel may have used other memory types than Linux does. */
static void chunk_scrub(hpa_t base)
{
	void *chunk = phys_to_virt(base);
	u64 offset;

	clflush_cache_range(chunk, COVIRT_SIZE_2M);
	for (offset = 0; offset < COVIRT_SIZE_2M; offset += PAGE_SIZE)
		clear_page(chunk + offset);
	cond_resched();
}

/**
 * enclave_memory_scrub() - clear it all
 * @memory: no CPU of the enclave runs
 *
 * Context: may sleep.
 */
void enclave_memory_scrub(struct enclave_memory *memory)
{
	u64 offset;
	u32 i;

	if (memory->clean)
		return;
	for (i = 0; i < memory->nr; i++)
		for (offset = 0; offset < memory->block[i].len; offset += COVIRT_SIZE_2M)
			chunk_scrub(memory->block[i].base + offset);
	memory->clean = true;
}

static void taken_add(struct enclave_memory *memory)
{
	mutex_lock(&taken_lock);
	list_add(&memory->node, &taken);
	mutex_unlock(&taken_lock);
}

static void blocks_free(struct enclave_memory *memory)
{
	mutex_lock(&taken_lock);
	list_del(&memory->node);
	while (memory->nr)
		block_free(&memory->block[--memory->nr]);
	memory->size = 0;
	mutex_unlock(&taken_lock);
}

/**
 * enclave_memory_alloc() - take memory from Linux, scrubbed
 * @memory: empty, with its owner set
 * @size:   bytes, multiple of 2 MiB, not 0
 * @node:   NUMA node, or NUMA_NO_NODE for any
 *
 * Context: may sleep, for seconds when Linux has to move much.
 * Return: 0 or -ENOMEM, and then nothing was taken.
 */
int enclave_memory_alloc(struct enclave_memory *memory, u64 size, int node)
{
	int err;

	/* Linux would give its last page away bit by bit before it says no. */
	if (size >> PAGE_SHIFT > si_mem_available())
		return -ENOMEM;
	taken_add(memory);
	memory->clean = false;
	err = blocks_alloc(memory, size, node);
	if (err)
		blocks_free(memory);
	else
		enclave_memory_scrub(memory);
	return err;
}

/**
 * enclave_memory_free() - scrub and return everything to Linux
 * @memory: no CPU of the enclave runs; empty afterwards
 *
 * Context: may sleep.
 */
void enclave_memory_free(struct enclave_memory *memory)
{
	if (!memory->nr)
		return;
	enclave_memory_scrub(memory);
	blocks_free(memory);
}

/**
 * enclave_memory_move() - hand memory on
 * @to:   empty; has the memory afterwards
 * @from: empty afterwards
 */
void enclave_memory_move(struct enclave_memory *to, struct enclave_memory *from)
{
	mutex_lock(&taken_lock);
	*to = *from;
	list_replace(&from->node, &to->node);
	from->nr = 0;
	from->size = 0;
	mutex_unlock(&taken_lock);
}

static bool memory_has(const struct enclave_memory *memory, hpa_t hpa)
{
	u32 i;

	for (i = 0; i < memory->nr; i++)
		if (hpa - memory->block[i].base < memory->block[i].len)
			return true;
	return false;
}

/**
 * enclave_memory_owner() - which enclave has this memory?
 * @hpa:  any host-physical address
 * @name: its name, written when there is one
 * @size: room in @name
 *
 * Return: true when an enclave has it.
 */
bool enclave_memory_owner(hpa_t hpa, char *name, size_t size)
{
	const struct enclave_memory *memory;
	bool found = false;

	mutex_lock(&taken_lock);
	list_for_each_entry(memory, &taken, node) {
		found = memory_has(memory, hpa);
		if (found) {
			strscpy(name, memory->owner, size);
			break;
		}
	}
	mutex_unlock(&taken_lock);
	return found;
}
