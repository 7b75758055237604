/* SPDX-License-Identifier: GPL-2.0-only */
/* An enclave's core dump, as an open file. */
#ifndef COVIRT_CONTROLLER_DUMP_FILE_H
#define COVIRT_CONTROLLER_DUMP_FILE_H

struct enclave;

int enclave_dump(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_DUMP_FILE_H */
