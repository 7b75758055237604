// SPDX-License-Identifier: GPL-2.0-only
/* Changes of the mode of a local APIC. */
#include <kunit/test.h>

#include "irq/avic_posted/apic_mode.h"

#define BASE		0xfee00000ULL
#define BSP		0x100ULL
#define NOTHING		0x000ULL
#define INVALID		0x400ULL
#define XAPIC		0x800ULL
#define X2APIC		0xc00ULL

static const u64 modes[] = { NOTHING, INVALID, XAPIC, X2APIC };

/* SDM vol. 3, figure 12-27, one line for each arrow, and a mode may stay. */
static const struct {
	u64 from;
	u64 to;
} arrows[] = {
	{ NOTHING, NOTHING },
	{ NOTHING, XAPIC },
	{ XAPIC, XAPIC },
	{ XAPIC, NOTHING },
	{ XAPIC, X2APIC },
	{ X2APIC, X2APIC },
	{ X2APIC, NOTHING },
};

static bool is_arrow(u64 from, u64 to)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(arrows); i++)
		if (arrows[i].from == from && arrows[i].to == to)
			return true;
	return false;
}

static void each_mode_is_left_for_those_that_the_manual_names(struct kunit *test)
{
	u32 from, to, bsp;

	for (from = 0; from < 4; from++)
		for (to = 0; to < 4; to++)
			for (bsp = 0; bsp < 2; bsp++) {
				u64 base = bsp ? BASE | BSP : BASE;

				if (modes[from] == INVALID)
					continue;
				KUNIT_EXPECT_EQ_MSG(test, apic_base_permit(base | modes[from],
									   base | modes[to]),
						    is_arrow(modes[from], modes[to]),
						    "from %llx to %llx", modes[from], modes[to]);
			}
}

static void no_other_bit_may_change(struct kunit *test)
{
	u32 from, to, bit;

	for (from = 0; from < 4; from++)
		for (to = 0; to < 4; to++)
			for (bit = 0; bit < 64; bit++) {
				u64 value = (BASE | modes[to]) ^ 1ULL << bit;

				if (bit != 10 && bit != 11)
					KUNIT_EXPECT_FALSE(test,
							   apic_base_permit(BASE | modes[from],
									    value));
			}
}

static struct kunit_case apic_mode_cases[] = {
	KUNIT_CASE(each_mode_is_left_for_those_that_the_manual_names),
	KUNIT_CASE(no_other_bit_may_change),
	{}
};

static struct kunit_suite apic_mode_suite = {
	.name = "covirt-apic-mode",
	.test_cases = apic_mode_cases,
};

kunit_test_suites(&apic_mode_suite);
