/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/class/covirt. */
#ifndef COVIRT_CONTROLLER_FACE_SYSFS_CLASS_H
#define COVIRT_CONTROLLER_FACE_SYSFS_CLASS_H

#include <linux/device/class.h>

extern struct class enclave_class;

int enclave_sysfs_init(void);
void enclave_sysfs_exit(void);

#endif /* COVIRT_CONTROLLER_FACE_SYSFS_CLASS_H */
