// SPDX-License-Identifier: GPL-2.0-only
/* CR4, EFER, XCR0 and CPUID: what a co-kernel may set and what it is told. */
#include <kunit/test.h>

#include "core/control_policy.h"
#include "core/cpuid_policy.h"

/* A fake processor: what its CPUID says is set by the test. */
static struct arch_cpuid fake_leaf1, fake_leaf7, fake_ext1, fake_ext21;

static struct arch_cpuid fake_cpuid(u32 leaf, u32 subleaf)
{
	switch (leaf) {
	case 0:
		return (struct arch_cpuid) { .eax = 7 };
	case 1:
		return fake_leaf1;
	case 7:
		return fake_leaf7;
	case 0x80000000:
		return (struct arch_cpuid) { .eax = 0x80000021 };
	case 0x80000001:
		return fake_ext1;
	case 0x80000021:
		return fake_ext21;
	default:
		return (struct arch_cpuid) {};
	}
}

static int fake_processor_init(struct kunit *test)
{
	fake_leaf1 = (struct arch_cpuid) { 0, 0, ~0U, ~0U };
	fake_leaf7 = (struct arch_cpuid) { 0, ~0U, ~0U, ~0U };
	fake_ext1 = (struct arch_cpuid) { 0, 0, ~0U, ~0U };
	fake_ext21 = (struct arch_cpuid) { ~0U, ~0U, ~0U, ~0U };
	return 0;
}

static void cr4_never_has_the_bits_we_left_out(struct kunit *test)
{
	u64 mask = cr4_mask(fake_cpuid);
	u64 never = BIT(12) | BIT(13) | BIT(14) | BIT(15) | BIT(19) | BIT(23) | BIT(24) | BIT(25) |
		    BIT(28) | GENMASK_ULL(63, 29);

	KUNIT_EXPECT_EQ(test, mask & never, 0ULL);
	KUNIT_EXPECT_EQ(test, mask, 0x770fffULL);
}

static void cr4_bits_follow_cpuid(struct kunit *test)
{
	fake_leaf7.ebx &= ~BIT(20);
	KUNIT_EXPECT_EQ(test, cr4_mask(fake_cpuid) & ARCH_CR4_SMAP, 0ULL);
	KUNIT_EXPECT_NE(test, cr4_mask(fake_cpuid) & ARCH_CR4_SMEP, 0ULL);
	fake_leaf1.ecx &= ~BIT(17);
	KUNIT_EXPECT_EQ(test, cr4_mask(fake_cpuid) & ARCH_CR4_PCIDE, 0ULL);
}

static void efer_never_has_svme_or_lmsle(struct kunit *test)
{
	u64 mask = efer_mask(fake_cpuid);

	KUNIT_EXPECT_EQ(test, mask & (BIT(12) | BIT(13)), 0ULL);
	KUNIT_EXPECT_EQ(test, mask, ARCH_EFER_SCE | ARCH_EFER_LME | ARCH_EFER_LMA | ARCH_EFER_NXE |
			ARCH_EFER_FFXSR | ARCH_EFER_TCE | ARCH_EFER_AIBRSE);
	fake_ext1.edx &= ~BIT(20);
	KUNIT_EXPECT_EQ(test, efer_mask(fake_cpuid) & ARCH_EFER_NXE, 0ULL);
}

static const struct control_state long_mode = {
	.cr0 = ARCH_CR0_PG | ARCH_CR0_PE,
	.cr3 = 0x1000,
	.cr4 = ARCH_CR4_PAE | ARCH_CR4_MCE,
	.efer = ARCH_EFER_LME | ARCH_EFER_LMA,
};

static void cr4_writes_fault_as_the_manual_says(struct kunit *test)
{
	struct control_state state = long_mode;
	u64 mask = cr4_mask(fake_cpuid);

	KUNIT_EXPECT_TRUE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | ARCH_CR4_PGE));
	KUNIT_EXPECT_FALSE(test, cr4_permit(&state, mask, ARCH_CR4_PGE));
	KUNIT_EXPECT_FALSE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | BIT(12)));
	KUNIT_EXPECT_FALSE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | BIT_ULL(63)));
	KUNIT_EXPECT_TRUE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | ARCH_CR4_PCIDE));
	state.cr3 = 0x1001;
	KUNIT_EXPECT_FALSE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | ARCH_CR4_PCIDE));
	state.cr4 |= ARCH_CR4_PCIDE;
	KUNIT_EXPECT_TRUE(test, cr4_permit(&state, mask, ARCH_CR4_PAE | ARCH_CR4_PCIDE));
	state = (struct control_state) {};
	KUNIT_EXPECT_FALSE(test, cr4_permit(&state, mask, ARCH_CR4_PCIDE));
	KUNIT_EXPECT_TRUE(test, cr4_permit(&state, mask, 0));
}

#define CR0_ON	(ARCH_CR0_PG | ARCH_CR0_PE)

static const struct {
	const char *what;
	u64 cr0, cr4, efer;
	bool code64;
	u64 value;
	bool permit, cs_l;
} cr0_cases[] = {
	{ "the same again", CR0_ON, ARCH_CR4_PAE, 0x500, true, CR0_ON, true },
	{ "write protection on", CR0_ON, ARCH_CR4_PAE, 0x500, true, CR0_ON | BIT(16), true },
	{ "upper half", CR0_ON, ARCH_CR4_PAE, 0x500, true, CR0_ON | BIT_ULL(32), false },
	{ "paging without protection", 0, 0, 0, false, ARCH_CR0_PG, false },
	{ "NW without CD", CR0_ON, 0, 0, false, CR0_ON | ARCH_CR0_NW, false },
	{ "caches off", CR0_ON, 0, 0, false, CR0_ON | ARCH_CR0_CD | ARCH_CR0_NW, true },
	{ "paging off in 64-bit code", CR0_ON, ARCH_CR4_PAE, 0x500, true, ARCH_CR0_PE, false },
	{ "paging off in compatibility mode", CR0_ON, ARCH_CR4_PAE, 0x500, false, ARCH_CR0_PE,
	  true },
	{ "paging off with PCIDs", CR0_ON, ARCH_CR4_PAE | ARCH_CR4_PCIDE, 0x500, false,
	  ARCH_CR0_PE, false },
	{ "long mode without PAE", ARCH_CR0_PE, 0, 0x100, false, CR0_ON, false },
	{ "long mode with PAE", ARCH_CR0_PE, ARCH_CR4_PAE, 0x100, false, CR0_ON, true },
	{ "long mode with PAE and CS.L", ARCH_CR0_PE, ARCH_CR4_PAE, 0x100, false, CR0_ON, false,
	  true },
	{ "PAE paging with CS.L", ARCH_CR0_PE, ARCH_CR4_PAE, 0, false, CR0_ON, true, true },
	{ "32-bit paging", ARCH_CR0_PE, 0, 0, false, CR0_ON, true },
};

static void cr0_writes_fault_as_the_manual_says(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cr0_cases); i++) {
		const struct control_state state = {
			.cr0 = cr0_cases[i].cr0,
			.cr4 = cr0_cases[i].cr4,
			.efer = cr0_cases[i].efer,
			.code64 = cr0_cases[i].code64,
			.cs_l = cr0_cases[i].cs_l,
		};

		KUNIT_EXPECT_EQ_MSG(test, cr0_permit(&state, cr0_cases[i].value),
				    cr0_cases[i].permit, "%s", cr0_cases[i].what);
	}
}

static void efer_writes_fault_as_the_manual_says(struct kunit *test)
{
	struct control_state state = long_mode;
	u64 mask = efer_mask(fake_cpuid);

	KUNIT_EXPECT_TRUE(test, efer_permit(&state, mask, state.efer | ARCH_EFER_SCE));
	KUNIT_EXPECT_FALSE(test, efer_permit(&state, mask, state.efer | ARCH_EFER_SVME));
	KUNIT_EXPECT_FALSE(test, efer_permit(&state, mask, ARCH_EFER_LMA));
	state.cr0 = ARCH_CR0_PE;
	KUNIT_EXPECT_TRUE(test, efer_permit(&state, mask, 0));
}

static const struct {
	u64 supported, value;
	bool permit;
} xcr0_cases[] = {
	{ 0x7, 0x1, true }, { 0x7, 0x3, true }, { 0x7, 0x7, true },
	{ 0x7, 0x0, false }, { 0x7, 0x2, false }, { 0x7, 0x5, false }, { 0x3, 0x7, false },
	{ 0xff, 0xe7, true }, { 0xff, 0x27, false }, { 0xff, 0xe3, false },
	{ 0xff, 0x1f, false }, { 0xff, 0xf, false },	/* MPX */
	{ 0x60007, 0x60007, false }, { 0x60007, 0x20007, false },	/* AMX */
	{ 0x2ff, 0x2e7, true }, { 0xe7, 0x2e7, false }, { ~0ULL, 0x2e7, true },
	{ ~0ULL, 0x800e7, false }, { ~0ULL, ~0ULL, false },
	{ 0x7, BIT_ULL(63) | 1, false },
};

static void xcr0_components_come_in_sets(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(xcr0_cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    xcr0_permit(xcr0_cases[i].supported, xcr0_cases[i].value),
				    xcr0_cases[i].permit, "%#llx of %#llx",
				    xcr0_cases[i].value, xcr0_cases[i].supported);
}

static void debugctl_steps_by_branches_and_nothing_else(struct kunit *test)
{
	u32 bit;

	KUNIT_EXPECT_TRUE(test, debugctl_permit(0));
	for (bit = 0; bit < 64; bit++)
		KUNIT_EXPECT_EQ_MSG(test, debugctl_permit(BIT_ULL(bit)), bit == 1, "bit %u", bit);
}

static const struct arch_cpuid all_ones = { ~0U, ~0U, ~0U, ~0U };

static struct arch_cpuid filtered(u32 leaf, u32 subleaf, u64 cr4, struct arch_cpuid r)
{
	if (cpuid_filter(leaf, subleaf, &r))
		cpuid_show_more(fake_cpuid, leaf, cr4, &r);
	return r;
}

static void cpuid_leaves_the_vendor_alone(struct kunit *test)
{
	struct arch_cpuid host = { 0x10, 0x68747541, 0x444d4163, 0x69746e65 };
	struct arch_cpuid r = filtered(0, 0, 0, host);

	KUNIT_EXPECT_EQ(test, memcmp(&r, &host, sizeof(r)), 0);
}

static void cpuid_hides_virtualization(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, filtered(1, 0, 0, all_ones).ecx & BIT(5), 0UL);
	KUNIT_EXPECT_EQ(test, filtered(0x80000001, 0, 0, all_ones).ecx & BIT(2), 0UL);
	KUNIT_EXPECT_EQ(test, filtered(0x80000008, 0, 0, all_ones).ebx & BIT(3), 0UL);
	KUNIT_EXPECT_EQ(test, filtered(0x8000000a, 0, 0, all_ones).edx, 0U);
}

static void cpuid_shows_a_hypervisor(struct kunit *test)
{
	struct arch_cpuid r = filtered(1, 0, 0, (struct arch_cpuid) {});
	char name[13] = {};

	KUNIT_EXPECT_NE(test, r.ecx & BIT(31), 0UL);
	r = filtered(0x40000000, 0, 0, all_ones);
	memcpy(name, &r.ebx, 12);
	KUNIT_EXPECT_STREQ(test, name, "CovirtCovirt");
	r = filtered(0x40000001, 0, 0, all_ones);
	KUNIT_EXPECT_EQ(test, r.ebx | r.ecx | r.edx, 0U);
	KUNIT_EXPECT_EQ(test, filtered(0x40000002, 0, 0, all_ones).eax, 0U);
}

/*
 * A Linux of several CPUs wants to see it, and must find nothing in it that it could use, but for
 * KVM_FEATURE_MSI_EXT_DEST_ID, by which it takes CPUs whose APIC ids are above 255.
 */
static void cpuid_shows_kvm_in_second_place_with_extended_destinations(struct kunit *test)
{
	const struct arch_cpuid features = { .eax = BIT(15) };
	struct arch_cpuid r = filtered(0x40000100, 0, 0, all_ones);
	char name[13] = {};

	memcpy(name, &r.ebx, 12);
	KUNIT_EXPECT_STREQ(test, name, "KVMKVMKVM");
	KUNIT_EXPECT_EQ(test, r.eax, 0x40000101U);
	r = filtered(0x40000101, 0, 0, all_ones);
	KUNIT_EXPECT_EQ(test, memcmp(&r, &features, sizeof(r)), 0);
}

static void cpuid_mirrors_osxsave_and_ospke(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, filtered(1, 0, 0, all_ones).ecx & BIT(27), 0UL);
	KUNIT_EXPECT_NE(test, filtered(1, 0, ARCH_CR4_OSXSAVE, all_ones).ecx & BIT(27), 0UL);
	KUNIT_EXPECT_EQ(test, filtered(7, 0, 0, all_ones).ecx & BIT(4), 0UL);
	KUNIT_EXPECT_NE(test, filtered(7, 0, ARCH_CR4_PKE, all_ones).ecx & BIT(4), 0UL);
	KUNIT_EXPECT_EQ(test, filtered(7, 2, ARCH_CR4_PKE, (struct arch_cpuid) {}).ecx, 0U);
}

/* A feature whose control bit is refused must not be announced: kernels believe CPUID. */
static void cpuid_announces_no_control_bit_that_is_refused(struct kunit *test)
{
	struct arch_cpuid leaf7 = filtered(7, 0, 0, all_ones);
	struct arch_cpuid leaf71 = filtered(7, 1, 0, all_ones);

	KUNIT_EXPECT_EQ(test, leaf7.ecx & (BIT(7) | BIT(16)), 0UL);
	KUNIT_EXPECT_EQ(test, leaf7.edx & (BIT(5) | BIT(20)), 0UL);
	KUNIT_EXPECT_EQ(test, leaf71.eax & (BIT(17) | BIT(26)), 0UL);
}

static struct kunit_case control_policy_cases[] = {
	KUNIT_CASE(cr4_never_has_the_bits_we_left_out),
	KUNIT_CASE(cr4_bits_follow_cpuid),
	KUNIT_CASE(efer_never_has_svme_or_lmsle),
	KUNIT_CASE(cr4_writes_fault_as_the_manual_says),
	KUNIT_CASE(cr0_writes_fault_as_the_manual_says),
	KUNIT_CASE(efer_writes_fault_as_the_manual_says),
	KUNIT_CASE(xcr0_components_come_in_sets),
	KUNIT_CASE(debugctl_steps_by_branches_and_nothing_else),
	KUNIT_CASE(cpuid_leaves_the_vendor_alone),
	KUNIT_CASE(cpuid_hides_virtualization),
	KUNIT_CASE(cpuid_shows_a_hypervisor),
	KUNIT_CASE(cpuid_shows_kvm_in_second_place_with_extended_destinations),
	KUNIT_CASE(cpuid_mirrors_osxsave_and_ospke),
	KUNIT_CASE(cpuid_announces_no_control_bit_that_is_refused),
	{}
};

static struct kunit_suite control_policy_suite = {
	.name = "covirt-control-policy",
	.init = fake_processor_init,
	.test_cases = control_policy_cases,
};

kunit_test_suites(&control_policy_suite);
