/* SPDX-License-Identifier: GPL-2.0-only */
/* When the watch looks at an enclave: now and then, and when there is something to see. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_WAKE_H
#define COVIRT_CONTROLLER_ENCLAVE_WAKE_H

struct enclave;

int enclave_watch_init(void);
void enclave_watch_exit(void);
void enclave_watch_begin(struct enclave *enclave);
void enclave_watch_next(struct enclave *enclave);
void enclave_watch_retry(struct enclave *enclave);
void enclave_watch_soon(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_WAKE_H */
