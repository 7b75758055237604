/* SPDX-License-Identifier: GPL-2.0-only */
/* Map of an enclave's hypervisor. */
#ifndef COVIRT_CONTROLLER_FACE_SYSFS_HV_MAP_H
#define COVIRT_CONTROLLER_FACE_SYSFS_HV_MAP_H

#include "controller/hv/space.h"

ssize_t hv_map_print(const struct hv_space *space, char *buf);

#endif /* COVIRT_CONTROLLER_FACE_SYSFS_HV_MAP_H */
