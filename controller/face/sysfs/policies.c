// SPDX-License-Identifier: GPL-2.0-only
/* Policies of an enclave: faults, hangs, interrupts, and measurements. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "controller/enclave/interrupts.h"
#include "controller/enclave/names.h"
#include "controller/enclave/refuse.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/life/watchdog.h"

static ssize_t on_fault_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", enclave_on_fault_name(enclave));
}

static int on_fault_set(struct enclave *enclave, char *value)
{
	int policy = enclave_on_fault_find(value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_fault takes stop, restart or kill");
	enclave->on_fault = policy;
	return 0;
}

static SETTING(on_fault, 0644, .always = true);

static const char *const on_reset_names[] = {
	[ENCLAVE_RESET_STOP] = "stop",
	[ENCLAVE_RESET_RESTART] = "restart",
};

static ssize_t on_reset_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", on_reset_names[enclave->on_reset]);
}

static int on_reset_set(struct enclave *enclave, char *value)
{
	int policy = sysfs_match_string(on_reset_names, value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_reset takes stop or restart");
	enclave->on_reset = policy;
	return 0;
}

static SETTING(on_reset, 0644, .always = true);

static ssize_t watchdog_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%u\n", enclave->watchdog.period);
}

static int watchdog_set(struct enclave *enclave, char *value)
{
	u32 period;

	if (kstrtou32(value, 10, &period) || period > WATCHDOG_PERIOD_MAX)
		return enclave_refuse(enclave, -EINVAL,
				      "watchdog takes seconds between two checks, up to %d, or 0 for no watchdog",
				      WATCHDOG_PERIOD_MAX);
	enclave->watchdog.period = period;
	enclave_watchdog_begin(enclave);
	return 0;
}

static SETTING(watchdog, 0644, .always = true);

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

static SETTING(on_hang, 0644, .always = true);

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

static SETTING(on_ipi, 0644);

static const char *const on_unclaimed_names[] = {
	[COVIRT_UNCLAIMED_IGNORE] = "ignore",
	[COVIRT_UNCLAIMED_FAULT] = "fault",
};

static ssize_t on_unclaimed_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", on_unclaimed_names[enclave->on_unclaimed]);
}

static int on_unclaimed_set(struct enclave *enclave, char *value)
{
	int policy = sysfs_match_string(on_unclaimed_names, value);

	if (policy < 0)
		return enclave_refuse(enclave, -EINVAL, "on_unclaimed takes ignore or fault");
	enclave->on_unclaimed = policy;
	return 0;
}

static SETTING(on_unclaimed, 0644);

static const char *const interrupts_names[] = {
	[COVIRT_INTERRUPTS_DIRECT] = "direct",
	[COVIRT_INTERRUPTS_FILTERED] = "filtered",
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
				      "interrupts takes direct, filtered or auto");
	enclave->interrupts = mode;
	return 0;
}

static SETTING(interrupts, 0644);

static const char *const com1_irq_names[] = { "off", "on" };

static ssize_t com1_irq_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", com1_irq_names[enclave->com1_irq]);
}

static int com1_irq_set(struct enclave *enclave, char *value)
{
	int on = sysfs_match_string(com1_irq_names, value);

	if (on < 0)
		return enclave_refuse(enclave, -EINVAL, "com1_irq takes on or off");
	enclave->com1_irq = on;
	return 0;
}

static SETTING(com1_irq, 0644);

static ssize_t histogram_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%d\n", enclave->histogram);
}

static int histogram_set(struct enclave *enclave, char *value)
{
	return setting_set_flag(enclave, &enclave->histogram, value);
}

static SETTING(histogram, 0644);

static struct attribute *policies_attrs[] = {
	&on_fault_setting.attr.attr,
	&on_reset_setting.attr.attr,
	&watchdog_setting.attr.attr,
	&on_hang_setting.attr.attr,
	&on_ipi_setting.attr.attr,
	&on_unclaimed_setting.attr.attr,
	&interrupts_setting.attr.attr,
	&com1_irq_setting.attr.attr,
	&histogram_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_policies_group = { .attrs = policies_attrs };
