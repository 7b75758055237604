/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands to a CPU that runs the hypervisor. */
#ifndef COVIRT_CONTROLLER_HV_COMMAND_H
#define COVIRT_CONTROLLER_HV_COMMAND_H

#include "controller/hv/space.h"

int hv_command_stop(struct hv_space *space, u32 index);
int hv_command_registers(struct hv_space *space, u32 index);
int hv_command_sync(struct hv_space *space, u32 mask);
u32 hv_command_ask(struct hv_space *space, u32 index);
void hv_command_ring(struct hv_space *space, u32 index);
bool hv_command_is_answered(const struct hv_space *space, u32 index, u32 count);

#endif /* COVIRT_CONTROLLER_HV_COMMAND_H */
