// SPDX-License-Identifier: GPL-2.0-only
/* Registers of an xAPIC that a guest may write: the same as in x2APIC mode, see msr_policy.c. */
#include "irq/avic_posted/xapic.h"

#define ICR_LOGICAL	BIT(11)
#define DEST_ALL	0xff

static const struct {
	u8 first;
	u8 last;
	u8 action;
	const char *reason;
} rules[] = {
	{ APIC_REG_ID, APIC_REG_ID, XAPIC_IGNORE,
	  "the id stays what it is; kernels write back what they read" },
	{ APIC_REG_TPR, APIC_REG_TPR, XAPIC_PASS, "TPR" },
	{ APIC_REG_EOI, APIC_REG_EOI, XAPIC_PASS, "EOI" },
	{ APIC_REG_LDR, APIC_REG_DFR, XAPIC_IGNORE,
	  "no logical id: it might be that of a CPU of Linux's; kernels set one without asking" },
	{ APIC_REG_SVR, APIC_REG_SVR, XAPIC_SVR,
	  "NMIs reach a disabled APIC too, so the doorbell still works" },
	{ APIC_REG_ESR, APIC_REG_ESR, XAPIC_PASS, "ESR" },
	{ APIC_REG_LVT_CMCI, APIC_REG_LVT_CMCI, XAPIC_LVT, "LVT CMCI" },
	{ APIC_REG_ICR, APIC_REG_ICR, XAPIC_ICR, "every IPI is checked" },
	{ APIC_REG_ICR_HIGH, APIC_REG_ICR_HIGH, XAPIC_PASS, "sends nothing yet" },
	{ APIC_REG_LVT_TIMER, APIC_REG_LVT_ERROR, XAPIC_LVT, "LVT timer to error" },
	{ APIC_REG_TIMER_COUNT, APIC_REG_TIMER_COUNT, XAPIC_PASS, "timer initial count" },
	{ APIC_REG_TIMER_DIVIDE, APIC_REG_TIMER_DIVIDE, XAPIC_PASS, "timer divide" },
};

/**
 * xapic_write_action() - what becomes of a write of 32 bits?
 * @offset: in the APIC's page
 *
 * Only the first four of the 16 bytes of a register may be written, all at once (SDM vol. 3,
 * 12.4.1).
 *
 * Return: what is to be done.
 */
enum xapic_action xapic_write_action(u32 offset)
{
	u32 reg = offset / APIC_STRIDE, i;

	if (offset % APIC_STRIDE)
		return XAPIC_REFUSE;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (reg >= rules[i].first && reg <= rules[i].last)
			return rules[i].action;
	return XAPIC_REFUSE;
}

/**
 * xapic_icr() - the same command for an APIC in x2APIC mode
 * @high: second half of the ICR, the destination in its highest byte
 * @low:  what is written to the first half
 *
 * All-ones is everybody, a logical one too (SDM vol. 3, 12.6.2). No CPU of an enclave has a
 * logical id here: any other one becomes 0, which names nobody.
 *
 * Return: as icr_permit() takes it.
 */
u64 xapic_icr(u32 high, u32 low)
{
	u32 dest = high >> 24;

	if (dest == DEST_ALL)
		dest = ~0U;
	else if (low & ICR_LOGICAL)
		dest = 0;
	return (u64)dest << 32 | low;
}
