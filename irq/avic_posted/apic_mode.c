// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/apic_mode.h"

/* SDM vol. 3, figure 12-27; APM vol. 2, 16.9: x2APIC mode is left by way of the disabled state. */
static bool mode_permit(u64 from, u64 to)
{
	if (from == to)
		return true;
	switch (to) {
	case APIC_MODE_DISABLED:
		return true;
	case APIC_MODE_XAPIC:
		return from == APIC_MODE_DISABLED;
	case APIC_MODE_X2APIC:
		return from == APIC_MODE_XAPIC;
	default:
		return false;
	}
}

/**
 * apic_base_permit() - may a guest write this to APIC_BASE?
 * @now:   what it reads there
 * @value: what it writes
 *
 * The registers stay at their address, and the boot processor is who it is.
 *
 * Return: false where it gets #GP.
 */
bool apic_base_permit(u64 now, u64 value)
{
	return !((now ^ value) & ~APIC_MODE_X2APIC) &&
	       mode_permit(now & APIC_MODE_X2APIC, value & APIC_MODE_X2APIC);
}
