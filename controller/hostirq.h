/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt by which enclave CPUs call Linux. */
#ifndef COVIRT_CONTROLLER_HOSTIRQ_H
#define COVIRT_CONTROLLER_HOSTIRQ_H

struct enclave;

int hostirq_init(void);
void hostirq_exit(void);
void hostirq_serve(struct enclave *enclave);
void hostirq_forget(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_HOSTIRQ_H */
