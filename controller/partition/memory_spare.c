// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that Linux can spare. The amount that it could free is an estimate, and the needs of its
 * programs are unknown: so a reserve of each node stays its own.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/vmstat.h>

#include "controller/partition/memory_spare.h"
#include "controller/partition/size.h"
#include "core/types.h"

#define RESERVE_PERCENT	5
#define RESERVE_MIN	(256ULL << 20)
#define RESERVE_AUTO	U64_MAX

/* Linux goes on while one asks, and while memory is claimed: what was promised is kept. */
#define SLACK		(8ULL << 20)

/* Bytes of each node, or RESERVE_AUTO. */
static u64 reserve = RESERVE_AUTO;

static u64 node_managed(int node)
{
	u64 pages = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		pages += zone_managed_pages(&NODE_DATA(node)->node_zones[i]);
	return pages << PAGE_SHIFT;
}

/**
 * memory_node_reserve() - what stays Linux's
 * @node: online
 *
 * Return: bytes.
 */
u64 memory_node_reserve(int node)
{
	u64 bytes = READ_ONCE(reserve);

	if (bytes != RESERVE_AUTO)
		return bytes;
	return max(RESERVE_MIN, node_managed(node) / 100 * RESERVE_PERCENT);
}

/**
 * memory_reserve_set() - how much of each node stays Linux's
 * @value: a size, or "auto"; is changed
 *
 * Return: 0 or -EINVAL.
 */
int memory_reserve_set(char *value)
{
	u64 bytes = RESERVE_AUTO;

	if (strcmp(value, "auto") && size_parse(value, &bytes))
		return -EINVAL;
	WRITE_ONCE(reserve, bytes);
	return 0;
}

/**
 * memory_reserve_print() - it, as it was set
 * @buf: a page
 *
 * Return: bytes in @buf.
 */
ssize_t memory_reserve_print(char *buf)
{
	u64 bytes = READ_ONCE(reserve);

	return bytes == RESERVE_AUTO ? sysfs_emit(buf, "auto\n") :
				       sysfs_emit(buf, "%llu\n", bytes);
}

static u64 node_pages(int node, enum node_stat_item item)
{
	return max(atomic_long_read(&NODE_DATA(node)->vm_stat[item]), 0L);
}

/* The part of what could be freed that Linux's own estimate counts, see si_mem_available(). */
static u64 freeable(u64 pages, u64 watermark)
{
	return pages - min(pages / 2, watermark);
}

/* The same for a node as MemAvailable in /proc/meminfo for all. */
static u64 node_available(int node)
{
	const struct pglist_data *data = NODE_DATA(node);
	u64 pages = 0, watermark = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		const struct zone *zone = &data->node_zones[i];

		pages += zone_page_state((struct zone *)zone, NR_FREE_PAGES);
		watermark += low_wmark_pages(zone);
	}
	pages += freeable(node_pages(node, NR_ACTIVE_FILE) + node_pages(node, NR_INACTIVE_FILE),
			  watermark);
	pages += freeable(node_pages(node, NR_SLAB_RECLAIMABLE_B) +
			  node_pages(node, NR_KERNEL_MISC_RECLAIMABLE), watermark);
	pages -= min_t(u64, pages, data->totalreserve_pages);
	return pages << PAGE_SHIFT;
}

static u64 beside(u64 bytes, u64 kept)
{
	return bytes - min(bytes, kept);
}

static u64 node_spare(int node, bool force, u64 slack)
{
	u64 kept = force ? 0 : beside(memory_node_reserve(node), slack);

	return ALIGN_DOWN(beside(node_available(node), kept), COVIRT_SIZE_2M);
}

static u64 nodes_spare(int node, bool force, u64 slack)
{
	u64 bytes = 0;
	int each;

	if (node != NUMA_NO_NODE)
		return node_spare(node, force, slack);
	for_each_online_node(each)
		bytes += node_spare(each, force, slack);
	return bytes;
}

/**
 * memory_spare() - what may be claimed
 * @node:  of which node, online, or NUMA_NO_NODE: of all
 * @force: the reserve as well
 *
 * Return: bytes, a multiple of 2 MiB.
 */
u64 memory_spare(int node, bool force)
{
	return nodes_spare(node, force, 0);
}

/**
 * memory_can_give() - may so much be claimed now?
 * @node:  as above
 * @len:   bytes
 * @force: of the reserve as well
 *
 * Return: true, also for a little more than memory_spare() says.
 */
bool memory_can_give(int node, u64 len, bool force)
{
	return len <= nodes_spare(node, force, SLACK);
}

/**
 * memory_spare_print() - what may be claimed, node by node
 * @buf: a page
 *
 * Return: bytes in @buf.
 */
ssize_t memory_spare_print(char *buf)
{
	ssize_t len = 0;
	int node;

	for_each_online_node(node)
		len += sysfs_emit_at(buf, len, "%d %llu\n", node, memory_spare(node, false));
	return len;
}
