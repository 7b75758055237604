// SPDX-License-Identifier: GPL-2.0-only
/*
 * debug_registers: written with "CPU VALUE", puts the value into DR0 to DR3 there, which
 * means nothing to the CPU as long as DR7 enables none of them.
 */
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/sysfs.h>

#include <asm/debugreg.h>

#include "guard.h"

static void fill_here(void *value)
{
	set_debugreg(*(unsigned long *)value, 0);
	set_debugreg(*(unsigned long *)value, 1);
	set_debugreg(*(unsigned long *)value, 2);
	set_debugreg(*(unsigned long *)value, 3);
}

static ssize_t debug_registers_store(struct kobject *kobj, struct kobj_attribute *attr,
				     const char *buf, size_t len)
{
	unsigned long value;
	u32 cpu;
	int err;

	if (sscanf(buf, "%u %li", &cpu, &value) != 2)
		return -EINVAL;
	err = smp_call_function_single(cpu, fill_here, &value, true);
	return err ?: len;
}

struct kobj_attribute guard_debug_registers = __ATTR_WO(debug_registers);
