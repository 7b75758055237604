/* SPDX-License-Identifier: GPL-2.0-only */
/* Console of a co-kernel, Linux's side: the ring that it prints to, and the input typed for it. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H
#define COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H

struct enclave;
struct enclave_console;

void enclave_console_init(struct enclave_console *console);
void enclave_console_reset(struct enclave *enclave);
void enclave_console_end(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H */
