// SPDX-License-Identifier: GPL-2.0-only
/* Registers of an xAPIC that a guest may write: the same as in x2APIC mode, see msr_policy.c. */
#include "irq/avic_posted/xapic.h"

#define ICR_LOGICAL	BIT(11)
#define ICR_SHORTHAND	GENMASK_ULL(19, 18)

/* Vector, delivery mode, polarity, trigger mode, mask; of the timer: vector, mask, timer mode. */
#define LVT_BITS	(GENMASK_ULL(10, 0) | BIT(13) | BIT(15) | BIT(16))
#define TIMER_BITS	(GENMASK_ULL(7, 0) | GENMASK_ULL(18, 16))

/**
 * struct rule - what may be written to a row of registers
 * @first:  the first of them
 * @last:   the last
 * @action: enum xapic_action
 * @bits:   that can be written; others are reserved, or tell something
 * @reason: why
 */
struct rule {
	u8 first;
	u8 last;
	u8 action;
	u32 bits;
	const char *reason;
};

static const struct rule rules[] = {
	{ APIC_REG_ID, APIC_REG_ID, XAPIC_IGNORE, 0,
	  "the id stays what it is; kernels write back what they read" },
	{ APIC_REG_TPR, APIC_REG_TPR, XAPIC_PASS, 0xff, "TPR" },
	{ APIC_REG_EOI, APIC_REG_EOI, XAPIC_PASS, 0, "EOI" },
	{ APIC_REG_LDR, APIC_REG_DFR, XAPIC_LOGICAL, 0xff000000,
	  "no logical id of the APIC's: it might be that of a CPU of Linux's" },
	{ APIC_REG_SVR, APIC_REG_SVR, XAPIC_SVR, 0x1ff,
	  "NMIs reach a disabled APIC too, so the doorbell still works" },
	{ APIC_REG_ESR, APIC_REG_ESR, XAPIC_PASS, 0, "ESR" },
	{ APIC_REG_LVT_CMCI, APIC_REG_LVT_CMCI, XAPIC_LVT, LVT_BITS, "LVT CMCI" },
	{ APIC_REG_ICR, APIC_REG_ICR, XAPIC_ICR, ~0U, "every IPI is checked" },
	{ APIC_REG_ICR_HIGH, APIC_REG_ICR_HIGH, XAPIC_ICR_HIGH, 0xff000000, "sends nothing yet" },
	{ APIC_REG_LVT_TIMER, APIC_REG_LVT_TIMER, XAPIC_LVT, TIMER_BITS, "LVT timer" },
	{ APIC_REG_LVT_TIMER + 1, APIC_REG_LVT_ERROR, XAPIC_LVT, LVT_BITS, "LVT thermal to error" },
	{ APIC_REG_TIMER_COUNT, APIC_REG_TIMER_COUNT, XAPIC_PASS, ~0U, "timer initial count" },
	{ APIC_REG_TIMER_DIVIDE, APIC_REG_TIMER_DIVIDE, XAPIC_PASS, 0xb, "timer divide" },
};

static const struct rule *rule_find(u32 reg)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (reg >= rules[i].first && reg <= rules[i].last)
			return &rules[i];
	return NULL;
}

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
	const struct rule *rule = rule_find(offset / APIC_STRIDE);

	return rule && !(offset % APIC_STRIDE) ? rule->action : XAPIC_REFUSE;
}

/**
 * xapic_writable() - which bits of a register can be written?
 * @reg: the register
 *
 * In memory the others are ignored; an APIC in x2APIC mode refuses a value that has them.
 *
 * Return: mask of bits.
 */
u32 xapic_writable(enum apic_register reg)
{
	const struct rule *rule = rule_find(reg);

	return rule ? rule->bits : 0;
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

	if (dest == XAPIC_DEST_ALL)
		dest = ~0U;
	else if (low & ICR_LOGICAL)
		dest = 0;
	return (u64)dest << 32 | low;
}

/**
 * xapic_is_logical() - does a command name CPUs by logical ids?
 * @high: second half of the ICR
 * @low:  its first half
 *
 * Return: false where there is a shorthand, and for everybody, who is everybody either way.
 */
bool xapic_is_logical(u32 high, u32 low)
{
	return low & ICR_LOGICAL && !(low & ICR_SHORTHAND) && high >> 24 != XAPIC_DEST_ALL;
}

/* SDM vol. 3, 12.6.2.2: flat, a bit for each CPU; clusters of four, whose number is in front. */
static bool accepts(const struct xapic_logical *logical, u32 dest)
{
	u32 id = logical->ldr >> 24;

	if (logical->dfr >> 28 == 0xf)
		return id & dest;
	return id >> 4 == dest >> 4 && id & dest & 0xf;
}

/**
 * xapic_targets() - who answers by a logical id?
 * @logical: what the CPUs of the enclave have set, by CPU index
 * @nr:      how many those are
 * @dest:    destination, of eight bits, not XAPIC_DEST_ALL
 *
 * These ids are the hypervisor's and mean CPUs of the enclave only, whatever the guest sets.
 *
 * Return: mask of CPU indexes.
 */
u32 xapic_targets(const struct xapic_logical *logical, u32 nr, u32 dest)
{
	u32 targets = 0, i;

	for (i = 0; i < nr; i++)
		if (accepts(&logical[i], dest))
			targets |= BIT(i);
	return targets;
}
