// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"

#define MSR_LINT0	0x835
#define MSR_LINT1	0x836
#define LVT_MASKED	BIT(16)

/* The pins LINT0 and LINT1 carry the host's ExtINT and NMI. */
static bool is_pin(u32 msr)
{
	return msr == MSR_LINT0 || msr == MSR_LINT1;
}

/**
 * lvt_filter() - what may be written to an LVT entry other than the timer's
 * @msr:   the entry, MSR 0x82f or 0x833 to 0x837
 * @value: value written; changed to what may go to the APIC
 *
 * A kernel programs LINT0 as ExtINT and LINT1 as NMI as a matter of course:
 * on a pin these modes pass, but the pin stays masked.
 *
 * Return: false where the guest gets #GP: SMI and INIT anywhere, NMI and
 * ExtINT on an entry that is no pin and is not masked.
 */
bool lvt_filter(u32 msr, u64 *value)
{
	u8 mode = *value >> 8 & 7;

	if (mode == ICR_SMI || mode == ICR_INIT)
		return false;
	if (is_pin(msr)) {
		*value |= LVT_MASKED;
		return true;
	}
	return mode == ICR_FIXED || *value & LVT_MASKED;
}
