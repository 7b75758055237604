/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting a co-kernel. */
#ifndef COVIRT_CONTROLLER_LIFE_START_H
#define COVIRT_CONTROLLER_LIFE_START_H

struct enclave;

int enclave_start(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_LIFE_START_H */
