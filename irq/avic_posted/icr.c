// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/icr.h"

/**
 * icr_decode() - take an x2APIC ICR value apart
 * @value: as written to MSR 0x830
 *
 * Return: its fields. Level and trigger mode are left out: no IPI of ours is
 * sent with the guest's.
 */
struct icr icr_decode(u64 value)
{
	return (struct icr) {
		.vector = value,
		.mode = value >> 8 & 7,
		.logical = value >> 11 & 1,
		.shorthand = value >> 18 & 3,
		.dest = value >> 32,
	};
}

/* SDM vol. 3, 12.12.10.2: cluster in the upper half, one bit of 16 in the lower. */
static u32 logical_id(apicid_t apicid)
{
	return (apicid >> 4) << 16 | 1U << (apicid & 15);
}

/**
 * icr_targets_self() - is the sender the one and only target?
 * @icr:  decoded ICR
 * @self: APIC id of the sender
 *
 * Return: true if no other CPU can be meant.
 */
bool icr_targets_self(const struct icr *icr, apicid_t self)
{
	if (icr->shorthand != ICR_NO_SHORTHAND)
		return icr->shorthand == ICR_SELF;
	return icr->dest == (icr->logical ? logical_id(self) : self);
}
