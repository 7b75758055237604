/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting a CPU in the hypervisor. */
#ifndef COVIRT_CONTROLLER_HV_BOOT_H
#define COVIRT_CONTROLLER_HV_BOOT_H

#include "controller/hv/space.h"

void hv_boot_halt(const struct hv_space *space, u32 mask);
int hv_boot_cpu(struct hv_space *space, u32 index);
bool hv_boot_wait(struct hv_space *space, u32 index, int cpu, apicid_t apicid);

#endif /* COVIRT_CONTROLLER_HV_BOOT_H */
