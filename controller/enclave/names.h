/* SPDX-License-Identifier: GPL-2.0-only */
/* Words for what is a number inside, as users see them. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_NAMES_H
#define COVIRT_CONTROLLER_ENCLAVE_NAMES_H

#include "controller/enclave/enclave.h"

const char *fault_name(u32 reason);
bool fault_is_orderly(u32 reason);
const char *fault_exit_name(u32 exit);
const char *enclave_on_fault_name(const struct enclave *enclave);
int enclave_on_fault_find(const char *name);

#endif /* COVIRT_CONTROLLER_ENCLAVE_NAMES_H */
