/* SPDX-License-Identifier: GPL-2.0-only */
/* Resources that an enclave holds between its runs. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_HOLD_H
#define COVIRT_CONTROLLER_ENCLAVE_HOLD_H

struct enclave;

void enclave_partition_destroy(struct enclave *enclave);
void enclave_contents_lost(struct enclave *enclave);
void enclave_give_back(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_HOLD_H */
