// SPDX-License-Identifier: GPL-2.0-only
/* An exit that nobody knows: #UD where an instruction is behind it, containment otherwise. */
#include <kunit/test.h>

#include "backend/exit_kind.h"

static const struct {
	const char *what;
	u64 code;
	bool instruction;
} svm_cases[] = {
	{ "read of CR0", 0x00, false }, { "write of DR7", 0x37, false },
	{ "#PF", 0x4e, false }, { "SMI", 0x62, false }, { "RDTSC", 0x6e, false },
	{ "HLT", 0x78, false }, { "task switch", 0x7d, false }, { "ferr", 0x7e, false },
	{ "RDTSCP", 0x87, false }, { "MWAIT", 0x8b, false }, { "RDPRU", 0x8e, false },
	{ "write of EFER, behind it", 0x8f, false }, { "write of CR15, behind it", 0x9f, false },
	{ "INVPCID", 0xa2, false }, { "bus lock", 0xa5, false }, { "idle HLT", 0xa6, false },
	{ "RSM", 0x73, true }, { "SKINIT", 0x86, true }, { "INVLPGB", 0xa0, true },
	{ "MCOMMIT", 0xa3, true }, { "the next one", 0xa7, true },
	{ "in a word of intercepts to come", 0xc0, true }, { "the last one", 0x3ff, true },
	{ "nested page fault", 0x400, false }, { "AVIC, incomplete IPI", 0x401, false },
	{ "AVIC, no acceleration", 0x402, false }, { "VMGEXIT", 0x403, false },
	{ "for software", 0xf0000000, false }, { "busy", ~1ULL, false },
	{ "invalid", ~0ULL, false },
};

static void svm_instructions_are_told_from_events(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(svm_cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, svm_exit_is_instruction(svm_cases[i].code),
				    svm_cases[i].instruction, "%s", svm_cases[i].what);
}

/* SDM vol. 3, appendix C: those that are no instruction, or one that the guest is told of. */
static const u8 vmx_others[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 28, 29, 30, 31, 32, 33, 34, 36, 37, 39,
	40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 54, 56, 57, 58, 61, 62, 66, 74, 75,
};

/* Instructions that CPUID does not announce. */
static const struct {
	const char *what;
	u32 reason;
} vmx_instructions[] = {
	{ "GETSEC", 11 }, { "RSM", 17 }, { "VMCALL", 18 }, { "VMXON", 27 }, { "INVEPT", 50 },
	{ "INVVPID", 53 }, { "VMFUNC", 59 }, { "ENCLS", 60 }, { "XSAVES", 63 }, { "XRSTORS", 64 },
	{ "PCONFIG", 65 }, { "UMWAIT", 67 }, { "TPAUSE", 68 }, { "LOADIWKEY", 69 },
	{ "ENCLV", 70 }, { "ENQCMD", 72 }, { "ENQCMDS", 73 }, { "SEAMCALL", 76 },
	{ "TDCALL", 77 }, { "RDMSRLIST", 78 }, { "WRMSRLIST", 79 }, { "URDMSR", 80 },
	{ "UWRMSR", 81 }, { "RDMSR of a constant", 84 }, { "WRMSRNS of a constant", 85 },
	{ "the next one", 86 }, { "the last one", 0xffff },
};

static void vmx_instructions_are_told_from_events(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vmx_instructions); i++)
		KUNIT_EXPECT_TRUE_MSG(test, vmx_exit_is_instruction(vmx_instructions[i].reason),
				      "%s", vmx_instructions[i].what);
	for (i = 0; i < ARRAY_SIZE(vmx_others); i++)
		KUNIT_EXPECT_FALSE_MSG(test, vmx_exit_is_instruction(vmx_others[i]), "reason %u",
				       vmx_others[i]);
}

/* Bit 31: the guest executed nothing. Other high bits say what it was in when it exited. */
static void vmx_failed_entries_are_no_instructions(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, vmx_exit_is_instruction(BIT(31) | 35));
	KUNIT_EXPECT_FALSE(test, vmx_exit_is_instruction(BIT(31) | 86));
	KUNIT_EXPECT_TRUE(test, vmx_exit_is_instruction(BIT(27) | 76));
}

static struct kunit_case exit_kind_cases[] = {
	KUNIT_CASE(svm_instructions_are_told_from_events),
	KUNIT_CASE(vmx_instructions_are_told_from_events),
	KUNIT_CASE(vmx_failed_entries_are_no_instructions),
	{}
};

static struct kunit_suite exit_kind_suite = {
	.name = "covirt-exit-kind",
	.test_cases = exit_kind_cases,
};

kunit_test_suites(&exit_kind_suite);
