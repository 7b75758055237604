// SPDX-License-Identifier: GPL-2.0-only
/* The input ring: order, capacity, wrap-around of the counts, damaged counts. */
#include <kunit/test.h>

#include "core/input_ring.h"
#include "selftests/kunit/random.h"

static u8 byte_at(u32 n)
{
	return n * 7 + (n >> 8);
}

static u32 put_many(struct input_ring *ring, const u32 *tail, u32 from, u32 count)
{
	u8 buf[64];
	u32 i, len = min_t(u32, count, sizeof(buf));

	for (i = 0; i < len; i++)
		buf[i] = byte_at(from + i);
	return input_ring_put(ring, tail, buf, len);
}

static struct input_ring *ring_at(struct kunit *test, u32 count)
{
	struct input_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ring);
	ring->head = count;
	return ring;
}

static void is_empty_at_first(struct kunit *test)
{
	struct input_ring *ring = ring_at(test, 0);
	u32 tail = 0;
	bool emptied;
	u8 byte;

	KUNIT_EXPECT_FALSE(test, input_ring_get(ring, &tail, &byte, &emptied));
	KUNIT_EXPECT_EQ(test, input_ring_space(ring, &tail), (u32)INPUT_RING_SIZE);
}

static void takes_what_it_has_room_for(struct kunit *test)
{
	struct input_ring *ring = ring_at(test, 0);
	u32 tail = 0, n = 0, got;

	while ((got = put_many(ring, &tail, n, 60)))
		n += got;
	KUNIT_EXPECT_EQ(test, n, (u32)INPUT_RING_SIZE);
	KUNIT_EXPECT_EQ(test, input_ring_space(ring, &tail), 0U);
}

/* Across the end of the memory and of the counts, in pieces of random length. */
static void keeps_the_order(struct kunit *test)
{
	u32 start = -1000U, tail = start, in = 0, out = 0;
	struct input_ring *ring = ring_at(test, start);
	struct test_random random = { .state = 1 };
	bool emptied;
	u8 byte;

	while (out < 20000) {
		u32 n = test_random_below(&random, 100);

		in += put_many(ring, &tail, in, test_random_below(&random, 64));
		while (n-- && input_ring_get(ring, &tail, &byte, &emptied)) {
			KUNIT_ASSERT_EQ(test, byte, byte_at(out));
			out++;
			KUNIT_ASSERT_EQ(test, emptied, in == out);
		}
	}
}

static void damaged_counts_lose_text_but_no_memory(struct kunit *test)
{
	struct input_ring *ring = ring_at(test, 5);
	u32 tail = 6;
	bool emptied;
	u8 byte;

	KUNIT_EXPECT_FALSE(test, input_ring_get(ring, &tail, &byte, &emptied));
	tail = 5 - INPUT_RING_SIZE - 1;
	KUNIT_EXPECT_FALSE(test, input_ring_get(ring, &tail, &byte, &emptied));
	KUNIT_EXPECT_EQ(test, tail, 5 - INPUT_RING_SIZE - 1U);
	KUNIT_EXPECT_EQ(test, put_many(ring, &tail, 0, 10), 10U);
}

static struct kunit_case input_ring_cases[] = {
	KUNIT_CASE(is_empty_at_first),
	KUNIT_CASE(takes_what_it_has_room_for),
	KUNIT_CASE(keeps_the_order),
	KUNIT_CASE(damaged_counts_lose_text_but_no_memory),
	{}
};

static struct kunit_suite input_ring_suite = {
	.name = "covirt-input-ring",
	.test_cases = input_ring_cases,
};

kunit_test_suites(&input_ring_suite);
