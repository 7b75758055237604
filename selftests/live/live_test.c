// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enclaves under kunit.py: the whole module in a kernel with KASAN and lockdep, on a processor
 * with SVM, which kunit.py's QEMU has when told so (scripts/kunit). Without one: skipped.
 *
 * Everything goes through the attributes that users write to.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "controller/enclave/enclave.h"
#include "controller/host/backend.h"
#include "controller/life/registry.h"
#include "controller/face/sysfs/class.h"

#define NAME		"live"
#define PATTERN		0x5a
/* Emulated processors under KASAN: until something that takes milliseconds must have happened. */
#define PATIENCE	(120 * HZ)

/**
 * struct live - one test case's enclave
 * @dev:    its device
 * @cpu:    Linux's last CPU, which it gets
 * @online: Linux's CPUs before
 * @victim: a page of Linux's
 */
struct live {
	struct device *dev;
	u32 cpu;
	u32 online;
	u8 *victim;
};

/* The attribute of that name; those of stats/ too. */
static struct device_attribute *attribute(struct kunit *test, const char *name)
{
	const struct attribute_group **group;
	struct attribute **attr;

	for (group = enclave_class.dev_groups; *group; group++)
		for (attr = (*group)->attrs; *attr; attr++)
			if (!strcmp((*attr)->name, name))
				return container_of(*attr, struct device_attribute, attr);
	KUNIT_FAIL(test, "no attribute %s", name);
	kunit_try_catch_throw(&test->try_catch);
	return NULL;
}

static int set(struct kunit *test, const char *name, const char *value)
{
	struct device_attribute *attr = attribute(test, name);
	struct live *live = test->priv;
	ssize_t done = attr->store(live->dev, attr, value, strlen(value));

	return done == strlen(value) ? 0 : done;
}

/* Reads an attribute; the text is kept until the test case ends. */
static const char *get(struct kunit *test, const char *name)
{
	struct device_attribute *attr = attribute(test, name);
	struct live *live = test->priv;
	char *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	ssize_t len;

	KUNIT_ASSERT_NOT_NULL(test, page);
	len = attr->show(live->dev, attr, page);
	KUNIT_ASSERT_GE(test, len, (ssize_t)0);
	return strim(page);
}

static bool wait_for(struct kunit *test, const char *name, const char *value)
{
	unsigned long end = jiffies + PATIENCE;

	do {
		if (!strcmp(get(test, name), value))
			return true;
		msleep(20);
	} while (time_before(jiffies, end));
	return false;
}

/* The fault record has that line. */
static bool fault_says(struct kunit *test, const char *line)
{
	return strstr(get(test, "fault"), line);
}

static struct live *live_make(struct kunit *test)
{
	struct live *live = kunit_kzalloc(test, sizeof(*live), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, live);
	live->cpu = cpumask_last(cpu_online_mask);
	live->online = num_online_cpus();
	live->victim = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, live->victim);
	memset(live->victim, PATTERN, PAGE_SIZE);
	return live;
}

static int live_init(struct kunit *test)
{
	struct live *live;

	if (!backend())
		kunit_skip(test, "no processor with virtualization");
	live = live_make(test);
	KUNIT_ASSERT_EQ(test, enclave_create(NAME), 0);
	live->dev = class_find_device_by_name(&enclave_class, NAME);
	test->priv = live;
	return 0;
}

/* A test case may have failed with its co-kernel running. */
static void live_exit(struct kunit *test)
{
	struct live *live = test->priv;

	if (!live)
		return;
	set(test, "state", "stop");
	put_device(live->dev);
	KUNIT_EXPECT_EQ(test, enclave_destroy(NAME), 0);
	KUNIT_EXPECT_EQ(test, num_online_cpus(), live->online);
}

/* The payload co-kernel, told what to do. */
static void start(struct kunit *test, const char *command)
{
	struct live *live = test->priv;
	char cpu[8];

	snprintf(cpu, sizeof(cpu), "%u", live->cpu);
	KUNIT_ASSERT_EQ(test, set(test, "cpus", cpu), 0);
	KUNIT_ASSERT_EQ(test, set(test, "memory", "4M"), 0);
	KUNIT_ASSERT_EQ(test, set(test, "firmware", "covirt/payload.elf"), 0);
	KUNIT_ASSERT_EQ(test, set(test, "cmdline", command), 0);
	KUNIT_ASSERT_EQ(test, set(test, "state", "start"), 0);
}

static void it_runs_and_ends_by_itself(struct kunit *test)
{
	start(test, "hello poweroff");
	KUNIT_EXPECT_TRUE(test, wait_for(test, "state", "stopped"));
	KUNIT_EXPECT_TRUE(test, fault_says(test, "reason: power-off\n"));
	KUNIT_EXPECT_STREQ(test, get(test, "starts"), "1");
	KUNIT_EXPECT_STREQ(test, get(test, "faults"), "0");
	KUNIT_EXPECT_STREQ(test, get(test, "console_bytes"), "15");
}

static void it_stops_when_told(struct kunit *test)
{
	start(test, "hello spin");
	KUNIT_ASSERT_TRUE(test, wait_for(test, "console_bytes", "33"));
	KUNIT_EXPECT_STREQ(test, get(test, "state"), "running");
	KUNIT_EXPECT_EQ(test, set(test, "cmdline", "other"), -EBUSY);
	KUNIT_EXPECT_EQ(test, set(test, "state", "stop"), 0);
	KUNIT_EXPECT_STREQ(test, get(test, "state"), "stopped");
}

static void its_write_to_linux_is_contained(struct kunit *test)
{
	struct live *live = test->priv;
	char command[32];

	snprintf(command, sizeof(command), "write=0x%llx hello", virt_to_phys(live->victim));
	start(test, command);
	KUNIT_ASSERT_TRUE(test, wait_for(test, "state", "faulted"));
	KUNIT_EXPECT_TRUE(test, fault_says(test, "reason: memory-violation\n"));
	KUNIT_EXPECT_TRUE(test, fault_says(test, "access: write\n"));
	KUNIT_EXPECT_TRUE(test, fault_says(test, "owner: linux\n"));
	KUNIT_EXPECT_NULL(test, memchr_inv(live->victim, PATTERN, PAGE_SIZE));
}

static void it_starts_again_after_each_end(struct kunit *test)
{
	start(test, "hello triplefault");
	KUNIT_ASSERT_TRUE(test, wait_for(test, "state", "faulted"));
	start(test, "hello spin");
	KUNIT_ASSERT_EQ(test, set(test, "state", "stop"), 0);
	start(test, "hello poweroff");
	KUNIT_ASSERT_TRUE(test, wait_for(test, "state", "stopped"));
	KUNIT_EXPECT_STREQ(test, get(test, "starts"), "3");
	KUNIT_EXPECT_STREQ(test, get(test, "faults"), "1");
}

static void what_it_cannot_start_leaves_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set(test, "state", "start"), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(test, "memory", "4M"), 0);
	KUNIT_EXPECT_EQ(test, set(test, "firmware", "covirt/payload.elf"), 0);
	KUNIT_EXPECT_EQ(test, set(test, "state", "start"), -EINVAL);
	KUNIT_EXPECT_STREQ(test, get(test, "state"), "empty");
}

static struct kunit_case live_cases[] = {
	KUNIT_CASE(it_runs_and_ends_by_itself),
	KUNIT_CASE(it_stops_when_told),
	KUNIT_CASE(its_write_to_linux_is_contained),
	KUNIT_CASE(it_starts_again_after_each_end),
	KUNIT_CASE(what_it_cannot_start_leaves_nothing),
	{}
};

static struct kunit_suite live_suite = {
	.name = "covirt-live",
	.init = live_init,
	.exit = live_exit,
	.test_cases = live_cases,
};

kunit_test_suites(&live_suite);

MODULE_LICENSE("GPL");
