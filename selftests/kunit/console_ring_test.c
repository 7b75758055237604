// SPDX-License-Identifier: GPL-2.0-only
/* The console ring: order, capacity, loss, wake-ups, damaged indexes. */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "core/console_ring.h"
#include "selftests/kunit/random.h"

#define CAPACITY	(CONSOLE_RING_SIZE - 1)

static int ring_init(struct kunit *test)
{
	struct console_ring *ring = vzalloc(sizeof(*ring));

	test->priv = ring;
	return ring ? 0 : -ENOMEM;
}

static void ring_exit(struct kunit *test)
{
	vfree(test->priv);
}

/* The n-th byte of every stream in here. */
static u8 byte_at(u64 n)
{
	return n * 7 + (n >> 8);
}

static u64 put_many(struct console_ring *ring, u64 from, u64 count)
{
	u64 i;

	for (i = 0; i < count; i++)
		console_ring_put(ring, byte_at(from + i));
	return from + count;
}

/* Takes up to @len bytes out and checks them. */
static u64 get_many(struct kunit *test, struct console_ring *ring, u64 from, u32 len)
{
	u8 buf[512];
	u32 got, i;

	while (len) {
		got = console_ring_get(ring, buf, min_t(u32, len, sizeof(buf)));
		if (!got)
			break;
		for (i = 0; i < got; i++)
			KUNIT_ASSERT_EQ(test, (int)buf[i], (int)byte_at(from + i));
		from += got;
		len -= got;
	}
	return from;
}

static void a_zeroed_ring_is_empty(struct kunit *test)
{
	struct console_ring *ring = test->priv;
	u8 byte = 0xee;

	KUNIT_EXPECT_TRUE(test, console_ring_empty(ring));
	KUNIT_EXPECT_EQ(test, console_ring_get(ring, &byte, 1), 0U);
	KUNIT_EXPECT_EQ(test, (int)byte, 0xee);
}

static void bytes_come_out_in_order(struct kunit *test)
{
	struct console_ring *ring = test->priv;

	put_many(ring, 0, 1000);
	KUNIT_EXPECT_FALSE(test, console_ring_empty(ring));
	KUNIT_EXPECT_EQ(test, get_many(test, ring, 0, 2000), 1000ULL);
	KUNIT_EXPECT_TRUE(test, console_ring_empty(ring));
	KUNIT_EXPECT_EQ(test, ring->bytes, 1000ULL);
	KUNIT_EXPECT_EQ(test, ring->lost, 0ULL);
}

static void get_gives_no_more_than_asked(struct kunit *test)
{
	struct console_ring *ring = test->priv;
	u8 buf[8];

	put_many(ring, 0, 5);
	KUNIT_EXPECT_EQ(test, console_ring_get(ring, buf, 0), 0U);
	KUNIT_EXPECT_EQ(test, console_ring_get(ring, buf, 3), 3U);
	KUNIT_EXPECT_EQ(test, console_ring_get(ring, buf, 8), 2U);
	KUNIT_EXPECT_EQ(test, (int)buf[0], (int)byte_at(3));
}

/* Indexes of the ring when the case begins. */
static const u32 starts[] = { 0, 1, CONSOLE_RING_SIZE / 2, CONSOLE_RING_SIZE - 2,
			      CONSOLE_RING_SIZE - 1 };

static void start_desc(const u32 *start, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "start %u", *start);
}

KUNIT_ARRAY_PARAM(start, starts, start_desc);

static void nothing_is_lost_up_to_the_capacity(struct kunit *test)
{
	const u32 *start = test->param_value;
	struct console_ring *ring = test->priv;

	ring->head = *start;
	ring->tail = *start;
	put_many(ring, 0, CAPACITY);
	KUNIT_EXPECT_EQ(test, ring->lost, 0ULL);
	KUNIT_EXPECT_EQ(test, get_many(test, ring, 0, CONSOLE_RING_SIZE), (u64)CAPACITY);
	KUNIT_EXPECT_TRUE(test, console_ring_empty(ring));
}

static void a_full_ring_drops_the_new_and_counts_it(struct kunit *test)
{
	const u32 *start = test->param_value;
	struct console_ring *ring = test->priv;

	ring->head = *start;
	ring->tail = *start;
	put_many(ring, 0, CAPACITY + 10);
	KUNIT_EXPECT_EQ(test, ring->lost, 10ULL);
	KUNIT_EXPECT_EQ(test, ring->bytes, (u64)CAPACITY);
	KUNIT_EXPECT_EQ(test, get_many(test, ring, 0, CONSOLE_RING_SIZE), (u64)CAPACITY);
	put_many(ring, 500, 3);
	KUNIT_EXPECT_EQ(test, get_many(test, ring, 500, 10), 503ULL);
	KUNIT_EXPECT_EQ(test, ring->lost, 10ULL);
}

static void random_traffic_keeps_order_over_many_laps(struct kunit *test)
{
	struct test_random random = { .state = 20260101 };
	struct console_ring *ring = test->priv;
	u64 in = 0, out = 0;

	while (in < 8ULL * CONSOLE_RING_SIZE) {
		in = put_many(ring, in, test_random_below(&random, CAPACITY + 1 - (in - out)));
		out = get_many(test, ring, out, test_random_below(&random, CONSOLE_RING_SIZE));
	}
	out = get_many(test, ring, out, CONSOLE_RING_SIZE);
	KUNIT_EXPECT_EQ(test, in, out);
	KUNIT_EXPECT_EQ(test, ring->lost, 0ULL);
}

static void only_an_armed_ring_notifies_and_only_once(struct kunit *test)
{
	struct console_ring *ring = test->priv;

	KUNIT_EXPECT_FALSE(test, console_ring_put(ring, 'a'));
	get_many(test, ring, 0, 0);
	ring->tail = ring->head;
	KUNIT_EXPECT_TRUE(test, console_ring_arm(ring));
	KUNIT_EXPECT_TRUE(test, console_ring_put(ring, 'b'));
	KUNIT_EXPECT_FALSE(test, console_ring_put(ring, 'c'));
	KUNIT_EXPECT_EQ(test, ring->armed, 0U);
}

/* The byte that came between the last get and arming must not be slept over. */
static void arming_tells_about_bytes_already_there(struct kunit *test)
{
	struct console_ring *ring = test->priv;

	put_many(ring, 0, 1);
	KUNIT_EXPECT_FALSE(test, console_ring_arm(ring));
	KUNIT_EXPECT_EQ(test, get_many(test, ring, 0, 10), 1ULL);
	KUNIT_EXPECT_TRUE(test, console_ring_put(ring, 'x'));
}

static void a_dropped_byte_notifies_too(struct kunit *test)
{
	struct console_ring *ring = test->priv;

	put_many(ring, 0, CAPACITY);
	console_ring_arm(ring);
	KUNIT_EXPECT_TRUE(test, console_ring_put(ring, 'x'));
	KUNIT_EXPECT_EQ(test, ring->lost, 1ULL);
}

struct damage {
	const char *name;
	u32 head, tail;
};

static const struct damage damages[] = {
	{ "head beyond the end", CONSOLE_RING_SIZE, 5 },
	{ "head far beyond the end", 0xffffffff, 0 },
	{ "tail beyond the end", 5, CONSOLE_RING_SIZE },
	{ "tail far beyond the end", 0, 0xffffffff },
	{ "both beyond the end", 0xfffffffe, 0xffffffff },
};

static void damage_desc(const struct damage *damage, char *desc)
{
	strscpy(desc, damage->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(damage, damages, damage_desc);

static void damaged_indexes_lose_text_but_no_memory(struct kunit *test)
{
	const struct damage *damage = test->param_value;
	struct console_ring *ring = test->priv;
	u8 buf[16];

	ring->head = damage->head;
	ring->tail = damage->tail;
	KUNIT_EXPECT_TRUE(test, console_ring_empty(ring));
	KUNIT_EXPECT_EQ(test, console_ring_get(ring, buf, sizeof(buf)), 0U);
	console_ring_put(ring, 'x');
	if (damage->head >= CONSOLE_RING_SIZE)
		KUNIT_EXPECT_EQ(test, ring->lost, 1ULL);
	else
		KUNIT_EXPECT_EQ(test, (int)ring->data[damage->head], (int)'x');
}

static struct kunit_case console_ring_cases[] = {
	KUNIT_CASE(a_zeroed_ring_is_empty),
	KUNIT_CASE(bytes_come_out_in_order),
	KUNIT_CASE(get_gives_no_more_than_asked),
	KUNIT_CASE_PARAM(nothing_is_lost_up_to_the_capacity, start_gen_params),
	KUNIT_CASE_PARAM(a_full_ring_drops_the_new_and_counts_it, start_gen_params),
	KUNIT_CASE(random_traffic_keeps_order_over_many_laps),
	KUNIT_CASE(only_an_armed_ring_notifies_and_only_once),
	KUNIT_CASE(arming_tells_about_bytes_already_there),
	KUNIT_CASE(a_dropped_byte_notifies_too),
	KUNIT_CASE_PARAM(damaged_indexes_lose_text_but_no_memory, damage_gen_params),
	{}
};

static struct kunit_suite console_ring_suite = {
	.name = "covirt-console-ring",
	.init = ring_init,
	.exit = ring_exit,
	.test_cases = console_ring_cases,
};

kunit_test_suites(&console_ring_suite);

MODULE_DESCRIPTION("Covirt: console ring tests");
MODULE_LICENSE("GPL");
