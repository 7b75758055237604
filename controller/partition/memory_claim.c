// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding memory that Linux can free: ranges of aligned addresses, in sizes from what is missing,
 * 1 GiB at most, down to 2 MiB. Of each size every range is tried once, and what was had of it
 * is kept, so that it costs no more the more pieces there are.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "controller/host/compat.h"
#include "controller/partition/memory_spare.h"
#include "controller/partition/memory_claim.h"

#define CHUNK_PAGES	(COVIRT_SIZE_2M >> PAGE_SHIFT)
#define RANGE_PAGES	(COVIRT_SIZE_1G >> PAGE_SHIFT)
/* Asked of Linux at once: it hears no signal meanwhile but SIGKILL. */
#define STEP_PAGES	((64UL << 20) >> PAGE_SHIFT)
#define FIRST_PFN	PHYS_PFN(16UL << 20)	/* below it is the memory of old devices */

/**
 * struct memory_claim - memory that is being claimed
 * @memory: what was had
 * @size:   bytes that it shall have
 * @force:  see struct memory_wish
 */
struct memory_claim {
	struct enclave_memory *memory;
	u64 size;
	bool force;
};

static unsigned long missing(const struct memory_claim *claim)
{
	return (claim->size - claim->memory->blocks.size) >> PAGE_SHIFT;
}

/*
 * Chunks that alloc_contig_range() would try in vain, or must not be asked for, are no candidates.
 */
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

/* Two enclaves that ask at once must not both get what Linux can spare only once. */
static DEFINE_MUTEX(spare_lock);

static int step_isolate(const struct memory_claim *claim, int node, unsigned long pfn,
			unsigned long nr)
{
	int err = -ENOMEM;

	mutex_lock(&spare_lock);
	if (memory_can_give(node, (u64)nr << PAGE_SHIFT, claim->force))
		err = compat_alloc_contig_range(pfn, pfn + nr) ? -EBUSY : 0;
	mutex_unlock(&spare_lock);
	return err;
}

static int step_claim(struct memory_claim *claim, const struct zone *zone, unsigned long pfn,
		      unsigned long nr)
{
	int err;

	if (signal_pending(current))
		return -EINTR;
	err = step_isolate(claim, zone_to_nid((struct zone *)zone), pfn, nr);
	if (err)
		return err;
	err = enclave_memory_add(claim->memory, pfn, nr);
	if (err)
		free_contig_range(pfn, nr);
	return err;
}

/* Claims as much of a range as Linux can free, from its start on. */
static int range_claim(struct memory_claim *claim, const struct zone *zone, unsigned long pfn,
		       unsigned long nr)
{
	unsigned long done, step;
	int err = 0;

	for (done = 0; done < nr && !err; done += step) {
		step = min(nr - done, STEP_PAGES);
		err = step_claim(claim, zone, pfn + done, step);
	}
	return err;
}

/*
 * Ranges of @nr pages, or fewer where fewer are missing.
 * Return: 0, -EINTR, or what keeps more from being had.
 */
static int zone_claim(struct memory_claim *claim, const struct zone *zone, unsigned long nr)
{
	unsigned long end = zone_end_pfn(zone);
	unsigned long pfn = ALIGN(max(zone->zone_start_pfn, FIRST_PFN), nr);
	unsigned long obstacle;
	int err;

	while (missing(claim) && pfn + nr <= end) {
		nr = min(nr, rounddown_pow_of_two(missing(claim)));
		obstacle = range_obstacle(zone, pfn, nr);
		err = obstacle ? 0 : range_claim(claim, zone, pfn, nr);
		if (err && err != -EBUSY)
			return err;
		pfn = obstacle ? ALIGN(obstacle, nr) : pfn + nr;
		cond_resched();
		if (signal_pending(current))
			return -EINTR;
	}
	return 0;
}

/* Zones are tried from the highest down: the lower ones have what devices need. */
static int node_claim(struct memory_claim *claim, int node, unsigned long nr)
{
	int i, err = 0;

	for (i = MAX_NR_ZONES - 1; i >= 0 && missing(claim) && err != -EINTR; i--) {
		const struct zone *zone = &NODE_DATA(node)->node_zones[i];

		if (populated_zone((struct zone *)zone))
			err = zone_claim(claim, zone, nr);
	}
	return err == -EINTR ? err : 0;
}

static int nodes_claim(struct memory_claim *claim, int wanted, unsigned long nr)
{
	int node, err = 0;

	if (wanted != NUMA_NO_NODE)
		return node_claim(claim, wanted, nr);
	for_each_online_node(node) {
		err = node_claim(claim, node, nr);
		if (err)
			break;
	}
	return err;
}

/**
 * memory_claim() - claim memory from Linux as it is
 * @memory: has it afterwards, as much as could be had
 * @wish:   how much, and where; its last two members are not looked at
 *
 * Context: may sleep, for seconds when Linux has to move much.
 * Return: 0 when all is there; -ENOMEM; -EINTR after a signal.
 */
int memory_claim(struct enclave_memory *memory, const struct memory_wish *wish)
{
	struct memory_claim claim = { .memory = memory, .size = wish->size, .force = wish->force };
	unsigned long nr = min(rounddown_pow_of_two(missing(&claim)), RANGE_PAGES);
	int err = 0;

	might_sleep();
	for (; missing(&claim) && nr >= CHUNK_PAGES && !err; nr /= 2)
		err = nodes_claim(&claim, wish->node, nr);
	if (err)
		return err;
	return missing(&claim) ? -ENOMEM : 0;
}
