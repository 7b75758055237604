/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an enclave stands. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_STATE_H
#define COVIRT_CONTROLLER_ENCLAVE_STATE_H

#include "controller/enclave/enclave.h"

const char *enclave_state(const struct enclave *enclave);
void enclave_state_set(struct enclave *enclave, enum enclave_run run);
void enclave_forget_run(struct enclave *enclave);
bool enclave_is_running(const struct enclave *enclave);
bool enclave_is_busy(const struct enclave *enclave);
bool enclave_may_print(const struct enclave *enclave);
void enclaves_starts_hold(bool held);
bool enclaves_starts_held(void);

#endif /* COVIRT_CONTROLLER_ENCLAVE_STATE_H */
