// SPDX-License-Identifier: GPL-2.0-only
/* The ring of last exits, and the histogram of what exits take. */
#include <kunit/test.h>

#include "core/linux/recent.h"

/* Writes exits as run_count_exit() of core/run.h does; each can be told by its number. */
static void write_exits(struct covirt_status *status, u32 count)
{
	while (count--) {
		u32 at = status->nr_recent % COVIRT_RECENT_EXITS;

		status->recent[at].rax = status->nr_recent;
		status->recent_tsc[at] = status->nr_recent + 1000ULL;
		status->nr_recent++;
	}
}

static struct covirt_status *status_at(struct kunit *test, u32 number)
{
	struct covirt_status *status = kunit_kzalloc(test, sizeof(*status), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, status);
	status->nr_recent = number;
	return status;
}

static void expect_drained(struct kunit *test, const struct recent_drained *drained, u32 lost,
			   u32 first, u32 nr)
{
	u32 i;

	KUNIT_EXPECT_EQ(test, drained->lost, lost);
	KUNIT_EXPECT_EQ(test, drained->nr, nr);
	KUNIT_EXPECT_EQ(test, drained->first, first);
	for (i = 0; i < drained->nr; i++) {
		KUNIT_EXPECT_EQ(test, drained->exit[i].rax, first + i);
		KUNIT_EXPECT_EQ(test, drained->tsc[i], (first + i) + 1000ULL);
	}
}

static void recent_drain_of_nothing_is_empty(struct kunit *test)
{
	struct covirt_status *status = status_at(test, 0);
	struct recent_drained drained;
	u32 seen = 0;

	recent_drain(status, &seen, &drained);
	expect_drained(test, &drained, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, seen, 0U);
}

static void recent_drain_tells_each_exit_once(struct kunit *test)
{
	struct covirt_status *status = status_at(test, 0);
	struct recent_drained drained;
	u32 seen = 0, count, total = 0;

	for (count = 0; count < COVIRT_RECENT_EXITS; count++) {
		write_exits(status, count);
		recent_drain(status, &seen, &drained);
		expect_drained(test, &drained, 0, total, count);
		total += count;
		KUNIT_EXPECT_EQ(test, seen, total);
	}
}

/* Of sixteen the oldest may be half overwritten by the next one. */
static void recent_drain_says_what_is_lost(struct kunit *test)
{
	struct covirt_status *status = status_at(test, 0);
	struct recent_drained drained;
	u32 seen = 0;

	write_exits(status, COVIRT_RECENT_EXITS);
	recent_drain(status, &seen, &drained);
	expect_drained(test, &drained, 1, 1, COVIRT_RECENT_EXITS - 1);
	write_exits(status, 1000);
	recent_drain(status, &seen, &drained);
	expect_drained(test, &drained, 1000 - (COVIRT_RECENT_EXITS - 1),
		       COVIRT_RECENT_EXITS + 1000 - (COVIRT_RECENT_EXITS - 1),
		       COVIRT_RECENT_EXITS - 1);
	KUNIT_EXPECT_EQ(test, seen, 1000U + COVIRT_RECENT_EXITS);
}

static void recent_drain_goes_on_when_the_count_wraps(struct kunit *test)
{
	struct covirt_status *status = status_at(test, U32_MAX - 2);
	struct recent_drained drained;
	u32 seen = U32_MAX - 2;

	write_exits(status, 6);
	KUNIT_EXPECT_EQ(test, status->nr_recent, 3U);
	recent_drain(status, &seen, &drained);
	KUNIT_EXPECT_EQ(test, drained.lost, 0U);
	KUNIT_EXPECT_EQ(test, drained.nr, 6U);
	KUNIT_EXPECT_EQ(test, drained.exit[5].rax, 2U);
	KUNIT_EXPECT_EQ(test, seen, 3U);
}

/* A hypervisor that went wrong: whatever it writes, no more than the ring is read. */
static void recent_drain_trusts_no_count(struct kunit *test)
{
	static const u32 counts[] = { 0, 1, 15, 16, 17, 0x7fffffff, 0x80000000, U32_MAX };
	struct recent_drained drained;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		for (j = 0; j < ARRAY_SIZE(counts); j++) {
			u32 seen = counts[j];

			recent_drain(status_at(test, counts[i]), &seen, &drained);
			KUNIT_EXPECT_LT(test, drained.nr, (u32)COVIRT_RECENT_EXITS);
			KUNIT_EXPECT_EQ(test, drained.lost + drained.nr, counts[i] - counts[j]);
			KUNIT_EXPECT_EQ(test, seen, counts[i]);
		}
}

/* Exits that come while the ring is copied cost the oldest, up to all of them. */
static void recent_settle_forgets_what_was_overwritten(struct kunit *test)
{
	u32 came;

	for (came = 0; came < 2 * COVIRT_RECENT_EXITS; came++) {
		struct covirt_status *status = status_at(test, 0);
		struct recent_drained drained;
		u32 seen = 0, gone;

		write_exits(status, 10);
		recent_drain(status, &seen, &drained);
		recent_settle(&drained, 10 + came);
		gone = came < 6 ? 0 : min(came - 5, 10U);
		expect_drained(test, &drained, gone, gone, 10 - gone);
	}
}

static void recent_first_leaves_out_what_may_be_overwritten(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, recent_first(0, 0), 0U);
	KUNIT_EXPECT_EQ(test, recent_first(0, 15), 0U);
	KUNIT_EXPECT_EQ(test, recent_first(0, 16), 1U);
	KUNIT_EXPECT_EQ(test, recent_first(10, 25), 10U);
	KUNIT_EXPECT_EQ(test, recent_first(10, 26), 11U);
	KUNIT_EXPECT_EQ(test, recent_first(10, 1000), 985U);
	KUNIT_EXPECT_EQ(test, recent_first(U32_MAX, 14), U32_MAX);
	KUNIT_EXPECT_EQ(test, recent_first(U32_MAX, 15), 0U);
}

static void cycles_bucket_is_the_highest_bit(struct kunit *test)
{
	u32 bucket;

	KUNIT_EXPECT_EQ(test, cycles_bucket(0), 0U);
	for (bucket = 0; bucket < CYCLES_BUCKETS; bucket++) {
		KUNIT_EXPECT_EQ(test, cycles_bucket(1ULL << bucket), bucket);
		KUNIT_EXPECT_EQ(test, cycles_bucket((2ULL << bucket) - 1), bucket);
		KUNIT_EXPECT_EQ(test, cycles_bucket(cycles_first(bucket)), bucket);
	}
}

static void cycles_bucket_has_an_end(struct kunit *test)
{
	u32 bit;

	for (bit = CYCLES_BUCKETS; bit < 64; bit++)
		KUNIT_EXPECT_EQ(test, cycles_bucket(1ULL << bit), CYCLES_BUCKETS - 1U);
	KUNIT_EXPECT_EQ(test, cycles_bucket(U64_MAX), CYCLES_BUCKETS - 1U);
}

static struct kunit_case recent_cases[] = {
	KUNIT_CASE(recent_drain_of_nothing_is_empty),
	KUNIT_CASE(recent_drain_tells_each_exit_once),
	KUNIT_CASE(recent_drain_says_what_is_lost),
	KUNIT_CASE(recent_drain_goes_on_when_the_count_wraps),
	KUNIT_CASE(recent_drain_trusts_no_count),
	KUNIT_CASE(recent_settle_forgets_what_was_overwritten),
	KUNIT_CASE(recent_first_leaves_out_what_may_be_overwritten),
	KUNIT_CASE(cycles_bucket_is_the_highest_bit),
	KUNIT_CASE(cycles_bucket_has_an_end),
	{}
};

static struct kunit_suite recent_suite = {
	.name = "covirt-recent",
	.test_cases = recent_cases,
};

kunit_test_suites(&recent_suite);
