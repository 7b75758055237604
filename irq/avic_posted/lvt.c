// SPDX-License-Identifier: GPL-2.0-only
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"

#define MSR_TIMER	0x832
#define MSR_LINT0	0x835
#define MSR_LINT1	0x836
#define LVT_MASKED	BIT(16)

/* Vector, delivery status (read-only), mask, timer mode: SDM vol. 3, figure 12-8. */
#define TIMER_BITS	(GENMASK_ULL(7, 0) | BIT(12) | LVT_MASKED | GENMASK_ULL(18, 17))

/* The pins LINT0 and LINT1 carry the host's ExtINT and NMI. */
static bool is_pin(u32 msr)
{
	return msr == MSR_LINT0 || msr == MSR_LINT1;
}

static bool is_permitted(u32 msr, u64 value)
{
	u8 mode = value >> 8 & 7;

	if (msr == MSR_TIMER)
		return !(value & ~TIMER_BITS);
	if (mode == ICR_SMI || mode == ICR_INIT)
		return false;
	return is_pin(msr) || mode == ICR_FIXED || value & LVT_MASKED;
}

/**
 * lvt_filter() - what may be written to an entry of the local vector table
 * @msr:   the entry, MSR 0x82f or 0x832 to 0x837
 * @value: value written; changed to what may go to the APIC
 *
 * A kernel programs LINT0 as ExtINT and LINT1 as NMI as a matter of course:
 * on a pin these modes pass, but the pin stays masked. The timer has no
 * delivery mode in the manual; a local APIC that gives it one must not get it.
 * A processor delivers no vector below 16 (SDM vol. 3, 12.5.2); an emulator may, and the
 * hypervisor would take what it accepts for the guest for an exception of its own.
 *
 * Return: false where the guest gets #GP: SMI and INIT anywhere, NMI and
 * ExtINT on an entry that is no pin and is not masked, reserved bits of the timer.
 */
bool lvt_filter(u32 msr, u64 *value)
{
	if (!is_permitted(msr, *value))
		return false;
	if (is_pin(msr) || (vector_t)*value < ICR_FIRST_VECTOR)
		*value |= LVT_MASKED;
	return true;
}

#define SPURIOUS_RESET	0xff

/**
 * svr_filter() - what may be written to the spurious interrupt vector register
 * @value: value written
 *
 * A vector below 16, as lvt_filter() says, is an exception's. There is no mask here: the vector
 * becomes the one that it is after a reset.
 *
 * Return: what may go to the APIC.
 */
u64 svr_filter(u64 value)
{
	return (vector_t)value < ICR_FIRST_VECTOR ? value | SPURIOUS_RESET : value;
}
