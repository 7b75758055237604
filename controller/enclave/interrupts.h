/* SPDX-License-Identifier: GPL-2.0-only */
/* Choice between direct and filtered interrupts of an enclave. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H
#define COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H

#include <linux/types.h>

struct enclave;

u32 enclave_interrupts_mode(const struct enclave *enclave);
void enclave_interrupts_choose(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H */
