// SPDX-License-Identifier: GPL-2.0-only
/*
 * lock: written with a CPU's number, keeps its device locked until -1 is written, as others of
 * Linux do for a moment; reads whether one is.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/device.h>

#include "guard.h"

#define PATIENCE	(120 * HZ)

static DECLARE_COMPLETION(over);
static bool locked;

static ssize_t lock_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(locked));
}

static ssize_t lock_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	struct device *cpu;
	int nr, err = kstrtoint(buf, 0, &nr);

	if (err)
		return err;
	if (nr < 0) {
		complete(&over);
		return len;
	}
	cpu = get_cpu_device(nr);
	if (!cpu)
		return -ENODEV;
	reinit_completion(&over);
	device_lock(cpu);
	WRITE_ONCE(locked, true);
	wait_for_completion_timeout(&over, PATIENCE);
	WRITE_ONCE(locked, false);
	device_unlock(cpu);
	return len;
}

struct kobj_attribute guard_lock = __ATTR_RW(lock);
