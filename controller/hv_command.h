/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands to a CPU that runs the hypervisor. */
#ifndef COVIRT_CONTROLLER_HV_COMMAND_H
#define COVIRT_CONTROLLER_HV_COMMAND_H

#include "controller/hv_space.h"

int hv_command_stop(struct hv_space *space, u32 slot);
int hv_command_registers(struct hv_space *space, u32 slot);
int hv_command_sync(struct hv_space *space, u32 slots);

#endif /* COVIRT_CONTROLLER_HV_COMMAND_H */
