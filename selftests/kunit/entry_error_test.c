// SPDX-License-Identifier: GPL-2.0-only
/* Failed entries in words, by the numbers of the manuals. */
#include <kunit/test.h>
#include <linux/module.h>

#include "backend/entry_error.h"
#include "backend/vmx/vmcs.h"
#include "include/uapi/linux/covirt.h"

static const struct {
	u64 code;
	u64 info;
	const char *word;
} vmx_cases[] = {
	{ VMX_EXIT_NONE, 7, "control" },
	{ VMX_EXIT_NONE, 8, "host-state" },
	{ VMX_EXIT_NONE, 3, "does not list" },
	{ VMX_EXIT_NONE, 1000, "does not list" },
	{ VMX_EXIT_ENTRY_FAILED | VMX_EXIT_BAD_GUEST, 0, "guest state" },
	{ VMX_EXIT_ENTRY_FAILED | VMX_EXIT_BAD_GUEST, 4, "link pointer" },
	{ VMX_EXIT_ENTRY_FAILED | VMX_EXIT_BAD_GUEST, ~0ULL, "does not list" },
	{ VMX_EXIT_ENTRY_FAILED | VMX_EXIT_BAD_MSR, 1, "MSR" },
	{ 0, 0, "does not list" },
};

static void vmx_errors_have_words(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vmx_cases); i++) {
		const struct covirt_fault fault = {
			.code = vmx_cases[i].code,
			.info1 = vmx_cases[i].info,
		};
		const char *words = vmx_entry_error(&fault);

		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(words, vmx_cases[i].word), "%#llx: %s",
					  vmx_cases[i].code, words);
	}
}

static void svm_error_has_words(struct kunit *test)
{
	const struct covirt_fault fault = {};

	KUNIT_EXPECT_NOT_NULL(test, strstr(svm_entry_error(&fault), "VMCB"));
}

static struct kunit_case entry_error_cases[] = {
	KUNIT_CASE(vmx_errors_have_words),
	KUNIT_CASE(svm_error_has_words),
	{}
};

static struct kunit_suite entry_error_suite = {
	.name = "covirt-entry-error",
	.test_cases = entry_error_cases,
};

kunit_test_suites(&entry_error_suite);

MODULE_DESCRIPTION("Covirt: failed-entry tests");
MODULE_LICENSE("GPL");
