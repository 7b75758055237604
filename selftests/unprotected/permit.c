// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negative control, linked instead of irq/avic_posted/permit.c in a build that
 * is for tests only: every IPI goes out, so that a test which claims that none
 * does can be seen to fail.
 */
#include "irq/avic_posted/icr.h"

bool icr_permit(const struct icr *icr __maybe_unused, apicid_t self __maybe_unused)
{
	return true;
}
