// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/covirt: the class, and the attributes of an enclave as one table. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "controller/compat.h"
#include "controller/enclave.h"
#include "controller/hv_map.h"
#include "controller/hv_pages.h"
#include "controller/loader/loader.h"
#include "controller/routes.h"

/**
 * struct setting - an attribute of an enclave
 * @attr:   what sysfs knows of it
 * @get:    prints the value; called with the enclave locked
 * @set:    takes a value without surrounding white space; called with the enclave locked
 * @always: may be written while the enclave runs
 */
struct setting {
	struct device_attribute attr;
	ssize_t (*get)(struct enclave *enclave, char *buf);
	int (*set)(struct enclave *enclave, char *value);
	bool always;
};

static ssize_t setting_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct setting *setting = container_of(attr, struct setting, attr);
	struct enclave *enclave = to_enclave(dev);
	ssize_t len;

	/* Taking memory can hold the lock for seconds. */
	if (mutex_lock_interruptible(&enclave->lock))
		return -ERESTARTSYS;
	enclave_check_ended(enclave);
	len = setting->get(enclave, buf);
	mutex_unlock(&enclave->lock);
	return len;
}

static int setting_set(struct enclave *enclave, const struct setting *setting, char *value)
{
	if (enclave->dead)
		return -ENODEV;
	enclave_check_ended(enclave);
	if (enclave_is_busy(enclave) && !setting->always)
		return enclave_refuse(enclave, -EBUSY,
				      "%s cannot change while it runs: write stop to state first",
				      setting->attr.attr.name);
	return setting->set(enclave, value);
}

static ssize_t setting_store(struct device *dev, struct device_attribute *attr, const char *buf,
			     size_t len)
{
	const struct setting *setting = container_of(attr, struct setting, attr);
	struct enclave *enclave = to_enclave(dev);
	char *value;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	value = kstrndup(buf, len, GFP_KERNEL);
	if (!value)
		return -ENOMEM;
	mutex_lock(&enclave->lock);
	err = setting_set(enclave, setting, strim(value));
	mutex_unlock(&enclave->lock);
	kfree(value);
	return err ?: len;
}

/* --- life cycle --- */

static ssize_t state_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", enclave_state(enclave));
}

static int state_set(struct enclave *enclave, char *value)
{
	if (!strcmp(value, "start"))
		return enclave_start(enclave);
	if (!strcmp(value, "stop"))
		return enclave_stop(enclave);
	return enclave_refuse(enclave, -EINVAL, "state takes start or stop");
}

static ssize_t fault_get(struct enclave *enclave, char *buf)
{
	return fault_report_show(&enclave->fault, buf);
}

/* --- CPUs and memory --- */

static ssize_t mask_print(struct enclave *enclave,
			  void (*fill)(const struct enclave *enclave, struct cpumask *mask),
			  char *buf)
{
	struct cpumask *mask = kmalloc(sizeof(*mask), GFP_KERNEL);
	ssize_t len;

	if (!mask)
		return -ENOMEM;
	fill(enclave, mask);
	len = sysfs_emit(buf, "%*pbl\n", cpumask_pr_args(mask));
	kfree(mask);
	return len;
}

static void cpus_fill(const struct enclave *enclave, struct cpumask *mask)
{
	enclave_cpus_mask(&enclave->cpus, mask);
}

static ssize_t cpus_get(struct enclave *enclave, char *buf)
{
	return mask_print(enclave, cpus_fill, buf);
}

/* With other CPUs or other memory, how the last run ended says nothing any more. */
static void forget_run(struct enclave *enclave)
{
	enclave_state_set(enclave, ENCLAVE_NEW);
}

static int cpus_set(struct enclave *enclave, char *value)
{
	struct cpumask *mask = kzalloc(sizeof(*mask), GFP_KERNEL);
	int err;

	if (!mask)
		return -ENOMEM;
	err = cpulist_parse(value, mask);
	if (err)
		err = enclave_refuse(enclave, -EINVAL,
				     "cpus takes a list of CPU numbers like 2-3,5 (below %u)",
				     nr_cpu_ids);
	else
		err = enclave_cpus_set(enclave, mask);
	kfree(mask);
	if (!err)
		forget_run(enclave);
	return err;
}

static ssize_t cpus_max_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%u\n", enclave->cpus_max);
}

static int cpus_max_set(struct enclave *enclave, char *value)
{
	u32 number;

	if (kstrtou32(value, 10, &number) || number > COVIRT_MAX_CPUS)
		return enclave_refuse(enclave, -EINVAL,
				      "cpus_max takes a number of CPUs up to %d, or 0 for those in cpus",
				      COVIRT_MAX_CPUS);
	enclave->cpus_max = number;
	return 0;
}

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
		forget_run(enclave);
	return err;
}

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

static ssize_t hypervisor_map_get(struct enclave *enclave, char *buf)
{
	return hv_map_print(&enclave->space, buf);
}

/* --- the co-kernel --- */

static ssize_t string_get(const char *string, char *buf)
{
	return sysfs_emit(buf, "%s\n", string ?: "");
}

static int string_set(char **string, const char *value)
{
	char *copy = NULL;

	if (*value) {
		copy = kstrdup(value, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	kfree(*string);
	*string = copy;
	return 0;
}

static int path_set(struct enclave *enclave, char **path, const char *value)
{
	if (*value == '/' || strstr(value, ".."))
		return enclave_refuse(enclave, -EINVAL,
				      "write a path below /lib/firmware, without / at the start");
	return string_set(path, value);
}

static ssize_t firmware_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->firmware, buf);
}

static int firmware_set(struct enclave *enclave, char *value)
{
	return path_set(enclave, &enclave->firmware, value);
}

static ssize_t initrd_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->initrd, buf);
}

static int initrd_set(struct enclave *enclave, char *value)
{
	return path_set(enclave, &enclave->initrd, value);
}

static ssize_t cmdline_get(struct enclave *enclave, char *buf)
{
	return string_get(enclave->cmdline, buf);
}

static int cmdline_set(struct enclave *enclave, char *value)
{
	if (strlen(value) > LOADER_CMDLINE_MAX)
		return enclave_refuse(enclave, -EINVAL, "a command line has at most %d characters",
				      LOADER_CMDLINE_MAX);
	return string_set(&enclave->cmdline, value);
}

/* --- policies --- */

static const char *const on_fault_names[] = {
	[ENCLAVE_FAULT_STOP] = "stop",
	[ENCLAVE_FAULT_RESTART] = "restart",
	[ENCLAVE_FAULT_KILL] = "kill",
};

/**
 * enclave_on_fault_name() - the policy as users see it
 * @enclave: locked
 *
 * Return: stop, restart or kill.
 */
const char *enclave_on_fault_name(const struct enclave *enclave)
{
	return on_fault_names[enclave->on_fault];
}

static ssize_t on_fault_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", enclave_on_fault_name(enclave));
}

static int on_fault_set(struct enclave *enclave, char *value)
{
	int policy = sysfs_match_string(on_fault_names, value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_fault takes stop, restart or kill");
	enclave->on_fault = policy;
	return 0;
}

static ssize_t watchdog_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%u\n", enclave->watchdog.period);
}

static int watchdog_set(struct enclave *enclave, char *value)
{
	u32 period;

	if (kstrtou32(value, 10, &period) || period > WATCHDOG_PERIOD_MAX)
		return enclave_refuse(enclave, -EINVAL,
				      "watchdog takes seconds between two looks, up to %d, or 0 for no watchdog",
				      WATCHDOG_PERIOD_MAX);
	enclave->watchdog.period = period;
	enclave_watchdog_begin(enclave);
	return 0;
}

static const char *const on_hang_names[] = {
	[ENCLAVE_HANG_REPORT] = "report",
	[ENCLAVE_HANG_FAULT] = "fault",
};

static ssize_t on_hang_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", on_hang_names[enclave->watchdog.on_hang]);
}

static int on_hang_set(struct enclave *enclave, char *value)
{
	int policy = sysfs_match_string(on_hang_names, value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_hang takes report or fault");
	enclave->watchdog.on_hang = policy;
	return 0;
}

static ssize_t hung_get(struct enclave *enclave, char *buf)
{
	return mask_print(enclave, enclave_watchdog_hung, buf);
}

static ssize_t heartbeat_get(struct enclave *enclave, char *buf)
{
	return enclave_watchdog_print_beats(enclave, buf);
}

static const char *const on_ipi_names[] = {
	[COVIRT_IPI_DROP] = "drop",
	[COVIRT_IPI_FAULT] = "fault",
};

static ssize_t on_ipi_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", on_ipi_names[enclave->on_ipi]);
}

static int on_ipi_set(struct enclave *enclave, char *value)
{
	int policy = sysfs_match_string(on_ipi_names, value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_ipi takes drop or fault");
	enclave->on_ipi = policy;
	return 0;
}

static int flag_set(struct enclave *enclave, bool *flag, const char *value)
{
	if (kstrtobool(value, flag))
		return enclave_refuse(enclave, -EINVAL, "write 0 or 1");
	return 0;
}

static const char *const interrupts_names[] = {
	[COVIRT_INTERRUPTS_DIRECT] = "direct",
	[COVIRT_INTERRUPTS_SCREENED] = "screened",
	[ENCLAVE_INTERRUPTS_AUTO] = "auto",
};

/* The mode, also where it was chosen automatically. */
static ssize_t interrupts_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", interrupts_names[enclave_interrupts_mode(enclave)]);
}

static int interrupts_set(struct enclave *enclave, char *value)
{
	int mode = sysfs_match_string(interrupts_names, value);

	if (mode < 0)
		return enclave_refuse(enclave, -EINVAL,
				      "interrupts takes direct, screened or auto");
	enclave->interrupts = mode;
	return 0;
}

static ssize_t histogram_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%d\n", enclave->histogram);
}

static int histogram_set(struct enclave *enclave, char *value)
{
	return flag_set(enclave, &enclave->histogram, value);
}

static ssize_t allow_smt_sharing_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%d\n", enclave->allow_smt_sharing);
}

/* It is obeyed when CPUs are taken, and must stay true of those that were. */
static int allow_smt_sharing_set(struct enclave *enclave, char *value)
{
	if (enclave->cpus.nr)
		return enclave_refuse(enclave, -EBUSY,
				      "allow_smt_sharing cannot change while the enclave has CPUs: write an empty line to cpus first");
	return flag_set(enclave, &enclave->allow_smt_sharing, value);
}

#define SETTING(name, mode, ...)						\
	{ .attr = __ATTR(name, mode, setting_show, setting_store),		\
	  .get = name##_get, .set = name##_set, ##__VA_ARGS__ }
#define SETTING_RO(name, mode)							\
	{ .attr = __ATTR(name, mode, setting_show, NULL), .get = name##_get }

/* What names addresses is for root's eyes. */
static struct setting settings[] = {
	SETTING(state, 0644, .always = true),
	SETTING(cpus, 0644),
	SETTING(cpus_max, 0644),
	SETTING(memory, 0644),
	SETTING(numa_node, 0644),
	SETTING(layout, 0644),
	SETTING(firmware, 0644),
	SETTING(initrd, 0644),
	SETTING(cmdline, 0644),
	SETTING(on_fault, 0644, .always = true),
	SETTING(on_ipi, 0644),
	SETTING(interrupts, 0644),
	SETTING(histogram, 0644),
	SETTING(allow_smt_sharing, 0644),
	SETTING(watchdog, 0644, .always = true),
	SETTING(on_hang, 0644, .always = true),
	SETTING_RO(hung, 0444),
	SETTING_RO(heartbeat, 0400),
	SETTING_RO(fault, 0400),
	SETTING_RO(memory_map, 0400),
	SETTING_RO(hypervisor_map, 0400),
};

/* --- counters --- */

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
	u32 slot;

	for (slot = 0; slot < COVIRT_MAX_CPUS; slot++)
		if (enclave->space.cpu[slot])
			sum += READ_ONCE(*(u64 *)((u8 *)hv_space_status(&enclave->space, slot) +
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

static struct attribute *setting_attrs[ARRAY_SIZE(settings) + 1];
static struct attribute *counter_attrs[ARRAY_SIZE(counters) + 2];

/* Each record is read as a whole: it is smaller than what one read takes at most, a page. */
static ssize_t faults_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			   char *buf, loff_t pos, size_t len)
{
	struct enclave *enclave = to_enclave(kobj_to_dev(kobj));
	ssize_t done;

	if (mutex_lock_interruptible(&enclave->lock))
		return -ERESTARTSYS;
	enclave_check_ended(enclave);
	done = fault_log_read(enclave, buf, pos, len);
	mutex_unlock(&enclave->lock);
	return done;
}

static struct bin_attribute faults_attr = __BIN_ATTR(faults, 0400, faults_read, NULL,
						     sizeof(struct fault_log));

static struct bin_attribute *bin_attrs[] = { &faults_attr, NULL };

static const struct attribute_group setting_group = {
	.attrs = setting_attrs,
	.bin_attrs = bin_attrs,
};

static const struct attribute_group counter_group = { .name = "stats", .attrs = counter_attrs };
static const struct attribute_group *enclave_groups[] = { &setting_group, &counter_group, NULL };

/* --- the class --- */

static ssize_t class_apply(int (*verb)(const char *name), const char *buf, size_t len)
{
	char *name;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	name = kstrndup(buf, len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = verb(strim(name));
	kfree(name);
	return err ?: len;
}

static ssize_t create_store(compat_class *class, compat_class_attribute *attr,
			    const char *buf, size_t len)
{
	return class_apply(enclave_create, buf, len);
}
static CLASS_ATTR_WO(create);

static ssize_t destroy_store(compat_class *class, compat_class_attribute *attr,
			     const char *buf, size_t len)
{
	return class_apply(enclave_destroy, buf, len);
}
static CLASS_ATTR_WO(destroy);

static ssize_t hypervisor_memory_show(compat_class *class, compat_class_attribute *attr, char *buf)
{
	return hv_pages_print(buf);
}

static struct class_attribute class_attr_hypervisor_memory =
	__ATTR(hypervisor_memory, 0400, hypervisor_memory_show, NULL);

static struct attribute *class_attrs[] = {
	&class_attr_create.attr,
	&class_attr_destroy.attr,
	&class_attr_hypervisor_memory.attr,
	NULL
};

static const struct attribute_group class_group = { .attrs = class_attrs };
static const struct attribute_group *class_groups[] = { &class_group, NULL };

static char *enclave_devnode(compat_devnode_device *dev, umode_t *mode)
{
	if (mode)
		*mode = 0600;
	return kasprintf(GFP_KERNEL, "covirt/%s", dev_name(dev));
}

static DECLARE_COMPLETION(class_gone);

static void class_release(compat_class *class)
{
	complete(&class_gone);
}

struct class enclave_class = {
	.name = "covirt",
	.class_groups = class_groups,
	.dev_groups = enclave_groups,
	.devnode = enclave_devnode,
	.class_release = class_release,
};

/**
 * enclave_sysfs_init() - make /sys/class/covirt
 *
 * Return: 0 or an error.
 */
int enclave_sysfs_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		setting_attrs[i] = &settings[i].attr.attr;
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		counter_attrs[i] = &counters[i].attr.attr;
	counter_attrs[i] = &dev_attr_cycles.attr;
	return class_register(&enclave_class);
}

/**
 * enclave_sysfs_exit() - undo enclave_sysfs_init(); there is no enclave any more
 *
 * Returns when nobody refers to the class, which is part of the module.
 */
void enclave_sysfs_exit(void)
{
	class_unregister(&enclave_class);
	wait_for_completion(&class_gone);
}
