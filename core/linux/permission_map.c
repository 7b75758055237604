// SPDX-License-Identifier: GPL-2.0-only
/* Compiling the policies into permission maps: one walk over the rules, two layouts. */
#include "core/config.h"
#include "core/linux/permission_map.h"
#include "core/msr_policy.h"

static void bit_clear(u8 *map, u32 bit)
{
	map[bit / 8] &= ~(1U << bit % 8);
}

static bool passes(u8 action, u32 interrupts)
{
	return action == MSR_PASS ||
	       (action == MSR_SELF_IPI && interrupts == COVIRT_INTERRUPTS_DIRECT);
}

static void msr_open(const struct permission_format *format, u8 *map, u32 msr,
		     const struct msr_rule *rule, u32 interrupts)
{
	u32 i, bit;

	for (i = 0; i < format->nr_ranges; i++) {
		if (msr - format->first[i] >= PERMISSION_RANGE_LEN)
			continue;
		bit = i * format->range_bits + (msr - format->first[i]) * format->msr_bits;
		if (passes(rule->read, interrupts))
			bit_clear(map, bit);
		if (passes(rule->write, interrupts))
			bit_clear(map, bit + format->write_bits);
	}
}

/**
 * permission_msr_map() - compile the MSR policy
 * @format: the vendor's layout
 * @map:    msr_size bytes
 * @interrupts: enum covirt_interrupts
 *
 * All-ones, then the rules that pass.
 */
void permission_msr_map(const struct permission_format *format, void *map, u32 interrupts)
{
	const struct msr_rule *rule;
	u32 msr;

	memset(map, 0xff, format->msr_size);
	for (rule = msr_rules; rule < msr_rules + msr_nr_rules; rule++)
		for (msr = rule->first; msr <= rule->last; msr++)
			msr_open(format, map, msr, rule, interrupts);
}

/**
 * permission_port_map() - compile the port policy
 * @format: the vendor's layout
 * @map:    port_size bytes
 *
 * No port is passed: all-ones to the end, behind the last port too, where an
 * access at 0xFFFF that is wider than a byte looks (APM vol. 2, 15.10.1).
 */
void permission_port_map(const struct permission_format *format, void *map)
{
	memset(map, 0xff, format->port_size);
}
