/* SPDX-License-Identifier: GPL-2.0-only */
/* The page walk of a fault report. */
#ifndef COVIRT_CONTROLLER_FAULT_WALK_H
#define COVIRT_CONTROLLER_FAULT_WALK_H

struct enclave;

void fault_walk_collect(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_FAULT_WALK_H */
