// SPDX-License-Identifier: GPL-2.0-only
/* The ICR filter: without routes, a CPU may interrupt itself and nobody else. */
#include <kunit/test.h>

#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"

#define SELF	0x25	/* cluster 2, bit 5 */

static u64 icr_value(u32 dest, u32 shorthand, bool logical, u32 mode, u32 vector)
{
	return (u64)dest << 32 | shorthand << 18 | (u32)logical << 11 | mode << 8 | vector;
}

static bool permitted(u64 value)
{
	struct icr_order order;

	return icr_permit(value, SELF, &order);
}

static void icr_decodes_every_field(struct kunit *test)
{
	struct icr icr = icr_decode(icr_value(0x12345678, ICR_ALL, true, ICR_NMI, 0xfe));

	KUNIT_EXPECT_EQ(test, icr.dest, 0x12345678U);
	KUNIT_EXPECT_EQ(test, icr.shorthand, ICR_ALL);
	KUNIT_EXPECT_TRUE(test, icr.logical);
	KUNIT_EXPECT_EQ(test, icr.mode, ICR_NMI);
	KUNIT_EXPECT_EQ(test, icr.vector, 0xfe);
}

static const struct {
	const char *what;
	u32 dest, shorthand;
	bool logical, self;
} destinations[] = {
	{ "self by id", SELF, ICR_NO_SHORTHAND, false, true },
	{ "self by shorthand, destination ignored", 0, ICR_SELF, false, true },
	{ "self by logical id", 0x20020, ICR_NO_SHORTHAND, true, true },
	{ "another CPU", SELF + 1, ICR_NO_SHORTHAND, false, false },
	{ "APIC id 0", 0, ICR_NO_SHORTHAND, false, false },
	{ "broadcast id", 0xffffffff, ICR_NO_SHORTHAND, false, false },
	{ "xAPIC broadcast id", 0xff, ICR_NO_SHORTHAND, false, false },
	{ "all", SELF, ICR_ALL, false, false },
	{ "all but self", SELF, ICR_ALL_BUT_SELF, false, false },
	{ "self and a neighbour by logical id", 0x20060, ICR_NO_SHORTHAND, true, false },
	{ "same bit of another cluster", 0x30020, ICR_NO_SHORTHAND, true, false },
	{ "own id as a logical id", SELF, ICR_NO_SHORTHAND, true, false },
	{ "logical broadcast", 0xffffffff, ICR_NO_SHORTHAND, true, false },
	{ "nobody by logical id", 0, ICR_NO_SHORTHAND, true, false },
};

/* Every destination with every delivery mode and every vector. */
static void icr_permits_only_fixed_vectors_to_itself(struct kunit *test)
{
	u32 d, mode, vector;

	for (d = 0; d < ARRAY_SIZE(destinations); d++)
		for (mode = 0; mode < 8; mode++)
			for (vector = 0; vector < 256; vector++) {
				bool want = destinations[d].self && mode == ICR_FIXED &&
					    vector >= 16;
				u64 value = icr_value(destinations[d].dest,
						      destinations[d].shorthand,
						      destinations[d].logical, mode, vector);

				KUNIT_ASSERT_EQ_MSG(test, permitted(value), want,
						    "%s, mode %u, vector %u",
						    destinations[d].what, mode, vector);
			}
}

static void icr_ignores_level_trigger_and_reserved_bits(struct kunit *test)
{
	u64 self = icr_value(SELF, ICR_NO_SHORTHAND, false, ICR_FIXED, 0x40);
	u64 other = icr_value(SELF + 1, ICR_NO_SHORTHAND, false, ICR_FIXED, 0x40);
	u64 noise = BIT(12) | BIT(13) | BIT(14) | BIT(15) | GENMASK_ULL(31, 20);

	KUNIT_EXPECT_TRUE(test, permitted(self | noise));
	KUNIT_EXPECT_FALSE(test, permitted(other | noise));
}

/* A level-triggered self-IPI would have its EOI broadcast to Linux's IOAPICs. */
static void icr_orders_a_self_ipi_and_no_more_than_the_vector(struct kunit *test)
{
	struct icr_order order = {};

	KUNIT_ASSERT_TRUE(test, icr_permit(~0ULL << 20 | ICR_SELF << 18 | BIT(15) | BIT(14) | 0x31,
					   SELF, &order));
	KUNIT_EXPECT_EQ(test, order.msr, 0x83fU);
	KUNIT_EXPECT_EQ(test, order.value, 0x31ULL);
}

#define MASKED	BIT(16)
#define MODE(m)	((u64)(m) << 8)

static const struct {
	const char *what;
	u32 msr;
	u64 value;
	bool pass;
	u64 out;
} lvt_cases[] = {
	{ "error, fixed", 0x837, 0xfe, true, 0xfe },
	{ "performance, fixed", 0x834, 0xf0, true, 0xf0 },
	{ "performance, NMI", 0x834, MODE(ICR_NMI), false },
	{ "performance, NMI, masked", 0x834, MODE(ICR_NMI) | MASKED, true, MODE(ICR_NMI) | MASKED },
	{ "thermal, SMI", 0x833, MODE(ICR_SMI), false },
	{ "thermal, SMI, masked", 0x833, MODE(ICR_SMI) | MASKED, false },
	{ "thermal, INIT", 0x833, MODE(ICR_INIT), false },
	{ "CMCI, ExtINT", 0x82f, MODE(ICR_EXTINT), false },
	{ "LINT0, ExtINT", 0x835, MODE(ICR_EXTINT), true, MODE(ICR_EXTINT) | MASKED },
	{ "LINT0, fixed", 0x835, 0x30, true, 0x30 | MASKED },
	{ "LINT1, NMI", 0x836, MODE(ICR_NMI), true, MODE(ICR_NMI) | MASKED },
	{ "LINT1, INIT", 0x836, MODE(ICR_INIT) | MASKED, false },
	{ "LINT0, SMI", 0x835, MODE(ICR_SMI), false },
	{ "timer, TSC deadline", 0x832, 0x40 | BIT(18), true, 0x40 | BIT(18) },
	{ "timer, reserved bit", 0x832, 0x20ec | BIT(17) | MASKED, false },
	{ "timer, periodic, masked, delivery pending", 0x832, 0x10ec | BIT(17) | MASKED, true,
	  0x10ec | BIT(17) | MASKED },
	{ "timer, SMI", 0x832, MODE(ICR_SMI) | 0x40, false },
	{ "timer, NMI", 0x832, MODE(ICR_NMI) | 0x40, false },
	{ "timer, NMI, masked", 0x832, MODE(ICR_NMI) | MASKED, false },
	{ "timer, ExtINT", 0x832, MODE(ICR_EXTINT), false },
};

static void lvt_refuses_what_leaves_the_cpu_and_masks_the_pins(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lvt_cases); i++) {
		u64 value = lvt_cases[i].value;
		bool pass = lvt_filter(lvt_cases[i].msr, &value);

		KUNIT_EXPECT_EQ_MSG(test, pass, lvt_cases[i].pass, "%s", lvt_cases[i].what);
		if (pass)
			KUNIT_EXPECT_EQ_MSG(test, value, lvt_cases[i].out, "%s",
					    lvt_cases[i].what);
	}
}

static struct kunit_case icr_cases[] = {
	KUNIT_CASE(icr_decodes_every_field),
	KUNIT_CASE(icr_permits_only_fixed_vectors_to_itself),
	KUNIT_CASE(icr_ignores_level_trigger_and_reserved_bits),
	KUNIT_CASE(icr_orders_a_self_ipi_and_no_more_than_the_vector),
	KUNIT_CASE(lvt_refuses_what_leaves_the_cpu_and_masks_the_pins),
	{}
};

static struct kunit_suite icr_suite = {
	.name = "covirt-icr",
	.test_cases = icr_cases,
};

kunit_test_suites(&icr_suite);
