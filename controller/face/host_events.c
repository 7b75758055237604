// SPDX-License-Identifier: GPL-2.0-only
/* Events of the whole machine (reboot, sleep) before which enclaves have to act. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "controller/enclave/enclave.h"
#include "controller/face/host_events.h"
#include "controller/life/registry.h"

/* Reboot, power-off, kexec: virtualization must be off on every CPU before. */
static int on_reboot(struct notifier_block *block, unsigned long action, void *data)
{
	enclaves_shutdown();
	return NOTIFY_DONE;
}

static bool is_going_to_sleep(unsigned long action)
{
	return action == PM_SUSPEND_PREPARE || action == PM_HIBERNATION_PREPARE ||
	       action == PM_RESTORE_PREPARE;
}

static bool has_slept(unsigned long action)
{
	return action == PM_POST_SUSPEND || action == PM_POST_HIBERNATION ||
	       action == PM_POST_RESTORE;
}

/*
 * Linux cannot put to sleep CPUs that it does not have. A kernel that an image brought back goes on
 * where it had made that image, and hears of the end of a hibernation; that of a restore is for
 * a kernel whose image could not be loaded. After an attempt that failed all is void, too.
 */
static int on_pm(struct notifier_block *block, unsigned long action, void *data)
{
	if (has_slept(action)) {
		enclaves_slept();
		enclaves_allow_starts();
	}
	if (!is_going_to_sleep(action) || enclaves_hold_starts())
		return NOTIFY_DONE;
	pr_err("no suspend while an enclave runs: write stop to its state first\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block reboot_block = { .notifier_call = on_reboot };
static struct notifier_block pm_block = { .notifier_call = on_pm };

/**
 * host_events_init() - begin to listen
 *
 * Return: 0 or an error.
 */
int host_events_init(void)
{
	int err;

	err = register_reboot_notifier(&reboot_block);
	if (err)
		return err;
	err = register_pm_notifier(&pm_block);
	if (err)
		unregister_reboot_notifier(&reboot_block);
	return err;
}

/**
 * host_events_exit() - undo host_events_init()
 */
void host_events_exit(void)
{
	unregister_pm_notifier(&pm_block);
	unregister_reboot_notifier(&reboot_block);
}
