/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt by which running enclaves ask for the controller's attention. */
#ifndef COVIRT_CONTROLLER_BORDER_NOTIFY_H
#define COVIRT_CONTROLLER_BORDER_NOTIFY_H

struct enclave;

int notify_init(void);
void notify_exit(void);
void notify_serve(struct enclave *enclave);
void notify_forget(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_BORDER_NOTIFY_H */
