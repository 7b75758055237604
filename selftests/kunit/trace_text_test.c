// SPDX-License-Identifier: GPL-2.0-only
/* Texts in trace events. */
#include <kunit/test.h>

#include "controller/hv/trace_text.h"

/* A ring buffer has old bytes where an event is laid out. */
static void nothing_old_is_behind_a_text(struct kunit *test)
{
	char text[TRACE_WORD];

	memset(text, 'x', sizeof(text));
	trace_text(text, "io");
	KUNIT_EXPECT_STREQ(test, text, "io");
	KUNIT_EXPECT_NULL(test, memchr_inv(text + 2, 0, sizeof(text) - 2));
}

static void a_text_that_is_too_long_ends(struct kunit *test)
{
	char text[4];

	trace_text(text, "msr_write");
	KUNIT_EXPECT_STREQ(test, text, "msr");
}

static struct kunit_case trace_text_cases[] = {
	KUNIT_CASE(nothing_old_is_behind_a_text),
	KUNIT_CASE(a_text_that_is_too_long_ends),
	{}
};

static struct kunit_suite trace_text_suite = {
	.name = "covirt-trace-text",
	.test_cases = trace_text_cases,
};

kunit_test_suite(trace_text_suite);
