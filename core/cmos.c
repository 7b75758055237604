// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and bits are those of the MC146818A's datasheet. Nothing is kept between two
 * accesses but the index and the format: each read works the date out anew, so that two
 * reads on both sides of a second's end differ as they do on a PC.
 */
#include "core/cmos.h"

enum cmos_register {
	CMOS_SECONDS		= 0x00,
	CMOS_MINUTES		= 0x02,
	CMOS_HOURS		= 0x04,
	CMOS_DAY_OF_WEEK	= 0x06,
	CMOS_DAY_OF_MONTH	= 0x07,
	CMOS_MONTH		= 0x08,
	CMOS_YEAR		= 0x09,
	CMOS_A			= 0x0a,
	CMOS_B			= 0x0b,
	CMOS_D			= 0x0d,
};

#define INDEX_MASK	0x7f	/* the highest bit masks NMIs on a PC */
#define INDEX_PORT	0xff	/* what reading the index gives: it can only be written */
#define A_UPDATING	0x80
#define A_RATES		0x26	/* 32768 Hz, periodic rate as firmware leaves it */
#define B_BINARY	0x04
#define B_24_HOURS	0x02
#define B_FORMAT	(B_BINARY | B_24_HOURS)
#define D_VALID		0x80	/* the battery is good */
#define HOURS_PM	0x80

/*
 * An update of the clock is announced 244 us before, and takes 1984 us. Here it takes no time,
 * and the announcement is as long as both: whoever has seen none has 1/512 s to read all
 * registers, which counts where exits are slow.
 */
#define UPDATE_SHIFT	9

#define DAY_SECONDS	86400U
#define DAYS_TO_1970	719468U	/* from March 1st of the year 0 */
#define DAYS_400_YEARS	146097U
#define DAYS_100_YEARS	36524U	/* the fourth time one more */
#define DAYS_4_YEARS	1461U
#define DAYS_YEAR	365U	/* the fourth time one more */
#define THURSDAY	4U	/* January 1st 1970, counted from Sunday as 0 */

struct date {
	u64 year;
	u32 month;
	u32 day;
};

/* Days of months in years that begin in March: a leap day is then the last one. */
static const u8 month_days[] = { 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29 };

static struct date date_of(u64 days)
{
	u32 rest, part, month = 0;
	u64 year;

	days += DAYS_TO_1970;
	year = days / DAYS_400_YEARS * 400;
	rest = days % DAYS_400_YEARS;
	part = min(rest / DAYS_100_YEARS, 3U);
	year += part * 100;
	rest -= part * DAYS_100_YEARS;
	year += rest / DAYS_4_YEARS * 4;
	rest %= DAYS_4_YEARS;
	part = min(rest / DAYS_YEAR, 3U);
	year += part;
	rest -= part * DAYS_YEAR;
	while (rest >= month_days[month])
		rest -= month_days[month++];
	/* Months are counted from March; January and February belong to the next year. */
	return (struct date) { year + (month >= 10), (month + 2) % 12 + 1, rest + 1 };
}

static u8 control(const struct cmos *cmos)
{
	return B_24_HOURS ^ cmos->format;
}

static u8 number(const struct cmos *cmos, u32 value)
{
	if (control(cmos) & B_BINARY)
		return value;
	return value / 10 << 4 | value % 10;
}

static u8 hours(const struct cmos *cmos, u32 hour)
{
	if (control(cmos) & B_24_HOURS)
		return number(cmos, hour);
	return number(cmos, hour % 12 ? hour % 12 : 12) | (hour < 12 ? 0 : HOURS_PM);
}

static u8 date_register(const struct cmos *cmos, u64 days)
{
	struct date date = date_of(days);

	switch (cmos->index) {
	case CMOS_DAY_OF_WEEK:
		return number(cmos, (days + THURSDAY) % 7 + 1);
	case CMOS_DAY_OF_MONTH:
		return number(cmos, date.day);
	case CMOS_MONTH:
		return number(cmos, date.month);
	case CMOS_YEAR:
		return number(cmos, date.year % 100);
	default:
		return number(cmos, date.year / 100 % 100);
	}
}

static u8 time_register(const struct cmos *cmos, u64 seconds)
{
	switch (cmos->index) {
	case CMOS_SECONDS:
		return number(cmos, seconds % 60);
	case CMOS_MINUTES:
		return number(cmos, seconds / 60 % 60);
	case CMOS_HOURS:
		return hours(cmos, seconds / 3600 % 24);
	default:
		return date_register(cmos, seconds / DAY_SECONDS);
	}
}

/* A counter that is behind the base's is another CPU's that is not quite the same. */
static u64 counts_since(const struct cmos_base *base, u64 tsc)
{
	s64 counts = tsc - base->tsc;

	return counts < 0 ? 0 : counts;
}

static u8 rates(const struct cmos_base *base, u64 counts)
{
	u64 left = base->hz - counts % base->hz;

	return left <= base->hz >> UPDATE_SHIFT ? A_RATES | A_UPDATING : A_RATES;
}

/**
 * cmos_in() - a byte is read
 * @cmos: what the co-kernel has written
 * @port: as an offset from CMOS_PORTS
 * @base: what time it was
 * @tsc:  the time-stamp counter now
 *
 * Return: the byte; 0 from registers that this clock has not.
 */
u8 cmos_in(const struct cmos *cmos, u16 port, const struct cmos_base *base, u64 tsc)
{
	u64 counts = counts_since(base, tsc);

	if (!port)
		return INDEX_PORT;
	switch (cmos->index) {
	case CMOS_A:
		return rates(base, counts);
	case CMOS_B:
		return control(cmos);
	case CMOS_D:
		return D_VALID;
	case CMOS_SECONDS:
	case CMOS_MINUTES:
	case CMOS_HOURS:
	case CMOS_DAY_OF_WEEK:
	case CMOS_DAY_OF_MONTH:
	case CMOS_MONTH:
	case CMOS_YEAR:
	case CMOS_CENTURY:
		return time_register(cmos, base->seconds + counts / base->hz);
	default:
		return 0;
	}
}

/**
 * cmos_out() - a byte is written
 * @cmos: the clock; its index changes, or of register B the format, and nothing else
 * @port: as an offset from CMOS_PORTS
 * @value: the byte
 */
void cmos_out(struct cmos *cmos, u16 port, u8 value)
{
	if (!port)
		cmos->index = value & INDEX_MASK;
	else if (cmos->index == CMOS_B)
		cmos->format = (B_24_HOURS ^ value) & B_FORMAT;
}
