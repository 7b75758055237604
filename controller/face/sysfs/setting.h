/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of an enclave, and what they have in common.
 *
 * A file beside this one is a group of them: functions NAME_get() and NAME_set() for each, and
 * SETTING(), which makes the attribute of the two. ABI/sysfs-class-covirt describes all.
 */
#ifndef COVIRT_CONTROLLER_FACE_SYSFS_SETTING_H
#define COVIRT_CONTROLLER_FACE_SYSFS_SETTING_H

#include <linux/device.h>
#include <linux/sysfs.h>

#include "controller/enclave/enclave.h"

/**
 * struct setting - an attribute of an enclave
 * @attr:   what sysfs knows of it
 * @get:    prints the value; called with the enclave locked
 * @set:    takes a value without surrounding white space; called with the enclave locked
 * @always: may be written while the enclave runs
 */
struct setting {
	struct device_attribute attr;
	ssize_t (*get)(struct enclave *enclave, char *buf);
	int (*set)(struct enclave *enclave, char *value);
	bool always;
};

/* Attributes that show addresses have mode 0400. */
#define SETTING(name, mode, ...)						\
	struct setting name##_setting = {					\
		.attr = __ATTR(name, mode, setting_show, setting_store),	\
		.get = name##_get, .set = name##_set, ##__VA_ARGS__ }
#define SETTING_RO(name, mode)							\
	struct setting name##_setting = {					\
		.attr = __ATTR(name, mode, setting_show, NULL), .get = name##_get }

ssize_t setting_show(struct device *dev, struct device_attribute *attr, char *buf);
ssize_t setting_store(struct device *dev, struct device_attribute *attr, const char *buf,
		      size_t len);
int setting_set_flag(struct enclave *enclave, bool *flag, const char *value);
ssize_t setting_print_cpus(struct enclave *enclave,
			   void (*fill)(const struct enclave *enclave, struct cpumask *mask),
			   char *buf);

#endif /* COVIRT_CONTROLLER_FACE_SYSFS_SETTING_H */
