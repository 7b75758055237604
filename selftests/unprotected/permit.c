// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negative control, linked instead of irq/avic_posted/permit.c in a build that
 * is for tests only: every IPI goes out, so that a test which claims that none
 * does can be seen to fail.
 */
#include "irq/avic_posted/icr.h"

#define MSR_ICR	0x830

bool icr_permit(u64 value, apicid_t self __maybe_unused, struct icr_order *order)
{
	*order = (struct icr_order) { .msr = MSR_ICR, .value = value };
	return true;
}
