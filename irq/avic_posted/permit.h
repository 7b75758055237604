/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on an IPI: whether a CPU of the enclave may send it, and to whom it goes. */
#ifndef COVIRT_IRQ_PERMIT_H
#define COVIRT_IRQ_PERMIT_H

#include "core/config.h"
#include "irq/avic_posted/route.h"

/**
 * struct ipi - a permitted IPI
 * @mode:    ICR_FIXED, ICR_NMI, ICR_INIT or ICR_STARTUP
 * @vector:  vector; of ICR_STARTUP, the page where the target begins
 * @targets: mask of CPU indexes, perhaps none
 * @route:   instead of @targets, a route out of the enclave; or NULL
 */
struct ipi {
	u8 mode;
	vector_t vector;
	u32 targets;
	const struct covirt_route *route;
};

bool icr_permit(u64 value, const struct covirt_config *config, u32 self,
		struct ipi *ipi);
bool icr_permit_targets(u32 command, u32 targets, u32 self, struct ipi *ipi);

#endif /* COVIRT_IRQ_PERMIT_H */
