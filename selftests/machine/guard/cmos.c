// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmos: a byte of the real-time clock's memory that nobody uses, which only ports reach.
 */
#include <linux/kernel.h>
#include <linux/mc146818rtc.h>
#include <linux/sysfs.h>

#include "guard.h"

#define BYTE	0x5f

static ssize_t cmos_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", rtc_cmos_read(BYTE));
}

struct kobj_attribute guard_cmos = __ATTR_RO(cmos);
