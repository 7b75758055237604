/* SPDX-License-Identifier: GPL-2.0-only */
/* The attributes of an enclave, a group for each file. */
#ifndef COVIRT_CONTROLLER_FACE_SYSFS_GROUPS_H
#define COVIRT_CONTROLLER_FACE_SYSFS_GROUPS_H

#include <linux/sysfs.h>

extern const struct attribute_group enclave_life_group;
extern const struct attribute_group enclave_cpus_group;
extern const struct attribute_group enclave_memory_group;
extern const struct attribute_group enclave_cokernel_group;
extern const struct attribute_group enclave_policies_group;
extern const struct attribute_group enclave_stats_group;

#endif /* COVIRT_CONTROLLER_FACE_SYSFS_GROUPS_H */
