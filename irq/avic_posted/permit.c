// SPDX-License-Identifier: GPL-2.0-only
/* Which IPIs an enclave CPU may send. The routes of an enclave will be asked here. */
#include "irq/avic_posted/icr.h"

#define FIRST_VECTOR	16	/* the APIC refuses lower ones as illegal */

/**
 * icr_permit() - may this IPI be sent?
 * @icr:  decoded ICR
 * @self: APIC id of the sender
 *
 * Without routes a CPU may interrupt itself and nobody else.
 * Return: true if the ICR may be written as it is.
 */
bool icr_permit(const struct icr *icr, apicid_t self)
{
	return icr->mode == ICR_FIXED && icr->vector >= FIRST_VECTOR &&
	       icr_targets_self(icr, self);
}
