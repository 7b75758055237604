// SPDX-License-Identifier: GPL-2.0-only
/* The inbox of an enclave CPU: what messages make of each other. */
#include <kunit/test.h>

#include "core/inbox.h"

static const struct {
	const char *what;
	u32 posted[4];
	u32 want;
} cases[] = {
	{ "nothing", {}, 0 },
	{ "an NMI", { INBOX_NMI }, INBOX_NMI },
	{ "INIT and its start-up IPI", { INBOX_INIT, INBOX_STARTUP | 8 },
	  INBOX_INIT | INBOX_STARTUP | 8 },
	{ "of two start-up IPIs the first counts",
	  { INBOX_INIT, INBOX_STARTUP | 8, INBOX_STARTUP | 9 },
	  INBOX_INIT | INBOX_STARTUP | 8 },
	{ "an INIT undoes a start-up IPI", { INBOX_STARTUP | 8, INBOX_INIT }, INBOX_INIT },
	{ "an INIT undoes an NMI", { INBOX_NMI, INBOX_INIT }, INBOX_INIT },
	{ "an NMI after an INIT", { INBOX_INIT, INBOX_NMI }, INBOX_INIT | INBOX_NMI },
	{ "nothing undoes a stop", { INBOX_STOP, INBOX_INIT, INBOX_STARTUP | 0xff },
	  INBOX_STOP | INBOX_INIT | INBOX_STARTUP | 0xff },
	{ "a start over again", { INBOX_INIT, INBOX_STARTUP | 8, INBOX_INIT, INBOX_STARTUP | 1 },
	  INBOX_INIT | INBOX_STARTUP | 1 },
};

static void messages_add_up(struct kunit *test)
{
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct inbox inbox = {};

		for (n = 0; n < ARRAY_SIZE(cases[i].posted) && cases[i].posted[n]; n++)
			inbox_post(&inbox, cases[i].posted[n]);
		KUNIT_EXPECT_EQ_MSG(test, inbox_drain(&inbox), cases[i].want, "%s", cases[i].what);
		KUNIT_EXPECT_EQ_MSG(test, inbox_drain(&inbox), 0U, "%s", cases[i].what);
	}
}

static struct kunit_case inbox_cases[] = {
	KUNIT_CASE(messages_add_up),
	{}
};

static struct kunit_suite inbox_suite = {
	.name = "covirt-inbox",
	.test_cases = inbox_cases,
};

kunit_test_suites(&inbox_suite);
