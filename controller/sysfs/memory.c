// SPDX-License-Identifier: GPL-2.0-only
/* The memory of an enclave, and where it appears. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/hv_map.h"
#include "controller/sysfs/setting.h"

static ssize_t memory_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%llu\n", enclave->memory.size);
}

/* As memparse(), but nothing overflows and nothing is left over. Cuts the suffix off. */
static int size_parse(char *value, u64 *size)
{
	static const char suffixes[] = "KMGT";
	size_t len = strlen(value);
	const char *suffix = len ? strchr(suffixes, toupper(value[len - 1])) : NULL;
	u32 shift = suffix ? 10 * (suffix - suffixes + 1) : 0;

	if (suffix)
		value[len - 1] = '\0';
	if (kstrtoull(value, 0, size) || *size > U64_MAX >> shift)
		return -EINVAL;
	*size <<= shift;
	return 0;
}

static int memory_parse(struct enclave *enclave, char *value, u64 *size)
{
	if (size_parse(value, size) || !IS_ALIGNED(*size, COVIRT_SIZE_2M))
		return enclave_refuse(enclave, -EINVAL,
				      "memory takes a size like 512M, a multiple of 2M");
	return 0;
}

/* Where nothing else is wanted, memory near the CPU is tried first. */
static int memory_take(struct enclave *enclave, struct enclave_memory *memory, u64 size)
{
	int node = enclave->node_wanted;

	if (node == NUMA_NO_NODE && enclave->cpus.nr) {
		node = cpu_to_node(enclave->cpus.slot[enclave_cpus_first_slot(&enclave->cpus)]);
		if (!enclave_memory_alloc(memory, size, node))
			return 0;
		node = NUMA_NO_NODE;
	}
	return enclave_memory_alloc(memory, size, node);
}

/* The new memory is taken before the old one goes: a failure changes nothing. */
static int memory_replace(struct enclave *enclave, u64 size)
{
	struct enclave_memory *memory = kzalloc(sizeof(*memory), GFP_KERNEL);
	int err;

	if (!memory)
		return -ENOMEM;
	memory->owner = enclave_name(enclave);
	err = memory_take(enclave, memory, size);
	if (!err) {
		enclave_give_back(enclave);
		enclave_memory_move(&enclave->memory, memory);
	}
	kfree(memory);
	if (err)
		return enclave_refuse(enclave, err,
				      "Linux cannot free %llu MiB in blocks of 2 MiB: ask for less, write 0 first to give back what the enclave has, or load covirt sooner after boot",
				      size >> 20);
	return 0;
}

static int memory_set(struct enclave *enclave, char *value)
{
	u64 size;
	int err;

	err = memory_parse(enclave, value, &size);
	if (err)
		return err;
	if (size)
		err = memory_replace(enclave, size);
	else
		enclave_give_back(enclave);
	if (!err)
		enclave_forget_run(enclave);
	return err;
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

static ssize_t map_print(const struct covirt_gpmap *map, char *buf)
{
	const struct covirt_extent *extent;
	char access[PARTITION_ACCESS];
	ssize_t len = 0;

	for (extent = map->extent; extent < map->extent + map->nr; extent++) {
		partition_access_text(extent, access);
		len += sysfs_emit_at(buf, len, "0x%llx-0x%llx 0x%llx %s %s\n", extent->gpa,
				     extent->gpa + extent->len - 1, extent->hpa, access,
				     partition_kind_name(extent));
	}
	return len;
}

/* What a start would make of the memory now; at most ENCLAVE_MEMORY_BLOCKS + 4 lines. */
static ssize_t memory_map_get(struct enclave *enclave, char *buf)
{
	struct covirt_gpmap *map;
	ssize_t len = 0;

	if (!enclave->memory.nr)
		return 0;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	if (!partition_map(map, enclave->layout, &enclave->memory))
		len = map_print(map, buf);
	kfree(map);
	return len;
}

static SETTING_RO(memory_map, 0400);

static ssize_t hypervisor_map_get(struct enclave *enclave, char *buf)
{
	return hv_map_print(&enclave->space, buf);
}

static SETTING_RO(hypervisor_map, 0400);

static struct attribute *memory_attrs[] = {
	&memory_setting.attr.attr,
	&numa_node_setting.attr.attr,
	&layout_setting.attr.attr,
	&memory_map_setting.attr.attr,
	&hypervisor_map_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_memory_group = { .attrs = memory_attrs };
