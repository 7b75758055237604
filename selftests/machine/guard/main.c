// SPDX-License-Identifier: GPL-2.0-only
/* Test-only module: /sys/kernel/covirt_guard/, one file per attribute below. */
#include <linux/module.h>

#include "guard.h"

static struct kobject *guard_kobj;

static struct attribute *guard_attrs[] = {
	&guard_address.attr,
	&guard_checksum.attr,
	&guard_offline_pages.attr,
	&guard_used_pages.attr,
	&guard_paint.attr,
	&guard_search.attr,
	&guard_taint.attr,
	&guard_nmi.attr,
	&guard_init_ipi.attr,
	&guard_broadcast.attr,
	&guard_spin.attr,
	&guard_cmos.attr,
	&guard_fail.attr,
	&guard_msr.attr,
	&guard_break.attr,
	&guard_debug_registers.attr,
	&guard_fragment.attr,
	&guard_lock.attr,
	NULL,
};

static const struct attribute_group guard_group = {
	.attrs = guard_attrs,
};

static int __init guard_init(void)
{
	int err = region_create();

	if (err)
		return err;
	err = -ENOMEM;
	guard_kobj = kobject_create_and_add("covirt_guard", kernel_kobj);
	if (!guard_kobj)
		goto destroy;
	err = sysfs_create_group(guard_kobj, &guard_group);
	if (err)
		goto put;
	return 0;
put:
	kobject_put(guard_kobj);
destroy:
	region_destroy();
	return err;
}

static void __exit guard_exit(void)
{
	kobject_put(guard_kobj);
	fail_exit();
	fragment_exit();
	region_destroy();
}

module_init(guard_init);
module_exit(guard_exit);
MODULE_DESCRIPTION("Test-only: a region of Linux's memory with a checksum, and probes");
MODULE_LICENSE("GPL");
