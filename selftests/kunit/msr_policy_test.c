// SPDX-License-Identifier: GPL-2.0-only
/* The MSR allow list, and the permission maps of both vendors compiled from it. */
#include <kunit/test.h>

#include "backend/svm/linux/maps.h"
#include "backend/vmx/linux/maps.h"
#include "core/config.h"
#include "core/msr_policy.h"

static void rules_are_sorted_and_disjoint(struct kunit *test)
{
	u32 i;

	for (i = 0; i < msr_nr_rules; i++) {
		KUNIT_EXPECT_LE(test, msr_rules[i].first, msr_rules[i].last);
		if (i)
			KUNIT_EXPECT_GT(test, msr_rules[i].first, msr_rules[i - 1].last);
	}
}

static void every_rule_has_a_reason(struct kunit *test)
{
	u32 i;

	for (i = 0; i < msr_nr_rules; i++)
		KUNIT_EXPECT_GT_MSG(test, strlen(msr_rules[i].reason), 2UL, "MSR %#x",
				    msr_rules[i].first);
}

/* An MSR that can be written without an exit is restored by somebody. */
static void every_writable_rule_says_who_restores_it(struct kunit *test)
{
	u32 i;

	for (i = 0; i < msr_nr_rules; i++)
		if (msr_rules[i].write == MSR_PASS)
			KUNIT_EXPECT_NE_MSG(test, msr_rules[i].restore, MSR_UNWRITTEN, "MSR %#x",
					    msr_rules[i].first);
}

static const struct {
	const char *what;
	u32 msr;
} dangerous[] = {
	{ "FEATURE_CONTROL", 0x3a }, { "TSC_ADJUST", 0x3b }, { "SMBASE", 0x9e },
	{ "SMRR_PHYSBASE", 0x1f2 }, { "MTRRphysBase0", 0x200 }, { "MTRRdefType", 0x2ff },
	{ "PERF_CTL", 0x199 }, { "extended performance counter", 0xc0010200 },
	{ "DS_AREA", 0x600 }, { "RTIT_OUTPUT_BASE", 0x560 }, { "first VMX MSR", 0x480 },
	{ "UINTR_MISC", 0x988 }, { "UINTR_TT", 0x98a }, { "microcode update", 0x79 },
	{ "hypervisor range", 0x40000000 }, { "TSC_RATIO", 0xc0000104 },
	{ "SYSCFG", 0xc0010010 }, { "IORRBase0", 0xc0010016 }, { "TOP_MEM", 0xc001001a },
	{ "SMI trigger", 0xc0010056 }, { "P-state control", 0xc0010062 },
	{ "SMM_BASE", 0xc0010111 }, { "SMMADDR", 0xc0010112 }, { "VM_CR", 0xc0010114 },
	{ "IGNNE", 0xc0010115 }, { "VM_HSAVE_PA", 0xc0010117 },
	{ "AVIC doorbell", 0xc001011b }, { "GHCB", 0xc0010130 }, { "SEV status", 0xc0010131 },
	{ "LS_CFG", 0xc0011020 }, { "IBS control", 0xc0011033 }, { "no such MSR", 0xffffffff },
};

static void dangerous_msrs_are_denied_both_ways(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(dangerous); i++)
		KUNIT_EXPECT_PTR_EQ_MSG(test, msr_rule_find(dangerous[i].msr),
					(const struct msr_rule *)NULL, "%s", dangerous[i].what);
}

static void some_msrs_can_be_read_but_not_written(struct kunit *test)
{
	static const u32 msrs[] = { 0x10, 0xe7, 0x803, 0x839 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		const struct msr_rule *rule = msr_rule_find(msrs[i]);

		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_EXPECT_EQ(test, rule->read, MSR_PASS);
		KUNIT_EXPECT_EQ(test, rule->write, MSR_DENY);
	}
}

/* Kernels read it where a fault would kill them; hardware's own is never touched. */
static void misc_enable_is_a_constant(struct kunit *test)
{
	const struct msr_rule *rule = msr_rule_find(0x1a0);

	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_EXPECT_EQ(test, rule->read, MSR_FIXED);
	KUNIT_EXPECT_EQ(test, rule->write, MSR_FIXED);
}

/* No bit of CPUID says that a processor lacks them: kernels write them and read them back. */
static void legacy_performance_counters_do_nothing(struct kunit *test)
{
	u32 msr;

	for (msr = 0xc0010000; msr <= 0xc0010007; msr++) {
		const struct msr_rule *rule = msr_rule_find(msr);

		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_EXPECT_EQ(test, rule->read, MSR_FIXED);
		KUNIT_EXPECT_EQ(test, rule->value, 0ULL);
		KUNIT_EXPECT_EQ(test, rule->write, MSR_IGNORE);
	}
}

/* A co-kernel may know its CPUs by other ids than the hardware does. */
static void identity_is_not_read_from_the_hardware(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, msr_rule_find(0x802)->read, MSR_APIC_ID);
	KUNIT_EXPECT_EQ(test, msr_rule_find(0x80d)->read, MSR_APIC_LDR);
}

/* The hardware's ICR may hold an IPI of the hypervisor's, to a CPU of Linux. */
static void icr_is_not_read_from_the_hardware(struct kunit *test)
{
	const struct msr_rule *rule = msr_rule_find(0x830);

	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_EXPECT_EQ(test, rule->read, MSR_ICR);
	KUNIT_EXPECT_EQ(test, rule->write, MSR_ICR);
}

/* Linear reference for the binary search. */
static const struct msr_rule *rule_reference(u32 msr)
{
	u32 i;

	for (i = 0; i < msr_nr_rules; i++)
		if (msr >= msr_rules[i].first && msr <= msr_rules[i].last)
			return &msr_rules[i];
	return NULL;
}

static void search_agrees_with_a_linear_one(struct kunit *test)
{
	static const u32 bases[] = { 0, 0xc0000000, 0xc0010000, 0xfffff000 };
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(bases); i++)
		for (j = 0; j < 0x1000; j++)
			KUNIT_ASSERT_PTR_EQ(test, msr_rule_find(bases[i] + j),
					    rule_reference(bases[i] + j));
}

/* Place of the two bits of an MSR by the manual (APM vol. 2, 15.11), worked out anew. */
static u32 svm_bits(const u8 *map, u32 msr)
{
	u32 range = msr >= 0xc0010000 ? 2 : msr >= 0xc0000000 ? 1 : 0;
	u32 index = msr & (range ? 0xffff : ~0U);

	return map[range * 2048 + index / 4] >> (index % 4 * 2) & 3;
}

/* Place of the bits by the manual (SDM vol. 3, 25.6.9): reads, then writes. */
static u32 vmx_bits(const u8 *map, u32 msr)
{
	u32 byte = (msr >= 0xc0000000 ? 1024 : 0) + (msr & 0x1fff) / 8;

	return (map[byte] >> msr % 8 & 1) | (map[2048 + byte] >> msr % 8 & 1) << 1;
}

static u32 bits_wanted(u32 msr, u32 interrupts)
{
	u8 self_ipi = interrupts == COVIRT_INTERRUPTS_DIRECT ? MSR_SELF_IPI : MSR_PASS;
	const struct msr_rule *rule = rule_reference(msr);
	bool writes = rule && (rule->write == MSR_PASS || rule->write == self_ipi);

	return (rule && rule->read == MSR_PASS ? 0 : 1) | (writes ? 0 : 2);
}

static u8 *msr_map(struct kunit *test, const struct permission_format *format, u32 interrupts)
{
	u8 *map = kunit_kzalloc(test, format->msr_size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	permission_msr_map(format, map, interrupts);
	return map;
}

/* The 8192 MSRs from @base on. */
static void expect_just_what_passes(struct kunit *test, const u8 *map, u32 base, u32 interrupts,
				    u32 (*bits)(const u8 *map, u32 msr))
{
	u32 msr;

	for (msr = base; msr < base + 0x2000; msr++)
		KUNIT_ASSERT_EQ_MSG(test, bits(map, msr), bits_wanted(msr, interrupts),
				    "MSR %#x", msr);
}

static void svm_map_is(struct kunit *test, u32 interrupts)
{
	const u8 *map = msr_map(test, &svm_permission_format, interrupts);
	u32 i;

	expect_just_what_passes(test, map, 0, interrupts, svm_bits);
	expect_just_what_passes(test, map, 0xc0000000, interrupts, svm_bits);
	expect_just_what_passes(test, map, 0xc0010000, interrupts, svm_bits);
	for (i = 0x1800; i < svm_permission_format.msr_size; i++)
		KUNIT_ASSERT_EQ(test, map[i], 0xff);
}

static void svm_map_opens_just_what_passes(struct kunit *test)
{
	svm_map_is(test, COVIRT_INTERRUPTS_DIRECT);
	svm_map_is(test, COVIRT_INTERRUPTS_FILTERED);
}

static void vmx_map_is(struct kunit *test, u32 interrupts)
{
	const u8 *map = msr_map(test, &vmx_permission_format, interrupts);

	expect_just_what_passes(test, map, 0, interrupts, vmx_bits);
	expect_just_what_passes(test, map, 0xc0000000, interrupts, vmx_bits);
}

static void vmx_map_opens_just_what_passes(struct kunit *test)
{
	vmx_map_is(test, COVIRT_INTERRUPTS_DIRECT);
	vmx_map_is(test, COVIRT_INTERRUPTS_FILTERED);
}

static void expect_no_port_passes(struct kunit *test, const struct permission_format *format)
{
	u8 *map = kunit_kzalloc(test, format->port_size, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, map);
	permission_port_map(format, map);
	for (i = 0; i < format->port_size; i++)
		KUNIT_ASSERT_EQ(test, map[i], 0xff);
}

static void svm_port_map_passes_no_port(struct kunit *test)
{
	expect_no_port_passes(test, &svm_permission_format);
}

static void vmx_port_map_passes_no_port(struct kunit *test)
{
	expect_no_port_passes(test, &vmx_permission_format);
}

static struct kunit_case msr_policy_cases[] = {
	KUNIT_CASE(rules_are_sorted_and_disjoint),
	KUNIT_CASE(every_rule_has_a_reason),
	KUNIT_CASE(every_writable_rule_says_who_restores_it),
	KUNIT_CASE(dangerous_msrs_are_denied_both_ways),
	KUNIT_CASE(some_msrs_can_be_read_but_not_written),
	KUNIT_CASE(misc_enable_is_a_constant),
	KUNIT_CASE(legacy_performance_counters_do_nothing),
	KUNIT_CASE(identity_is_not_read_from_the_hardware),
	KUNIT_CASE(icr_is_not_read_from_the_hardware),
	KUNIT_CASE(search_agrees_with_a_linear_one),
	KUNIT_CASE(svm_map_opens_just_what_passes),
	KUNIT_CASE(svm_port_map_passes_no_port),
	KUNIT_CASE(vmx_map_opens_just_what_passes),
	KUNIT_CASE(vmx_port_map_passes_no_port),
	{}
};

static struct kunit_suite msr_policy_suite = {
	.name = "covirt-msr-policy",
	.test_cases = msr_policy_cases,
};

kunit_test_suites(&msr_policy_suite);
