/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts of an enclave: those that arrive, and its I/O APIC. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H
#define COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H

#include "core/types.h"

struct enclave;

u32 enclave_interrupts_mode(const struct enclave *enclave);
void enclave_interrupts_choose(struct enclave *enclave);
hpa_t enclave_ioapic(const struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_INTERRUPTS_H */
