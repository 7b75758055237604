/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts from Linux to an enclave's CPU, which to Linux is offline. */
#ifndef COVIRT_CONTROLLER_HOST_IPI_H
#define COVIRT_CONTROLLER_HOST_IPI_H

#include "core/types.h"

void ipi_send(u32 command, apicid_t apicid);
void ipi_doorbell(apicid_t apicid);
void ipi_interrupt(apicid_t apicid, vector_t vector);

#endif /* COVIRT_CONTROLLER_HOST_IPI_H */
