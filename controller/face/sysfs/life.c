// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of an enclave's life: its state and its faults. */
#include <linux/string.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/fault/report.h"
#include "controller/host/compat.h"
#include "controller/life/start.h"
#include "controller/life/stop.h"
#include "controller/life/watchdog.h"

static ssize_t state_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%s\n", enclave_state(enclave));
}

static int state_set(struct enclave *enclave, char *value)
{
	if (!strcmp(value, "start"))
		return enclave_start(enclave);
	if (!strcmp(value, "stop"))
		return enclave_stop(enclave);
	return enclave_refuse(enclave, -EINVAL, "state takes start or stop");
}

static SETTING(state, 0644, .always = true);

/* Without the lock: a request may hold it for seconds. */
static ssize_t last_error_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return enclave_print_last_error(to_enclave(dev), buf);
}

static DEVICE_ATTR_RO(last_error);

static ssize_t hung_get(struct enclave *enclave, char *buf)
{
	return setting_print_cpus(enclave, enclave_watchdog_hung, buf);
}

static SETTING_RO(hung, 0444);

static ssize_t heartbeat_get(struct enclave *enclave, char *buf)
{
	return enclave_watchdog_print_beats(enclave, buf);
}

static SETTING_RO(heartbeat, 0400);

static ssize_t fault_get(struct enclave *enclave, char *buf)
{
	return fault_report_show(&enclave->fault, buf);
}

static SETTING_RO(fault, 0400);

/* A record is read as a whole: it is smaller than a page, which a single read can return. */
static ssize_t faults_read(struct file *file, struct kobject *kobj, compat_bin_attribute *attr,
			   char *buf, loff_t pos, size_t len)
{
	struct enclave *enclave = to_enclave(kobj_to_dev(kobj));
	ssize_t done;

	if (mutex_lock_interruptible(&enclave->lock))
		return -ERESTARTSYS;
	enclave_check_ended(enclave);
	done = fault_log_read(enclave, buf, pos, len);
	mutex_unlock(&enclave->lock);
	return done;
}

static compat_bin_attribute faults_attr = __BIN_ATTR(faults, 0400, faults_read, NULL,
						     sizeof(struct fault_log));

static compat_bin_attribute_list life_bin_attrs[] = { &faults_attr, NULL };

static struct attribute *life_attrs[] = {
	&state_setting.attr.attr,
	&dev_attr_last_error.attr,
	&hung_setting.attr.attr,
	&heartbeat_setting.attr.attr,
	&fault_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_life_group = {
	.attrs = life_attrs,
	.bin_attrs = life_bin_attrs,
};
