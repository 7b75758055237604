// SPDX-License-Identifier: GPL-2.0-only
/* Decoding of writes to control registers. */
#include <kunit/test.h>

#include "core/mov_cr.h"

static const struct {
	const char *what;
	u8 bytes[MOV_CR_MAX_LEN];
	u8 len;
	bool code64, ok;
	u8 cr, gpr, size;
} cases[] = {
	{ "mov %rax,%cr4", { 0x0f, 0x22, 0xe0 }, 3, true, true, 4, 0, 3 },
	{ "mov %rdi,%cr4", { 0x0f, 0x22, 0xe7 }, 3, true, true, 4, 7, 3 },
	{ "mov %r8,%cr4", { 0x41, 0x0f, 0x22, 0xe0 }, 4, true, true, 4, 8, 4 },
	{ "mov %r15,%cr4", { 0x41, 0x0f, 0x22, 0xe7 }, 4, true, true, 4, 15, 4 },
	{ "mov %rax,%cr8", { 0x44, 0x0f, 0x22, 0xc0 }, 4, true, true, 8, 0, 4 },
	{ "REX.W alone", { 0x48, 0x0f, 0x22, 0xe1 }, 4, true, true, 4, 1, 4 },
	{ "mod field other than 3", { 0x0f, 0x22, 0x20 }, 3, true, true, 4, 0, 3 },
	{ "operand-size prefix", { 0x66, 0x0f, 0x22, 0xe3 }, 4, true, true, 4, 3, 4 },
	{ "prefixes, then REX", { 0x2e, 0xf3, 0x41, 0x0f, 0x22, 0xe2 }, 6, true, true, 4, 10, 6 },
	{ "32-bit code", { 0x0f, 0x22, 0xe0 }, 3, false, true, 4, 0, 3 },
	{ "0x41 is INC in 32-bit code", { 0x41, 0x0f, 0x22, 0xe0 }, 4, false, false },
	{ "REX before a legacy prefix is none",
	  { 0x41, 0x66, 0x0f, 0x22, 0xe0 }, 5, true, true, 4, 0, 5 },
	{ "of REX prefixes the last", { 0x44, 0x41, 0x0f, 0x22, 0xe0 }, 5, true, true, 4, 8, 5 },
	{ "LOCK makes it another instruction", { 0xf0, 0x0f, 0x22, 0xe0 }, 4, true, false },
	{ "MOV from a control register", { 0x0f, 0x20, 0xe0 }, 3, true, false },
	{ "lmsw %ax", { 0x0f, 0x01, 0xf0 }, 3, false, true, 0, 0, 3 },
	{ "lmsw %r9w", { 0x41, 0x0f, 0x01, 0xf1 }, 4, true, true, 0, 9, 4 },
	{ "lmsw of memory", { 0x0f, 0x01, 0x30 }, 3, true, false },
	{ "invlpg", { 0x0f, 0x01, 0x38 }, 3, true, false },
	{ "smsw", { 0x0f, 0x01, 0xe0 }, 3, true, false },
	{ "truncated", { 0x0f, 0x22 }, 2, true, false },
	{ "nothing but prefixes", { 0x66, 0x66, 0x66 }, 3, true, false },
	{ "no bytes", { 0 }, 0, true, false },
};

static void decodes_what_the_manual_says_and_nothing_else(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mov_cr insn;
		bool ok = mov_cr_decode(cases[i].bytes, cases[i].len, cases[i].code64, &insn);

		KUNIT_EXPECT_EQ_MSG(test, ok, cases[i].ok, "%s", cases[i].what);
		if (!ok)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, insn.machine_status,
				    !strncmp(cases[i].what, "lmsw", 4), "%s", cases[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.cr, cases[i].cr, "%s", cases[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.gpr, cases[i].gpr, "%s", cases[i].what);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, cases[i].size, "%s", cases[i].what);
	}
}

static struct kunit_case mov_cr_cases[] = {
	KUNIT_CASE(decodes_what_the_manual_says_and_nothing_else),
	{}
};

static struct kunit_suite mov_cr_suite = {
	.name = "covirt-mov-cr",
	.test_cases = mov_cr_cases,
};

kunit_test_suites(&mov_cr_suite);
