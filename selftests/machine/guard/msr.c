// SPDX-License-Identifier: GPL-2.0-only
/*
 * msr: written with "CPU MSR", chooses them; read: the MSR's value there now, or "none"
 * where reading it faults.
 */
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/sysfs.h>

#include <asm/msr.h>

#include "guard.h"

/**
 * struct reading - of an MSR
 * @msr:   which
 * @cpu:   where
 * @value: what it read
 * @err:   not 0: it faulted
 */
static struct reading {
	u32 msr;
	u32 cpu;
	u64 value;
	int err;
} reading;

static void read_here(void *arg)
{
	struct reading *r = arg;
	u32 low, high;

	r->err = rdmsr_safe(r->msr, &low, &high);
	r->value = (u64)high << 32 | low;
}

static ssize_t msr_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			 size_t len)
{
	if (sscanf(buf, "%u %i", &reading.cpu, &reading.msr) != 2)
		return -EINVAL;
	return len;
}

static ssize_t msr_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	int err = smp_call_function_single(reading.cpu, read_here, &reading, true);

	if (err)
		return err;
	return reading.err ? sysfs_emit(buf, "none\n") : sysfs_emit(buf, "0x%llx\n", reading.value);
}

struct kobj_attribute guard_msr = __ATTR_RW(msr);
