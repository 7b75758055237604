// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reasons why Linux does not take a CPU offline or bring it back, and what to do. Linux gives a
 * number, the same one for several causes, and often no line in the log. Collected from
 * kernel/cpu.c, drivers/base, kernel/sched, kernel/irq and arch/x86/kernel of 6.1 to 7.3.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "controller/host/hotplug_error.h"

struct hotplug_error {
	int err;
	const char *words;
};

/* 1: remove_cpu() found it offline. */
static const struct hotplug_error remove_errors[] = {
	{ 1, "somebody else took it offline just now; bring it online and try again" },
	{ -EPERM, "it is one that Linux never lets go (it has no file 'online'); choose another" },
	{ -EBUSY,
	  "SCHED_DEADLINE, housekeeping, a suspend or a kexec needs it; choose another" },
	{ -EINVAL, "it is not present any more; see /sys/devices/system/cpu/present" },
	{ -ENOSPC,
	  "the others lack interrupt vectors for its devices; take fewer CPUs" },
	{ -EOPNOTSUPP,
	  "a confidential guest takes no CPU offline; use covirt on its host" },
	{ -ENOMEM, "there is no memory for it; free some and try again" },
	{ -EAGAIN, "a part of Linux asks for another try; try again" },
};

static const struct hotplug_error add_errors[] = {
	{ -EPERM, "SMT is switched off; write on to /sys/devices/system/cpu/smt/control" },
	{ -EBUSY,
	  "hotplug is held by a suspend or a kexec, or a driver refuses; wait for its end" },
	{ -EINVAL,
	  "it is not present any more, or has no APIC id; see /sys/devices/system/cpu/present" },
	{ -EIO, "it did not answer its start-up interrupts; try again, or reboot" },
	{ -ENODEV, "it belongs to no NUMA node; see /sys/devices/system/node" },
	{ -ENOMEM, "there is no memory for it; free some" },
	{ -EAGAIN, "Linux is not done yet with taking it offline; try again" },
	{ -ECANCELED, "Linux gave up while it started; try again" },
	{ -ETIMEDOUT, "it did not start in time; try again" },
};

static const char *words_of(const struct hotplug_error *errors, u32 count, int err)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (errors[i].err == err)
			return errors[i].words;
	return "a driver's callback refuses; the kernel log may name it; remove the cause";
}

/**
 * hotplug_error_remove() - why a CPU cannot be taken offline
 * @err: what remove_cpu() returned, not 0
 *
 * Context: any.
 * Return: the cause, and what to do.
 */
const char *hotplug_error_remove(int err)
{
	return words_of(remove_errors, ARRAY_SIZE(remove_errors), err);
}

/**
 * hotplug_error_add() - why a CPU cannot be brought online
 * @err: what add_cpu() returned, below 0
 *
 * Context: any.
 * Return: the cause, and what to do.
 */
const char *hotplug_error_add(int err)
{
	return words_of(add_errors, ARRAY_SIZE(add_errors), err);
}
