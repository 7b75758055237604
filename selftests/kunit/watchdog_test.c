// SPDX-License-Identifier: GPL-2.0-only
/* When a CPU counts as hung, and when no more; where a heartbeat may be. */
#include <kunit/test.h>

#include "core/cpuid_policy.h"
#include "core/heartbeat.h"
#include "core/msr_policy.h"
#include "core/linux/watchdog.h"

#define COUNTER	0x1000
#define OTHER	0x2000

/*
 * Stories of checks, one after the other.
 *
 * Samples: '.' an answer, '!' none, both without a heartbeat; a digit: an answer, and what the
 * heartbeat reads; a small letter, from 'a' for 0 on: no answer, and what it reads; a capital one:
 * as a digit, but in another place. Judgements: '-' in order, 'D' hung by its doorbell, 'H' by its
 * heartbeat.
 */
static const struct {
	const char *what;
	const char *checks;
	const char *judged;
} stories[] = {
	{ "answers, without a heartbeat",		"....",		"----" },
	{ "beats",					"0129",		"----" },
	{ "beats backwards, or in any way",		"9305",		"----" },
	{ "one answer is missed",			".!.!.",	"-----" },
	{ "one beat is missed",				"11223",	"-----" },
	{ "does not answer, then does",			".!!!.!",	"--DD--" },
	{ "does not beat, then does",			"111122",	"--HH--" },
	{ "beats, but does not answer",			"bcd4",		"-DD-" },
	{ "answers again, but does not beat",		"bbb1",		"-DDH" },
	{ "does not beat; no answer is no news",	"111b1",	"--HHH" },
	{ "neither beats nor answers",			"1bb",		"--D" },
	{ "does not beat, then does not answer",	"11bb1",	"---DH" },
	{ "is hung by its heartbeat, then altogether",	"111bb",	"--HHD" },
	{ "withdraws a heartbeat that had stopped",	"111..",	"--H--" },
	{ "announces another one, of the same value",	"11BBB",	"----H" },
};

static struct watchdog_sample sample_of(char check)
{
	switch (check) {
	case '0' ... '9':
		return (struct watchdog_sample) { true, COUNTER, check - '0' };
	case 'a' ... 'j':
		return (struct watchdog_sample) { false, COUNTER, check - 'a' };
	case 'A' ... 'J':
		return (struct watchdog_sample) { true, OTHER, check - 'A' };
	default:
		return (struct watchdog_sample) { .answered = check == '.' };
	}
}

static void a_judgement_takes_two_checks(struct kunit *test)
{
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(stories); i++) {
		struct watchdog watchdog = {};

		for (n = 0; stories[i].checks[n]; n++) {
			const struct watchdog_sample sample = sample_of(stories[i].checks[n]);
			enum covirt_hang before = watchdog.hang;
			bool news = watchdog_check(&watchdog, &sample);

			KUNIT_EXPECT_EQ_MSG(test, "-DH"[watchdog.hang], stories[i].judged[n],
					    "%s, check %u", stories[i].what, n);
			KUNIT_EXPECT_EQ_MSG(test, news, watchdog.hang != before, "%s, check %u",
					    stories[i].what, n);
		}
		KUNIT_EXPECT_EQ(test, strlen(stories[i].judged), (size_t)n);
	}
}

/* However long it lasts, it is told once, and no count overflows. */
static void a_long_hang_is_no_news(struct kunit *test)
{
	const struct watchdog_sample sample = { .answered = false };
	struct watchdog watchdog = {};
	u32 i, news = 0;

	for (i = 0; i < 100000; i++)
		news += watchdog_check(&watchdog, &sample);
	KUNIT_EXPECT_EQ(test, news, 1U);
	KUNIT_EXPECT_EQ(test, watchdog.silent, (u32)WATCHDOG_PATIENCE);
}

static const struct covirt_ram ram = {
	.nr = 2,
	.range = { { 0, 0xa0000 }, { 0x200000, 0x400000 }, { 0x10000000, 0x1000 } },
};

static const struct {
	gpa_t counter;
	bool permitted;
} places[] = {
	{ 0, true },			/* none */
	{ 8, true }, { 0x9fff8, true }, { 0xa0000, false }, { 0x1ffff8, false },
	{ 0x200000, true }, { 0x5ffff8, true }, { 0x600000, false }, { 0x5ffff9, false },
	{ 1, false }, { 4, false }, { 0x200004, false }, { 0x200007, false },
	{ 0x10000000, false },		/* the list ends before */
	{ 0xfee00000, false }, { ~7ULL, false }, { ~0ULL, false },
	{ BIT_ULL(63) + 0x200000, false },
};

static void a_heartbeat_is_aligned_and_in_ram(struct kunit *test)
{
	static const struct covirt_ram nothing;
	u32 i;

	KUNIT_EXPECT_EQ(test, heartbeat_permit(&nothing, 0), true);
	KUNIT_EXPECT_EQ(test, heartbeat_permit(&nothing, 8), false);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		KUNIT_EXPECT_EQ_MSG(test, heartbeat_permit(&ram, places[i].counter),
				    places[i].permitted, "%#llx",
				    (unsigned long long)places[i].counter);
}

/* CPUID names just that MSR which has the rule. */
static void cpuid_tells_the_msr(struct kunit *test)
{
	struct arch_cpuid r = {};
	const struct msr_rule *rule;

	cpuid_show_more(NULL, 0x40000000, 0, &r);
	KUNIT_ASSERT_GE(test, r.eax, 0x40000001U);
	cpuid_show_more(NULL, 0x40000001, 0, &r);
	rule = msr_rule_find(r.eax);
	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_EXPECT_EQ(test, rule->first, rule->last);
	KUNIT_EXPECT_EQ(test, rule->read, MSR_HEARTBEAT);
	KUNIT_EXPECT_EQ(test, rule->write, MSR_HEARTBEAT);
	KUNIT_EXPECT_EQ(test, rule->restore, MSR_BY_START);
}

static struct kunit_case watchdog_cases[] = {
	KUNIT_CASE(a_judgement_takes_two_checks),
	KUNIT_CASE(a_long_hang_is_no_news),
	KUNIT_CASE(a_heartbeat_is_aligned_and_in_ram),
	KUNIT_CASE(cpuid_tells_the_msr),
	{}
};

static struct kunit_suite watchdog_suite = {
	.name = "covirt-watchdog",
	.test_cases = watchdog_cases,
};

kunit_test_suites(&watchdog_suite);
