// SPDX-License-Identifier: GPL-2.0-only
/* Which IPIs an enclave CPU may send. The routes of an enclave will be asked here. */
#include "irq/avic_posted/icr.h"

#define FIRST_VECTOR	16	/* the APIC refuses lower ones as illegal */
#define MSR_SELF_IPI	0x83f

/**
 * icr_permit() - may this IPI be sent, and how?
 * @value: as written to the ICR
 * @self:  APIC id of the sender
 * @order: what to do instead of the write; filled in if it may
 *
 * Without routes a CPU may interrupt itself and nobody else. The order is a
 * SELF IPI, never the guest's own ICR value: that could ask for a level
 * trigger, and the EOI of such a vector is broadcast to Linux's IOAPICs.
 *
 * Return: true if it may.
 */
bool icr_permit(u64 value, apicid_t self, struct icr_order *order)
{
	struct icr icr = icr_decode(value);

	if (icr.mode != ICR_FIXED || icr.vector < FIRST_VECTOR || !icr_targets_self(&icr, self))
		return false;
	*order = (struct icr_order) { .msr = MSR_SELF_IPI, .value = icr.vector };
	return true;
}
