/* SPDX-License-Identifier: GPL-2.0-only */
/* stats/: what is counted of an enclave. */
#ifndef COVIRT_CONTROLLER_FACE_SYSFS_STATS_H
#define COVIRT_CONTROLLER_FACE_SYSFS_STATS_H

void enclave_stats_init(void);

#endif /* COVIRT_CONTROLLER_FACE_SYSFS_STATS_H */
