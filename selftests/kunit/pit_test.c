// SPDX-License-Identifier: GPL-2.0-only
/* The interval timer as kernels measure by it: its rate, its modes, and port 0x61. */
#include <kunit/test.h>

#include "core/pit.h"

enum { COUNT0 = 0x40, COUNT2 = 0x42, CONTROL = 0x43, GATE = 0x61 };

#define OUTPUT		0x20
#define REFRESH		0x10
#define HZ_3G		3000000000ULL
#define BEGIN		123456789012345ULL	/* TSC at which tests begin */

/* Half a tick beyond @ticks: where no rounding matters. */
static u64 tsc_at(u64 hz, u64 ticks)
{
	return BEGIN + (u64)div_u64(ticks * 2 + 1, 2 * PIT_HZ) * hz +
	       div_u64(((ticks * 2 + 1) % (2 * PIT_HZ)) * hz, 2 * PIT_HZ);
}

static void out(struct pit *pit, u16 port, u8 value, u64 tsc)
{
	pit_out(pit, port, value, HZ_3G, tsc);
}

static u8 in(struct pit *pit, u16 port, u64 ticks)
{
	return pit_in(pit, port, HZ_3G, tsc_at(HZ_3G, ticks));
}

static u32 in16(struct pit *pit, u16 port, u64 ticks)
{
	u32 low = in(pit, port, ticks);

	return low | in(pit, port, ticks) << 8;
}

static void program(struct pit *pit, u16 port, u8 control, u16 count)
{
	out(pit, CONTROL, control, BEGIN);
	out(pit, port, count, BEGIN);
	out(pit, port, count >> 8, BEGIN);
}

static bool output_at(struct pit *pit, u64 ticks)
{
	return in(pit, GATE, ticks) & OUTPUT;
}

static const u64 rates[] = { 1000000, 2599999000ULL, HZ_3G, 9999999000ULL };

/* The figure by which any kernel divides: 1193182 ticks are a second, to the last of them. */
static void it_runs_at_1193182_hz(struct kunit *test)
{
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		for (n = 0; n < 50; n++) {
			u64 hz = rates[i], tsc = BEGIN + n * hz;
			struct pit pit = {};
			u32 low;

			pit_out(&pit, CONTROL, 0x30, hz, BEGIN);
			pit_out(&pit, COUNT0, 0, hz, BEGIN);
			pit_out(&pit, COUNT0, 0, hz, BEGIN);
			low = pit_in(&pit, COUNT0, hz, tsc);
			KUNIT_EXPECT_EQ(test, low | pit_in(&pit, COUNT0, hz, tsc) << 8,
					(u16)(0x10000 - n * 1193182));
		}
}

/* As Linux does it: gate open, mode 0, and waiting for bit 5. */
static void channel_2_in_mode_0_raises_bit_5_when_its_count_has_ended(struct kunit *test)
{
	const u32 count = 11932;	/* 10 ms */
	struct pit pit = {};

	out(&pit, GATE, 0x01, BEGIN);
	out(&pit, CONTROL, 0xb0, BEGIN);
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 100000));
	out(&pit, COUNT2, count & 0xff, BEGIN);
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 100000));	/* half a count is none */
	out(&pit, COUNT2, count >> 8, BEGIN);
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 0));
	KUNIT_EXPECT_FALSE(test, output_at(&pit, count - 1));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, count));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 1000000000));
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, 0), count);
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, 1000), count - 1000);
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, count + 1), 0xffffU);	/* it goes on */
}

/* A square wave: high for the first half of each period, and the count goes by twos. */
static void channel_2_in_mode_3_is_a_square_wave(struct kunit *test)
{
	struct pit pit = {};
	u32 n;

	out(&pit, GATE, 0x03, BEGIN);
	program(&pit, COUNT2, 0xb6, 1000);
	for (n = 0; n < 5000; n++) {
		KUNIT_ASSERT_EQ(test, output_at(&pit, n), n % 1000 < 500);
		KUNIT_ASSERT_EQ(test, in16(&pit, COUNT2, n), 1000 - n % 500 * 2);
	}
	program(&pit, COUNT2, 0xb6, 7);		/* an odd one is high for the longer half */
	for (n = 0; n < 70; n++)
		KUNIT_EXPECT_EQ(test, output_at(&pit, n), n % 7 < 4);
	program(&pit, COUNT2, 0xb6, 0);
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 0x7fff));
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 0x8000));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 0x10000));
}

static void mode_2_counts_each_tick_and_is_low_in_the_last(struct kunit *test)
{
	struct pit pit = {};
	u32 n;

	out(&pit, GATE, 0x01, BEGIN);
	program(&pit, COUNT2, 0xb4, 100);
	for (n = 0; n < 500; n++) {
		KUNIT_ASSERT_EQ(test, in16(&pit, COUNT2, n), 100 - n % 100);
		KUNIT_ASSERT_EQ(test, output_at(&pit, n), n % 100 != 99);
	}
}

static void a_closed_gate_stops_a_count_and_mode_0_goes_on_behind_it(struct kunit *test)
{
	struct pit pit = {};

	program(&pit, COUNT2, 0xb0, 1000);	/* the gate is closed */
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, 500), 1000U);
	out(&pit, GATE, 0x01, tsc_at(HZ_3G, 500));
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, 600), 900U);
	out(&pit, GATE, 0x00, tsc_at(HZ_3G, 600));
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT2, 5000), 900U);
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 5000));
	out(&pit, GATE, 0x01, tsc_at(HZ_3G, 5000));
	out(&pit, GATE, 0x03, tsc_at(HZ_3G, 5500));	/* the speaker changes nothing */
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 5899));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 5901));
}

static void a_gate_that_opens_begins_a_period_anew(struct kunit *test)
{
	struct pit pit = {};

	out(&pit, GATE, 0x01, BEGIN);
	program(&pit, COUNT2, 0xb6, 1000);
	out(&pit, GATE, 0x00, tsc_at(HZ_3G, 300));
	out(&pit, GATE, 0x01, tsc_at(HZ_3G, 7700));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 7701 + 400));
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 7701 + 600));
}

/* Mode 1, a pulse of so many ticks, each time that the gate opens. */
static void mode_1_is_begun_by_the_gate(struct kunit *test)
{
	struct pit pit = {};

	program(&pit, COUNT2, 0xb2, 1000);
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 100));
	out(&pit, GATE, 0x01, tsc_at(HZ_3G, 100));
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 101));
	out(&pit, GATE, 0x00, tsc_at(HZ_3G, 200));	/* it does not end that */
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 1099));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 1101));
	out(&pit, GATE, 0x01, tsc_at(HZ_3G, 9000));
	KUNIT_EXPECT_FALSE(test, output_at(&pit, 9999));
	KUNIT_EXPECT_TRUE(test, output_at(&pit, 10001));
}

static void a_latched_count_stands_until_it_is_read(struct kunit *test)
{
	struct pit pit = {};

	program(&pit, COUNT0, 0x34, 50000);
	out(&pit, CONTROL, 0x00, tsc_at(HZ_3G, 100));
	out(&pit, CONTROL, 0x00, tsc_at(HZ_3G, 200));	/* it is latched already */
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT0, 300), 49900U);
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT0, 300), 49700U);
	out(&pit, CONTROL, 0x00, tsc_at(HZ_3G, 400));
	out(&pit, CONTROL, 0x34, tsc_at(HZ_3G, 400));	/* forgets that */
	out(&pit, CONTROL, 0xc2, tsc_at(HZ_3G, 400));	/* nothing of channel 0 */
	KUNIT_EXPECT_EQ(test, in16(&pit, COUNT0, 500), 0U);
}

static void one_byte_of_a_count_may_be_enough(struct kunit *test)
{
	struct pit pit = {};

	out(&pit, CONTROL, 0x10, BEGIN);
	out(&pit, COUNT0, 200, BEGIN);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, COUNT0, 50), 150);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, COUNT0, 51), 149);
	out(&pit, CONTROL, 0x20, BEGIN);
	out(&pit, COUNT0, 0x20, BEGIN);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, COUNT0, 0x100), 0x1f);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, COUNT0, 0x1001), 0x0f);
}

/* Firmware leaves channel 0 at 18.2 Hz, counting by twos; kernels read it without asking. */
static void it_begins_as_firmware_leaves_it(struct kunit *test)
{
	struct pit pit = {};
	u32 first = in16(&pit, COUNT0, 0), second = in16(&pit, COUNT0, 1000);

	KUNIT_EXPECT_EQ(test, (u16)(first - second), 2000);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, GATE, 0) & ~(REFRESH | OUTPUT), 0);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, CONTROL, 0), 0);
	out(&pit, GATE, 0xff, BEGIN);
	KUNIT_EXPECT_EQ(test, (int)in(&pit, GATE, 0) & ~(REFRESH | OUTPUT), 0x0f);
}

/* Old code counts 15 us by it. */
static void bit_4_changes_each_15_us(struct kunit *test)
{
	struct pit pit = {};
	u32 n, changes = 0;
	u8 was = in(&pit, GATE, 0) & REFRESH;

	for (n = 0; n < 1193182; n += 3) {
		u8 is = in(&pit, GATE, n) & REFRESH;

		changes += was != is;
		was = is;
	}
	KUNIT_EXPECT_GE(test, changes, 66000U);
	KUNIT_EXPECT_LE(test, changes, 66700U);
}

static void a_counter_that_is_behind_has_counted_nothing(struct kunit *test)
{
	struct pit pit = {};

	program(&pit, COUNT0, 0x30, 1000);
	KUNIT_EXPECT_EQ(test, pit_in(&pit, COUNT0, HZ_3G, BEGIN - 5000000) |
			pit_in(&pit, COUNT0, HZ_3G, BEGIN - 5000000) << 8, 1000);
}

static struct kunit_case pit_cases[] = {
	KUNIT_CASE(it_runs_at_1193182_hz),
	KUNIT_CASE(channel_2_in_mode_0_raises_bit_5_when_its_count_has_ended),
	KUNIT_CASE(channel_2_in_mode_3_is_a_square_wave),
	KUNIT_CASE(mode_2_counts_each_tick_and_is_low_in_the_last),
	KUNIT_CASE(a_closed_gate_stops_a_count_and_mode_0_goes_on_behind_it),
	KUNIT_CASE(a_gate_that_opens_begins_a_period_anew),
	KUNIT_CASE(mode_1_is_begun_by_the_gate),
	KUNIT_CASE(a_latched_count_stands_until_it_is_read),
	KUNIT_CASE(one_byte_of_a_count_may_be_enough),
	KUNIT_CASE(it_begins_as_firmware_leaves_it),
	KUNIT_CASE(bit_4_changes_each_15_us),
	KUNIT_CASE(a_counter_that_is_behind_has_counted_nothing),
	{}
};

static struct kunit_suite pit_suite = {
	.name = "covirt-pit",
	.test_cases = pit_cases,
};

kunit_test_suites(&pit_suite);
