/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a run. */
#ifndef COVIRT_CONTROLLER_LIFE_STOP_H
#define COVIRT_CONTROLLER_LIFE_STOP_H

#include <linux/types.h>

struct enclave;

int enclave_stop(struct enclave *enclave);
void enclave_undo_start(struct enclave *enclave, u32 started);
void enclave_check_ended(struct enclave *enclave);
void enclave_keep_fault(struct enclave *enclave);
void enclave_end_hung(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_LIFE_STOP_H */
