// SPDX-License-Identifier: GPL-2.0-only
/* Screening: an interrupt that nothing explains is dropped, one that was announced comes once. */
#include <kunit/test.h>

#include "irq/avic_posted/screen.h"

struct explained {
	struct vectors own;
	struct vectors granted;
	struct vectors expected;
	struct screen screen;
};

static struct explained *nothing(struct kunit *test)
{
	struct explained *by = kunit_kzalloc(test, sizeof(*by), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, by);
	by->screen = (struct screen) { &by->own, &by->granted, &by->expected };
	return by;
}

static u32 admitted(struct explained *by)
{
	u32 vector, count = 0;

	for (vector = 0; vector < 256; vector++)
		count += screen_admit(&by->screen, vector);
	return count;
}

static void screen_drops_what_nothing_explains(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, admitted(nothing(test)), 0U);
}

/* Every vector for itself, so that no bit of a set stands for another. */
static void screen_admits_own_and_granted_vectors_always(struct kunit *test)
{
	u32 vector;

	for (vector = 0; vector < 256; vector++) {
		struct explained *by = nothing(test);

		vectors_add(vector & 1 ? &by->own : &by->granted, vector);
		KUNIT_EXPECT_EQ(test, admitted(by), 1U);
		KUNIT_EXPECT_TRUE(test, screen_admit(&by->screen, vector));
		KUNIT_EXPECT_TRUE(test, screen_admit(&by->screen, vector));
	}
}

static void screen_admits_an_expected_vector_once(struct kunit *test)
{
	u32 vector;

	for (vector = 0; vector < 256; vector++) {
		struct explained *by = nothing(test);

		vectors_add_shared(&by->expected, vector);
		KUNIT_EXPECT_EQ(test, admitted(by), 1U);
		KUNIT_EXPECT_FALSE(test, screen_admit(&by->screen, vector));
		vectors_add_shared(&by->expected, vector);
		vectors_add_shared(&by->expected, vector);
		KUNIT_EXPECT_TRUE(test, screen_admit(&by->screen, vector));
		KUNIT_EXPECT_FALSE(test, screen_admit(&by->screen, vector));
	}
}

/* Else it would explain a stranger later. */
static void screen_forgets_what_came_for_another_reason_too(struct kunit *test)
{
	struct explained *by = nothing(test);

	vectors_add(&by->granted, 0x40);
	vectors_add_shared(&by->expected, 0x40);
	KUNIT_EXPECT_TRUE(test, screen_admit(&by->screen, 0x40));
	by->granted = (struct vectors) {};
	KUNIT_EXPECT_FALSE(test, screen_admit(&by->screen, 0x40));
}

static struct kunit_case screen_cases[] = {
	KUNIT_CASE(screen_drops_what_nothing_explains),
	KUNIT_CASE(screen_admits_own_and_granted_vectors_always),
	KUNIT_CASE(screen_admits_an_expected_vector_once),
	KUNIT_CASE(screen_forgets_what_came_for_another_reason_too),
	{}
};

static struct kunit_suite screen_suite = {
	.name = "covirt-screen",
	.test_cases = screen_cases,
};

kunit_test_suites(&screen_suite);
