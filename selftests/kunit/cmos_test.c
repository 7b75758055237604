// SPDX-License-Identifier: GPL-2.0-only
/* The real-time clock as a kernel reads it: the date, its formats, and when it may be read. */
#include <kunit/test.h>
#include <linux/time.h>

#include "core/cmos.h"
#include "selftests/kunit/random.h"

enum { INDEX, DATA };
enum { SECONDS, MINUTES = 2, HOURS = 4, WEEKDAY = 6, DAY, MONTH, YEAR, A, B, C, D };

#define HZ_3G		3000000000ULL
#define UPDATING	0x80
#define BINARY		0x04
#define HOURS_24	0x02
#define WARNING_US	244	/* at least: MC146818A, table 5 */

static u8 read_at(struct cmos *cmos, u8 index, const struct cmos_base *base, u64 tsc)
{
	cmos_out(cmos, INDEX, index);
	return cmos_in(cmos, DATA, base, tsc);
}

/* Reads a clock that has just been switched on, @seconds after 1970. */
static u8 read_date(struct cmos *cmos, u8 index, u64 seconds)
{
	const struct cmos_base base = { .seconds = seconds, .hz = HZ_3G };

	return read_at(cmos, index, &base, 0);
}

static void write_control(struct cmos *cmos, u8 value)
{
	cmos_out(cmos, INDEX, B);
	cmos_out(cmos, DATA, value);
}

struct date_case {
	const char *name;
	u64 seconds;
	u8 century, year, month, day, weekday, hours, minutes, second;	/* BCD */
};

static const struct date_case date_cases[] = {
	{ "the epoch", 0, 0x19, 0x70, 1, 1, 5, 0, 0, 0 },
	{ "end of its first day", 86399, 0x19, 0x70, 1, 1, 5, 0x23, 0x59, 0x59 },
	{ "the midnight behind it", 86400, 0x19, 0x70, 1, 2, 6, 0, 0, 0 },
	{ "end of February", 5097599, 0x19, 0x70, 2, 0x28, 7, 0x23, 0x59, 0x59 },
	{ "March 1st", 5097600, 0x19, 0x70, 3, 1, 1, 0, 0, 0 },
	{ "leap day", 68169600, 0x19, 0x72, 2, 0x29, 3, 0, 0, 0 },
	{ "the day after", 68256000, 0x19, 0x72, 3, 1, 4, 0, 0, 0 },
	{ "end of a leap year", 94694399, 0x19, 0x72, 0x12, 0x31, 1, 0x23, 0x59, 0x59 },
	{ "end of the century", 946684799, 0x19, 0x99, 0x12, 0x31, 6, 0x23, 0x59, 0x59 },
	{ "a year of four hundred", 946684800, 0x20, 0, 1, 1, 7, 0, 0, 0 },
	{ "has a leap day", 951782400, 0x20, 0, 2, 0x29, 3, 0, 0, 0 },
	{ "2^30", 1073741824, 0x20, 0x04, 1, 0x10, 7, 0x13, 0x37, 0x04 },
	{ "2^31", 2147483648, 0x20, 0x38, 1, 0x19, 3, 0x03, 0x14, 0x08 },
	{ "a year of one hundred has none", 4107542399, 0x21, 0, 2, 0x28, 1, 0x23, 0x59, 0x59 },
	{ "but a March 1st", 4107542400, 0x21, 0, 3, 1, 2, 0, 0, 0 },
	{ "2^32", 4294967296, 0x21, 0x06, 2, 7, 1, 0x06, 0x28, 0x16 },
	{ "noon at the end of all", 253402257600, 0x99, 0x99, 0x12, 0x31, 6, 0x12, 0, 0 },
};

static void date_desc(const struct date_case *dc, char *desc)
{
	strscpy(desc, dc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(date, date_cases, date_desc);

static void it_tells_the_date(struct kunit *test)
{
	const struct date_case *dc = test->param_value;
	struct cmos cmos = {};

	KUNIT_EXPECT_EQ(test, read_date(&cmos, CMOS_CENTURY, dc->seconds), dc->century);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, YEAR, dc->seconds), dc->year);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, MONTH, dc->seconds), dc->month);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, DAY, dc->seconds), dc->day);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, WEEKDAY, dc->seconds), dc->weekday);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, HOURS, dc->seconds), dc->hours);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, MINUTES, dc->seconds), dc->minutes);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, SECONDS, dc->seconds), dc->second);
}

/* Linux's own calendar is the reference, up to the year 9999. */
static void it_tells_any_date_as_linux_does(struct kunit *test)
{
	struct test_random random = { .state = 146818 };
	struct cmos cmos = {};
	struct tm tm;
	u32 i;

	write_control(&cmos, HOURS_24 | BINARY);
	for (i = 0; i < TEST_TRIES(100000); i++) {
		u64 seconds = test_random_u64(&random) % 253402300800ULL;
		u32 year;

		time64_to_tm(seconds, 0, &tm);
		year = read_date(&cmos, CMOS_CENTURY, seconds) * 100 +
		       read_date(&cmos, YEAR, seconds);
		KUNIT_ASSERT_EQ(test, year, (u32)tm.tm_year + 1900);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, MONTH, seconds), tm.tm_mon + 1);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, DAY, seconds), tm.tm_mday);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, WEEKDAY, seconds), tm.tm_wday + 1);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, HOURS, seconds), tm.tm_hour);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, MINUTES, seconds), tm.tm_min);
		KUNIT_ASSERT_EQ(test, read_date(&cmos, SECONDS, seconds), tm.tm_sec);
	}
}

static const struct {
	u8 control;
	u32 hour;
	u8 reads;
} hour_cases[] = {
	{ HOURS_24, 0, 0x00 }, { HOURS_24, 9, 0x09 }, { HOURS_24, 10, 0x10 },
	{ HOURS_24, 12, 0x12 }, { HOURS_24, 23, 0x23 },
	{ HOURS_24 | BINARY, 0, 0 }, { HOURS_24 | BINARY, 12, 12 }, { HOURS_24 | BINARY, 23, 23 },
	{ 0, 0, 0x12 }, { 0, 1, 0x01 }, { 0, 11, 0x11 }, { 0, 12, 0x92 }, { 0, 13, 0x81 },
	{ 0, 23, 0x91 },
	{ BINARY, 0, 12 }, { BINARY, 1, 1 }, { BINARY, 11, 11 }, { BINARY, 12, 0x8c },
	{ BINARY, 13, 0x81 }, { BINARY, 23, 0x8b },
};

static void hours_have_the_format_of_register_b(struct kunit *test)
{
	struct cmos cmos = {};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(hour_cases); i++) {
		write_control(&cmos, hour_cases[i].control);
		KUNIT_EXPECT_EQ_MSG(test, read_date(&cmos, HOURS, hour_cases[i].hour * 3600),
				    hour_cases[i].reads, "control 0x%x, hour %u",
				    hour_cases[i].control, hour_cases[i].hour);
	}
}

/* 24 hours, BCD, no interrupt, good battery: what firmware leaves. */
static void it_begins_as_firmware_leaves_it(struct kunit *test)
{
	struct cmos cmos = {};

	KUNIT_EXPECT_EQ(test, read_date(&cmos, A, 0), 0x26);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, B, 0), HOURS_24);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, C, 0), 0);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, D, 0), 0x80);
	KUNIT_EXPECT_EQ(test, read_date(&cmos, 0x5f, 0), 0);
}

/* All that a write changes is the two bits of the format; the clock cannot be stopped either. */
static void it_cannot_be_set(struct kunit *test)
{
	const struct cmos_base base = { .seconds = 1073741824, .hz = HZ_3G };
	struct cmos fresh = {}, cmos = {};
	u32 index, value;

	for (index = 0; index < 0x100; index++)
		for (value = 0; value < 0x100; value++) {
			cmos_out(&cmos, INDEX, index);
			cmos_out(&cmos, DATA, value);
			if ((index & 0x7f) == B)
				KUNIT_ASSERT_EQ(test, cmos_in(&cmos, DATA, &base, 0),
						value & (HOURS_24 | BINARY));
		}
	write_control(&cmos, HOURS_24 | 0x80);
	for (index = 0; index < 0x80; index++)
		KUNIT_EXPECT_EQ(test, read_at(&cmos, index, &base, HZ_3G * 3),
				read_at(&fresh, index, &base, HZ_3G * 3));
	KUNIT_EXPECT_EQ(test, read_at(&cmos, SECONDS, &base, HZ_3G * 3), 0x07);
}

static void the_index_cannot_be_read_and_its_highest_bit_is_another_thing(struct kunit *test)
{
	const struct cmos_base base = { .hz = HZ_3G };
	struct cmos cmos = {};

	KUNIT_EXPECT_EQ(test, read_at(&cmos, 0x80 | D, &base, 0), 0x80);
	KUNIT_EXPECT_EQ(test, cmos_in(&cmos, INDEX, &base, 0), 0xff);
}

static const u64 rates[] = { 1, 1000, 999999, 24000000, 2599999000ULL, HZ_3G, 9999999000ULL };

/* A reader that sees no announcement has as long as on a PC to read all registers. */
static void an_update_is_announced(struct kunit *test)
{
	struct test_random random = { .state = 244 };
	u32 i, try;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		const struct cmos_base base = { 1073741824, 0x123456789abcULL, rates[i] };
		u64 warning = rates[i] * WARNING_US / USEC_PER_SEC;

		for (try = 0; try < TEST_TRIES(10000); try++) {
			u64 tsc = base.tsc + test_random_u64(&random) % (rates[i] * 1000);
			struct cmos cmos = {};

			if (read_at(&cmos, A, &base, tsc) & UPDATING)
				continue;
			KUNIT_ASSERT_EQ(test, read_at(&cmos, SECONDS, &base, tsc),
					read_at(&cmos, SECONDS, &base, tsc + warning));
		}
	}
}

/* For 2 ms of each second: who waits for its end, or its begin, does not wait for ever. */
static void an_update_is_announced_once_a_second(struct kunit *test)
{
	const struct cmos_base base = { 0, 1000, HZ_3G };
	struct cmos cmos = {};
	u64 us, begins = 0, lasts = 0;
	bool before = false;

	for (us = 0; us < 3 * USEC_PER_SEC; us += 100) {
		u64 tsc = base.tsc + us * (HZ_3G / USEC_PER_SEC);
		bool now = read_at(&cmos, A, &base, tsc) & UPDATING;

		begins += now && !before;
		lasts += now;
		before = now;
	}
	KUNIT_EXPECT_EQ(test, begins, 3ULL);
	KUNIT_EXPECT_GT(test, lasts, 3 * 244ULL / 100);
	KUNIT_EXPECT_LT(test, lasts, 3 * 2300ULL / 100);
}

static void a_second_ends_when_its_counts_do(struct kunit *test)
{
	const struct cmos_base base = { 59, ~0ULL - 5, HZ_3G };	/* the counter wraps */
	struct cmos cmos = {};

	KUNIT_EXPECT_EQ(test, read_at(&cmos, SECONDS, &base, base.tsc + HZ_3G - 1), 0x59);
	KUNIT_EXPECT_EQ(test, read_at(&cmos, SECONDS, &base, base.tsc + HZ_3G), 0);
	KUNIT_EXPECT_EQ(test, read_at(&cmos, MINUTES, &base, base.tsc + HZ_3G), 1);
}

static void a_counter_that_is_behind_reads_as_the_begin(struct kunit *test)
{
	const struct cmos_base base = { 1073741824, HZ_3G * 1000, HZ_3G };
	struct cmos cmos = {};

	KUNIT_EXPECT_EQ(test, read_at(&cmos, SECONDS, &base, base.tsc - 1), 0x04);
	KUNIT_EXPECT_EQ(test, read_at(&cmos, YEAR, &base, 0), 0x04);
	KUNIT_EXPECT_EQ(test, read_at(&cmos, A, &base, base.tsc - 1), 0x26);
}

static struct kunit_case cmos_cases[] = {
	KUNIT_CASE_PARAM(it_tells_the_date, date_gen_params),
	KUNIT_CASE(it_tells_any_date_as_linux_does),
	KUNIT_CASE(hours_have_the_format_of_register_b),
	KUNIT_CASE(it_begins_as_firmware_leaves_it),
	KUNIT_CASE(it_cannot_be_set),
	KUNIT_CASE(the_index_cannot_be_read_and_its_highest_bit_is_another_thing),
	KUNIT_CASE(an_update_is_announced),
	KUNIT_CASE(an_update_is_announced_once_a_second),
	KUNIT_CASE(a_second_ends_when_its_counts_do),
	KUNIT_CASE(a_counter_that_is_behind_reads_as_the_begin),
	{}
};

static struct kunit_suite cmos_suite = {
	.name = "covirt-cmos",
	.test_cases = cmos_cases,
};

kunit_test_suites(&cmos_suite);
