// SPDX-License-Identifier: GPL-2.0-only
/* Settings: reading and writing attributes under the enclave's lock. */
#include <linux/capability.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/sysfs/setting.h"
#include "controller/life/stop.h"

/**
 * setting_show() - device_attribute::show of a setting
 * @dev:  the enclave's
 * @attr: the setting's
 * @buf:  a page
 *
 * Context: takes the enclave's lock.
 * Return: bytes in @buf, or an error.
 */
ssize_t setting_show(struct device *dev, struct device_attribute *attr, char *buf)
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

/* A writer that waits for another's claim of memory may be interrupted. */
static int setting_set_locked(struct enclave *enclave, const struct setting *setting, char *value)
{
	int err;

	if (mutex_lock_interruptible(&enclave->lock))
		return -EINTR;
	err = setting_set(enclave, setting, value);
	mutex_unlock(&enclave->lock);
	return err;
}

/**
 * setting_store() - device_attribute::store of a setting
 * @dev:  the enclave's
 * @attr: the setting's
 * @buf:  what was written; white space around it does not count
 * @len:  its bytes
 *
 * Context: takes the enclave's lock; whoever writes has to have CAP_SYS_ADMIN.
 * Return: @len or an error; then nothing has changed.
 */
ssize_t setting_store(struct device *dev, struct device_attribute *attr, const char *buf,
		      size_t len)
{
	const struct setting *setting = container_of(attr, struct setting, attr);
	struct enclave *enclave = to_enclave(dev);
	char *value;
	int err;

	enclave_request_begins(enclave);
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	value = kstrndup(buf, len, GFP_KERNEL);
	if (!value)
		return -ENOMEM;
	err = setting_set_locked(enclave, setting, strim(value));
	kfree(value);
	return err ?: len;
}

/**
 * setting_set_flag() - setting::set of a setting that is 0 or 1
 * @enclave: locked
 * @flag:    where it is kept
 * @value:   what was written
 *
 * Return: 0, or -EINVAL with a line in the log.
 */
int setting_set_flag(struct enclave *enclave, bool *flag, const char *value)
{
	lockdep_assert_held(&enclave->lock);
	if (kstrtobool(value, flag))
		return enclave_refuse(enclave, -EINVAL, "write 0 or 1");
	return 0;
}

/**
 * setting_print_cpus() - setting::get of a setting that is a list of CPUs
 * @enclave: locked
 * @fill:    says which
 * @buf:     a page
 *
 * Return: bytes in @buf, or -ENOMEM.
 */
ssize_t setting_print_cpus(struct enclave *enclave,
			   void (*fill)(const struct enclave *enclave, struct cpumask *mask),
			   char *buf)
{
	struct cpumask *mask = kmalloc(sizeof(*mask), GFP_KERNEL);
	ssize_t len;

	lockdep_assert_held(&enclave->lock);
	if (!mask)
		return -ENOMEM;
	fill(enclave, mask);
	len = sysfs_emit(buf, "%*pbl\n", cpumask_pr_args(mask));
	kfree(mask);
	return len;
}
