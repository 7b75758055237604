// SPDX-License-Identifier: GPL-2.0-only
/* stats/: what is counted of an enclave. */
#include <linux/kernel.h>

#include "controller/border/routes.h"
#include "controller/enclave/enclave.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/face/sysfs/stats.h"

/**
 * struct counter - a number in stats/
 * @attr:   what sysfs knows of it
 * @read:   its value
 * @offset: in struct covirt_status, for those that the hypervisor counts per CPU
 */
struct counter {
	struct device_attribute attr;
	u64 (*read)(const struct enclave *enclave, size_t offset);
	size_t offset;
};

/* The hypervisor counts since the last start; the sum is over the CPUs. */
static u64 count_cpus(const struct enclave *enclave, size_t offset)
{
	u64 sum = 0;
	u32 index;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (enclave->space.cpu[index])
			sum += READ_ONCE(*(u64 *)((u8 *)hv_space_status(&enclave->space, index) +
						  offset));
	return sum;
}

static u64 count_exits(const struct enclave *enclave, size_t offset)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < COVIRT_NR_EXITS; i++)
		sum += count_cpus(enclave, offset + i * sizeof(u64));
	return sum;
}

static u64 count_console(const struct enclave *enclave, size_t offset)
{
	return READ_ONCE(*(u64 *)((u8 *)&enclave->space.shared->console + offset));
}

static u64 count_enclave(const struct enclave *enclave, size_t offset)
{
	return *(u64 *)((u8 *)enclave + offset);
}

static u64 count_routes(const struct enclave *enclave, size_t offset)
{
	return routes_count(enclave);
}

static u64 count_tables(const struct enclave *enclave, size_t offset)
{
	return enclave->partition.built ? pt_nr_tables(&enclave->partition.tables) : 0;
}

static ssize_t counter_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct counter *counter = container_of(attr, struct counter, attr);
	struct enclave *enclave = to_enclave(dev);
	u64 value;

	mutex_lock(&enclave->lock);
	value = counter->read(enclave, counter->offset);
	mutex_unlock(&enclave->lock);
	return sysfs_emit(buf, "%llu\n", value);
}

#define COUNTER(name, function, where)						\
	{ .attr = __ATTR(name, 0444, counter_show, NULL), .read = function, .offset = where }
#define COUNTER_EXIT(id, name)							\
	COUNTER(exits_##name, count_cpus,					\
		offsetof(struct covirt_status, exits[COVIRT_EXIT_##id])),
#define COUNTER_CPUS(name)							\
	COUNTER(name, count_cpus, offsetof(struct covirt_status, name)),

static struct counter counters[] = {
	COUNTER(exits, count_exits, offsetof(struct covirt_status, exits)),
	COVIRT_EXIT_REASONS(COUNTER_EXIT)
	COVIRT_COUNTERS(COUNTER_CPUS)
	COUNTER(console_bytes, count_console, offsetof(struct console_ring, bytes)),
	COUNTER(console_lost, count_console, offsetof(struct console_ring, lost)),
	COUNTER(doorbells, count_enclave, offsetof(struct enclave, space.doorbells)),
	COUNTER(starts, count_enclave, offsetof(struct enclave, starts)),
	COUNTER(faults, count_enclave, offsetof(struct enclave, faults)),
	COUNTER(nested_tables, count_tables, 0),
	COUNTER(routes, count_routes, 0),
};

/* A table: the fewest cycles of a bucket, and how many exits it counts. Empty ones are left out. */
static ssize_t cycles_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct enclave *enclave = to_enclave(dev);
	ssize_t len = 0;
	u32 bucket;

	mutex_lock(&enclave->lock);
	for (bucket = 0; bucket < CYCLES_BUCKETS; bucket++) {
		u64 count = count_cpus(enclave, offsetof(struct covirt_status, cycles[bucket]));

		if (count)
			len += sysfs_emit_at(buf, len, "%llu %llu\n", cycles_first(bucket), count);
	}
	mutex_unlock(&enclave->lock);
	return len;
}
static DEVICE_ATTR_RO(cycles);

static struct attribute *stats_attrs[ARRAY_SIZE(counters) + 2];

const struct attribute_group enclave_stats_group = { .name = "stats", .attrs = stats_attrs };

/**
 * enclave_stats_init() - complete enclave_stats_group
 *
 * To be called before an enclave is made.
 */
void enclave_stats_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		stats_attrs[i] = &counters[i].attr.attr;
	stats_attrs[i] = &dev_attr_cycles.attr;
}
