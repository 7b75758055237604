// SPDX-License-Identifier: GPL-2.0-only
/* Filtering: an interrupt that nothing explains is dropped, one that was announced comes once. */
#include <kunit/test.h>

#include "irq/avic_posted/irq_filter.h"

struct explained {
	struct vectors own;
	struct vectors granted;
	struct vectors expected;
	struct irq_filter filter;
};

static struct explained *nothing(struct kunit *test)
{
	struct explained *by = kunit_kzalloc(test, sizeof(*by), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, by);
	by->filter = (struct irq_filter) { &by->own, &by->granted, &by->expected };
	return by;
}

static u32 admitted(struct explained *by)
{
	u32 vector, count = 0;

	for (vector = 0; vector < 256; vector++)
		count += irq_filter_admit(&by->filter, vector);
	return count;
}

static void irq_filter_drops_what_nothing_explains(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, admitted(nothing(test)), 0U);
}

/* Every vector for itself, so that no bit of a set stands for another. */
static void irq_filter_admits_own_and_granted_vectors_always(struct kunit *test)
{
	u32 vector;

	for (vector = 0; vector < 256; vector++) {
		struct explained *by = nothing(test);

		vectors_add(vector & 1 ? &by->own : &by->granted, vector);
		KUNIT_EXPECT_EQ(test, admitted(by), 1U);
		KUNIT_EXPECT_TRUE(test, irq_filter_admit(&by->filter, vector));
		KUNIT_EXPECT_TRUE(test, irq_filter_admit(&by->filter, vector));
	}
}

static void irq_filter_admits_an_expected_vector_once(struct kunit *test)
{
	u32 vector;

	for (vector = 0; vector < 256; vector++) {
		struct explained *by = nothing(test);

		vectors_add_shared(&by->expected, vector);
		KUNIT_EXPECT_EQ(test, admitted(by), 1U);
		KUNIT_EXPECT_FALSE(test, irq_filter_admit(&by->filter, vector));
		vectors_add_shared(&by->expected, vector);
		vectors_add_shared(&by->expected, vector);
		KUNIT_EXPECT_TRUE(test, irq_filter_admit(&by->filter, vector));
		KUNIT_EXPECT_FALSE(test, irq_filter_admit(&by->filter, vector));
	}
}

/* Else it would explain a stranger later. */
static void irq_filter_forgets_what_came_for_another_reason_too(struct kunit *test)
{
	struct explained *by = nothing(test);

	vectors_add(&by->granted, 0x40);
	vectors_add_shared(&by->expected, 0x40);
	KUNIT_EXPECT_TRUE(test, irq_filter_admit(&by->filter, 0x40));
	by->granted = (struct vectors) {};
	KUNIT_EXPECT_FALSE(test, irq_filter_admit(&by->filter, 0x40));
}

static struct kunit_case irq_filter_cases[] = {
	KUNIT_CASE(irq_filter_drops_what_nothing_explains),
	KUNIT_CASE(irq_filter_admits_own_and_granted_vectors_always),
	KUNIT_CASE(irq_filter_admits_an_expected_vector_once),
	KUNIT_CASE(irq_filter_forgets_what_came_for_another_reason_too),
	{}
};

static struct kunit_suite irq_filter_suite = {
	.name = "covirt-irq-filter",
	.test_cases = irq_filter_cases,
};

kunit_test_suites(&irq_filter_suite);
