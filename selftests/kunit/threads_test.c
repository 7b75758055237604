// SPDX-License-Identifier: GPL-2.0-only
/* Threads of a core: on a hybrid processor CPUs disagree, and any of them may be asked first. */
#include <kunit/test.h>

#include "core/apic.h"

/* CPUID leaf 0xb, subleaf 0. */
static const struct arch_cpuid none, two_threads = { .eax = 1, .ebx = 2 };
static const struct arch_cpuid one_thread = { .eax = 1, .ebx = 1 };
static const struct arch_cpuid four_threads = { .eax = 2, .ebx = 4 };

static void the_widest_core_counts_in_any_order(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, apic_thread_bits(apic_thread_bits(0, one_thread), two_threads), 1U);
	KUNIT_EXPECT_EQ(test, apic_thread_bits(apic_thread_bits(0, two_threads), one_thread), 1U);
	KUNIT_EXPECT_EQ(test, apic_thread_bits(apic_thread_bits(0, two_threads), four_threads), 2U);
	KUNIT_EXPECT_EQ(test, apic_thread_bits(apic_thread_bits(0, four_threads), two_threads), 2U);
}

static void cores_of_one_thread_have_no_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, apic_thread_bits(0, one_thread), 0U);
	KUNIT_EXPECT_EQ(test, apic_thread_bits(0, none), 0U);
}

static void a_processor_without_the_leaf_changes_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, apic_thread_bits(1, none), 1U);
}

/* EBX has reserved bits above its number of threads, EAX above its shift. */
static void reserved_bits_are_ignored(struct kunit *test)
{
	struct arch_cpuid future = { .eax = 0xffffffe1, .ebx = 0xffff0001 };

	KUNIT_EXPECT_EQ(test, apic_thread_bits(0, future), 0U);
	future.ebx = 0xffff0002;
	KUNIT_EXPECT_EQ(test, apic_thread_bits(0, future), 1U);
}

static struct kunit_case threads_cases[] = {
	KUNIT_CASE(the_widest_core_counts_in_any_order),
	KUNIT_CASE(cores_of_one_thread_have_no_bits),
	KUNIT_CASE(a_processor_without_the_leaf_changes_nothing),
	KUNIT_CASE(reserved_bits_are_ignored),
	{}
};

static struct kunit_suite threads_suite = {
	.name = "covirt-threads",
	.test_cases = threads_cases,
};

kunit_test_suites(&threads_suite);
