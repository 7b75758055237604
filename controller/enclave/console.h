/* SPDX-License-Identifier: GPL-2.0-only */
/* What a co-kernel prints and what is typed for it: Linux's side. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H
#define COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H

struct enclave;
struct enclave_console;

void enclave_console_init(struct enclave_console *console);
void enclave_console_reset(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H */
