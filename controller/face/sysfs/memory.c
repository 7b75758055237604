// SPDX-License-Identifier: GPL-2.0-only
/* The memory of an enclave, and where it appears. */
#include <linux/kernel.h>
#include <linux/nodemask.h>
#include <linux/string.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/hold.h"
#include "controller/enclave/interrupts.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/hv_map.h"
#include "controller/face/sysfs/setting.h"
#include "controller/host/compat.h"
#include "controller/partition/memory_spare.h"
#include "controller/partition/size.h"

static ssize_t memory_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%llu\n", enclave->memory.blocks.size);
}

/* "SIZE" or "SIZE force". */
static int memory_parse(struct enclave *enclave, char *value, struct memory_wish *wish)
{
	char *word = strim(strsep(&value, " "));

	wish->force = value && !strcmp(skip_spaces(value), "force");
	if (size_parse(word, &wish->size) || !IS_ALIGNED(wish->size, COVIRT_SIZE_2M) ||
	    (value && !wish->force))
		return enclave_refuse(enclave, -EINVAL,
				      "memory takes a size like 512M, a multiple of 2M, and behind it force to leave Linux no reserve");
	return 0;
}

static int node_of_cpus(const struct enclave_cpus *cpus)
{
	return cpu_to_node(cpus->cpu[enclave_cpus_first(cpus)]);
}

/* Memory near the CPUs is tried first, unless a node was asked for. */
static int memory_grow(struct enclave *enclave, struct memory_wish *wish)
{
	int err;

	wish->node = enclave->node_wanted;
	if (wish->node == NUMA_NO_NODE && enclave->cpus.nr && nr_online_nodes > 1) {
		wish->node = node_of_cpus(&enclave->cpus);
		err = enclave_memory_grow(&enclave->memory, wish);
		if (err != -ENOMEM)
			return err;
		wish->node = NUMA_NO_NODE;
	}
	return enclave_memory_grow(&enclave->memory, wish);
}

/* "node 1", or "any node"; @text is of NODE_TEXT. */
#define NODE_TEXT	16

static const char *node_text(int node, char *text)
{
	if (node == NUMA_NO_NODE)
		return nr_online_nodes > 1 ? "any node" : "node 0";
	snprintf(text, NODE_TEXT, "node %d", node);
	return text;
}

static u64 reserve_of(int node)
{
	return memory_node_reserve(node == NUMA_NO_NODE ? first_online_node : node) >> 20;
}

static int memory_explain(struct enclave *enclave, const struct memory_wish *wish, int err)
{
	char node[NODE_TEXT];

	if (err == -EINTR)
		return enclave_refuse(enclave, err,
				      "a signal ended the taking of memory: all is as before");
	if (wish->kept && !wish->force)
		return enclave_refuse(enclave, err,
				      "at most %lluM can be had now of %s, since Linux keeps %lluM of each: ask for less, set memory_reserve of the class, or write the size with force behind it",
				      wish->had >> 20, node_text(wish->node, node),
				      reserve_of(wish->node));
	if (wish->kept)
		return enclave_refuse(enclave, err,
				      "Linux has not more than %lluM for it on %s: ask for less",
				      wish->had >> 20, node_text(wish->node, node));
	return enclave_refuse(enclave, err,
			      "Linux could free only %lluM for it in blocks of 2M on %s, what else is free has pages in use between: ask for less, or sooner after boot",
			      wish->had >> 20, node_text(wish->node, node));
}

/* Blocks that the enclave has are kept, as far as the new size allows. */
static int memory_resize(struct enclave *enclave, struct memory_wish *wish)
{
	int err = 0;

	if (wish->size > enclave->memory.blocks.size)
		err = memory_grow(enclave, wish);
	if (err)
		return memory_explain(enclave, wish, err);
	enclave_contents_lost(enclave);
	enclave_memory_shrink(&enclave->memory, wish->size);
	enclave_forget_run(enclave);
	return 0;
}

static int memory_set(struct enclave *enclave, char *value)
{
	struct memory_wish wish;
	int err;

	err = memory_parse(enclave, value, &wish);
	return err ?: memory_resize(enclave, &wish);
}

static SETTING(memory, 0644);

static ssize_t numa_node_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%d\n", enclave->node_wanted);
}

static int numa_node_set(struct enclave *enclave, char *value)
{
	int node;

	if (kstrtoint(value, 10, &node) || node < NUMA_NO_NODE || node >= MAX_NUMNODES ||
	    (node != NUMA_NO_NODE && !node_online(node)))
		return enclave_refuse(enclave, -EINVAL,
				      "numa_node takes the number of a node that is online, or -1 for any");
	enclave->node_wanted = node;
	return 0;
}

static SETTING(numa_node, 0644);

static ssize_t layout_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", enclave->layout->name);
}

static int layout_set(struct enclave *enclave, char *value)
{
	const struct covirt_layout *layout = layout_by_name(value);

	if (!layout)
		return enclave_refuse(enclave, -EINVAL,
				      "there is no such layout: identity keeps host addresses, packed begins at 0");
	enclave->layout = layout;
	return 0;
}

static SETTING(layout, 0644);

#define MAP_LINE	96	/* room for one */

static int map_line(char *line, const struct covirt_extent *extent)
{
	char access[PARTITION_ACCESS];

	partition_access_text(extent, access);
	return scnprintf(line, MAP_LINE, "0x%llx-0x%llx 0x%llx %s %s\n", extent->gpa,
			 extent->gpa + extent->len - 1, extent->hpa, access,
			 partition_kind_name(extent));
}

/* Bytes [pos, pos + len) of all lines. */
static ssize_t map_print(const struct covirt_gpmap *map, char *buf, loff_t pos, size_t len)
{
	char line[MAP_LINE];
	size_t done = 0;
	u32 i;

	for (i = 0; i < map->nr && done < len; i++) {
		int size = map_line(line, &map->extent[i]);

		if (pos < size) {
			size_t part = min_t(size_t, size - pos, len - done);

			memcpy(buf + done, line + pos, part);
			done += part;
		}
		pos -= min_t(loff_t, pos, size);
	}
	return done;
}

/* The map that a start would make of the memory now. */
static ssize_t map_read_locked(struct enclave *enclave, char *buf, loff_t pos, size_t len)
{
	struct covirt_gpmap map;
	ssize_t done;
	int err;

	if (!enclave->memory.blocks.nr)
		return 0;
	err = partition_map(&map, enclave->layout, &enclave->memory, enclave->on_unclaimed,
			    enclave_ioapic(enclave));
	if (err)
		return err == -ENOMEM ? err : 0;
	done = map_print(&map, buf, pos, len);
	partition_unmap(&map);
	return done;
}

/* The map has a line for each piece, so it is a binary attribute: text has room for a page only. */
static ssize_t memory_map_read(struct file *file, struct kobject *kobj,
			       compat_bin_attribute *attr, char *buf, loff_t pos, size_t len)
{
	struct enclave *enclave = to_enclave(kobj_to_dev(kobj));
	ssize_t done;

	if (mutex_lock_interruptible(&enclave->lock))
		return -ERESTARTSYS;
	done = map_read_locked(enclave, buf, pos, len);
	mutex_unlock(&enclave->lock);
	return done;
}

static compat_bin_attribute memory_map_attr =
	__BIN_ATTR(memory_map, 0400, memory_map_read, NULL, 0);

static compat_bin_attribute_list memory_bin_attrs[] = { &memory_map_attr, NULL };

static ssize_t hypervisor_map_get(struct enclave *enclave, char *buf)
{
	return hv_map_print(&enclave->space, buf);
}

static SETTING_RO(hypervisor_map, 0400);

static struct attribute *memory_attrs[] = {
	&memory_setting.attr.attr,
	&numa_node_setting.attr.attr,
	&layout_setting.attr.attr,
	&hypervisor_map_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_memory_group = {
	.attrs = memory_attrs,
	.bin_attrs = memory_bin_attrs,
};
