/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/covirt/NAME, an enclave's device file. */
#ifndef COVIRT_CONTROLLER_FACE_DEVICE_H
#define COVIRT_CONTROLLER_FACE_DEVICE_H

#include <linux/fs.h>

extern const struct file_operations enclave_device_fops;

#endif /* COVIRT_CONTROLLER_FACE_DEVICE_H */
