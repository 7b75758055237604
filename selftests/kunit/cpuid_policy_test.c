// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUID policy: a co-kernel can use what CPUID announces. A well-behaved kernel, on processors that
 * have every feature, or features at random, meets no fault.
 */
#include <kunit/test.h>

#include "core/cpu_features.h"
#include "core/cpuid_policy.h"
#include "core/msr_policy.h"
#include "selftests/kunit/random.h"

/* --- the table --- */

struct named_feature {
	struct cpu_feature f;
	const char *name;
};

#define NAMED_ROW(w, leaf, subleaf, reg, bits, need, name)				\
	{ { leaf, (u32)(bits), subleaf, reg, need }, name },

static const struct named_feature table[] = { CPU_FEATURES(NAMED_ROW, 0) };

static u64 place(const struct cpu_feature *f)
{
	return (u64)f->leaf << 16 | f->subleaf << 8 | f->reg;
}

static void features_are_sorted_and_have_names(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		KUNIT_EXPECT_NE_MSG(test, table[i].f.bits, 0U, "%s", table[i].name);
		KUNIT_EXPECT_GT(test, strlen(table[i].name), 2UL);
		if (i)
			KUNIT_EXPECT_GE_MSG(test, place(&table[i].f), place(&table[i - 1].f),
					    "%s", table[i].name);
	}
}

/* --- processors, and the guest's CPUID on them --- */

static u32 leaf_max;		/* last basic leaf, and last extended one less 0x80000000 */
static u64 leaf_seed;		/* 0: every bit is set */

static u32 word_of(u32 leaf, u32 subleaf, u32 reg)
{
	struct test_random random = { leaf_seed ^ ((u64)leaf << 16 | subleaf << 4 | reg) };

	return leaf_seed ? test_random_u64(&random) : ~0U;
}

static struct arch_cpuid hardware(u32 leaf, u32 subleaf)
{
	struct arch_cpuid r = {
		word_of(leaf, subleaf, EAX), word_of(leaf, subleaf, EBX),
		word_of(leaf, subleaf, ECX), word_of(leaf, subleaf, EDX),
	};

	if (!(leaf & ~0x80000000))
		r.eax = leaf | leaf_max;
	if (leaf == 7 && !subleaf)
		r.eax = leaf_max;
	if (leaf == 0xd && !subleaf)
		r.eax = ~0U;		/* a feature with vectors has their states */
	return r;
}

static void processor(u32 max, u64 seed)
{
	leaf_max = max;
	leaf_seed = seed;
}

static struct arch_cpuid guest_cpuid_with(u32 leaf, u32 subleaf, u64 cr4)
{
	struct arch_cpuid r = hardware(leaf, subleaf);

	if (cpuid_filter(leaf, subleaf, &r))
		cpuid_show_more(hardware, leaf, cr4, &r);
	return r;
}

static struct arch_cpuid guest_cpuid(u32 leaf, u32 subleaf)
{
	return guest_cpuid_with(leaf, subleaf, 0);
}

static u32 guest_word(u32 leaf, u32 subleaf, u32 reg)
{
	struct arch_cpuid r = guest_cpuid(leaf, subleaf);
	u32 regs[] = { r.eax, r.ebx, r.ecx, r.edx };

	return regs[reg];
}

/* --- what the guest may do there --- */

static bool can_read(u32 msr)
{
	const struct msr_rule *rule = msr_rule_find(msr);

	return rule && rule->read != MSR_DENY;
}

static bool can_write(u32 msr)
{
	const struct msr_rule *rule = msr_rule_find(msr);

	return rule && rule->write != MSR_DENY;
}

static bool can_all(bool (*can)(u32 msr), u32 first, u32 last)
{
	for (; first <= last; first++)
		if (!can(first))
			return false;
	return true;
}

static const struct control_state long_mode = {
	.cr0 = ARCH_CR0_PG | ARCH_CR0_PE,
	.cr4 = ARCH_CR4_PAE | ARCH_CR4_MCE,
	.efer = ARCH_EFER_LME | ARCH_EFER_LMA,
	.code64 = true,
};

static bool can_set_cr4(u64 bits)
{
	return cr4_permit(&long_mode, cr4_mask(hardware), long_mode.cr4 | bits);
}

static bool can_set_efer(u64 bits)
{
	return efer_permit(&long_mode, efer_mask(hardware), long_mode.efer | bits);
}

/* A component that CPUID shows the guest, with those that it depends on. */
static bool can_set_xcr0(u64 bits)
{
	struct arch_cpuid r = hardware(0xd, 0);
	u64 all = (u64)r.edx << 32 | r.eax;

	r = guest_cpuid(0xd, 0);
	return (r.eax & bits) == bits &&
	       xcr0_permit(all, bits | XCR0_X87_SSE | (bits & XCR0_AVX512 ? XCR0_AVX : 0));
}

static bool can_use(const struct cpu_feature *f)
{
	switch (f->need) {
	case CPU_NEED_CR4:
		return can_set_cr4(f->first);
	case CPU_NEED_EFER:
		return can_set_efer(f->first);
	case CPU_NEED_XCR0:
		return can_set_xcr0(f->first);
	case CPU_NEED_READ:
		return can_all(can_read, f->first, f->last);
	case CPU_NEED_WRITE:
		return can_all(can_write, f->first, f->last);
	case CPU_NEED_BOTH:
		return can_all(can_read, f->first, f->last) &&
		       can_all(can_write, f->first, f->last);
	default:
		return true;
	}
}

static void what_is_shown_is_granted(struct kunit *test)
{
	u32 i;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		const struct cpu_feature *f = &table[i].f;

		KUNIT_EXPECT_EQ_MSG(test, guest_word(f->leaf, f->subleaf, f->reg) & f->bits,
				    f->bits, "%s", table[i].name);
		KUNIT_EXPECT_TRUE_MSG(test, can_use(f), "%s", table[i].name);
	}
}

static u32 bits_in_table(u32 leaf, u32 subleaf, u32 reg)
{
	u32 i, bits = 0;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].f.leaf == leaf && table[i].f.subleaf == subleaf &&
		    table[i].f.reg == reg)
			bits |= table[i].f.bits;
	return bits;
}

/* Words of features; the other words are numbers, names, sizes. */
static const struct {
	u32 leaf, subleaf, reg;
	u32 mirrored;		/* bits that are not the hardware's */
} words[] = {
	{ 1, 0, ECX, BIT(31) }, { 1, 0, EDX }, { 6, 0, EAX }, { 6, 0, EBX }, { 6, 0, ECX },
	{ 6, 0, EDX }, { 7, 0, EBX }, { 7, 0, ECX }, { 7, 0, EDX }, { 7, 1, EAX }, { 7, 1, EBX },
	{ 7, 1, ECX }, { 7, 1, EDX }, { 7, 2, EAX }, { 7, 2, EDX }, { 0xd, 1, EAX },
	{ 0x80000001, 0, ECX }, { 0x80000001, 0, EDX }, { 0x80000007, 0, EAX },
	{ 0x80000007, 0, EBX }, { 0x80000007, 0, ECX }, { 0x80000007, 0, EDX },
	{ 0x80000008, 0, EBX }, { 0x80000021, 0, EAX }, { 0x80000021, 0, EBX },
	{ 0x80000021, 0, ECX }, { 0x80000021, 0, EDX },
};

static void nothing_else_is_shown(struct kunit *test)
{
	u32 i;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		KUNIT_EXPECT_EQ_MSG(test, guest_word(words[i].leaf, words[i].subleaf, words[i].reg),
				    bits_in_table(words[i].leaf, words[i].subleaf, words[i].reg) |
				    words[i].mirrored,
				    "leaf %#x.%u, register %u", words[i].leaf, words[i].subleaf,
				    words[i].reg);
}

/* --- leaves --- */

/* All that are shown; of the others nothing is. */
static const u32 shown_leaves[] = {
	0, 1, 2, 4, 5, 6, 7, 0xb, 0xd, 0x15, 0x16, 0x18, 0x1a, 0x1f, 0x24,
	0x40000000, 0x40000001, 0x40000100, 0x40000101,
	0x80000000, 0x80000001, 0x80000002, 0x80000003, 0x80000004, 0x80000005, 0x80000006,
	0x80000007, 0x80000008, 0x80000019, 0x8000001a, 0x8000001d, 0x8000001e, 0x80000021,
	0x80000026,
};

static bool is_shown_leaf(u32 leaf)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(shown_leaves); i++)
		if (shown_leaves[i] == leaf)
			return true;
	return false;
}

static bool is_zero(struct arch_cpuid r)
{
	return !(r.eax | r.ebx | r.ecx | r.edx);
}

static void leaves_that_nobody_knows_are_empty(struct kunit *test)
{
	static const u32 bases[] = { 0, 0x20000000, 0x40000000, 0x7fffff80, 0x80000000, 0x8ffffff0,
				     0xc0000000, 0xffffff00 };
	u32 i, leaf;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(bases); i++)
		for (leaf = bases[i]; leaf - bases[i] < 0x100; leaf++) {
			if (is_shown_leaf(leaf))
				continue;
			KUNIT_ASSERT_TRUE_MSG(test, is_zero(guest_cpuid(leaf, 0)) &&
					      is_zero(guest_cpuid(leaf, 1)), "leaf %#x", leaf);
		}
}

static void subleaves_that_nobody_knows_are_empty(struct kunit *test)
{
	u32 subleaf;

	processor(~0U >> 1, 0);
	for (subleaf = 0; subleaf < 0x100; subleaf++) {
		bool granted = subleaf < 2 ||
			       (subleaf < 32 && XCR0_GRANTED >> subleaf & 1);

		KUNIT_EXPECT_EQ_MSG(test, !is_zero(guest_cpuid(0xd, subleaf)), granted,
				    "component %u", subleaf);
		KUNIT_EXPECT_EQ(test, !is_zero(guest_cpuid(7, subleaf)), subleaf < 3);
		KUNIT_EXPECT_EQ(test, !is_zero(guest_cpuid(0x24, subleaf)), subleaf < 1);
	}
	KUNIT_EXPECT_TRUE(test, is_zero(guest_cpuid_with(7, ~0U, ~0ULL)));
	KUNIT_EXPECT_TRUE(test, is_zero(guest_cpuid_with(7, 3, ~0ULL)));
	KUNIT_EXPECT_EQ(test, guest_cpuid_with(7, 2, ~0ULL).ecx, 0U);
	KUNIT_EXPECT_TRUE(test, is_zero(guest_cpuid(0xd, 0x80000000)));
}

/* Leaves that an earlier search, in rules that were not sorted, did not reach. */
static void leaves_of_what_is_denied_are_empty(struct kunit *test)
{
	static const u32 leaves[] = { 3, 9, 0xa, 0xf, 0x10, 0x12, 0x14, 0x19, 0x1b, 0x1c, 0x1d,
				      0x1e, 0x20, 0x23, 0x8000000a, 0x8000001b, 0x8000001c,
				      0x8000001f, 0x80000020, 0x80000022, 0x80000023 };
	u32 i;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(leaves); i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_zero(guest_cpuid(leaves[i], 0)), "leaf %#x",
				      leaves[i]);
}

static void last_leaves_are_at_most_those_that_are_known(struct kunit *test)
{
	processor(0xff, 0);
	KUNIT_EXPECT_EQ(test, guest_cpuid(0, 0).eax, 0x24U);
	KUNIT_EXPECT_EQ(test, guest_cpuid(0x80000000, 0).eax, 0x80000026U);
	KUNIT_EXPECT_EQ(test, guest_cpuid(7, 0).eax, 2U);
	processor(0xd, 0);
	KUNIT_EXPECT_EQ(test, guest_cpuid(0, 0).eax, 0xdU);
	KUNIT_EXPECT_EQ(test, guest_cpuid(0x80000000, 0).eax, 0x8000000dU);
	processor(1, 0);
	KUNIT_EXPECT_EQ(test, guest_cpuid(7, 0).eax, 1U);
}

/* --- extended states --- */

/* A server of today: AVX-512, PKRU and AMX, in the places that it has them. */
static struct arch_cpuid server(u32 leaf, u32 subleaf)
{
	static const struct arch_cpuid states[] = {
		[0] = { 0x602e7, 2696, 11008 },
		[2] = { 256, 576 }, [5] = { 64, 1088 }, [6] = { 512, 1152 }, [7] = { 1024, 1664 },
		[9] = { 8, 2688 }, [17] = { 64, 2752 }, [18] = { 8192, 2816 },
	};

	return leaf == 0xd && subleaf < ARRAY_SIZE(states) ? states[subleaf] :
							     (struct arch_cpuid) {};
}

/* A processor with AVX and PKRU, and 2 KiB between them for components that it lacks. */
static struct arch_cpuid desktop(u32 leaf, u32 subleaf)
{
	static const struct arch_cpuid states[] = {
		[0] = { 0x207, 2440, 2440 }, [2] = { 256, 576 }, [9] = { 8, 2432 },
	};

	return leaf == 0xd && subleaf < ARRAY_SIZE(states) ? states[subleaf] :
							     (struct arch_cpuid) {};
}

static struct arch_cpuid state_of(cpuid_fn cpuid, u32 subleaf)
{
	struct arch_cpuid r = cpuid(0xd, subleaf);

	if (cpuid_filter(0xd, subleaf, &r))
		cpuid_show_more(cpuid, 0xd, 0, &r);
	return r;
}

static struct arch_cpuid server_state(u32 subleaf)
{
	return state_of(server, subleaf);
}

static void an_xsave_area_is_as_large_as_what_is_granted(struct kunit *test)
{
	struct arch_cpuid r = server_state(0);

	KUNIT_EXPECT_EQ(test, r.eax, 0x2e7U);
	KUNIT_EXPECT_EQ(test, r.ebx, 2696U);
	KUNIT_EXPECT_EQ(test, r.ecx, 2696U);
	KUNIT_EXPECT_EQ(test, r.edx, 0U);
	KUNIT_EXPECT_EQ(test, server_state(7).ebx, 1664U);
	KUNIT_EXPECT_TRUE(test, is_zero(server_state(17)));
	KUNIT_EXPECT_TRUE(test, is_zero(server_state(18)));
	KUNIT_EXPECT_EQ(test, state_of(desktop, 0).ecx, 2440U);
}

/* --- a well-behaved kernel --- */

/*
 * Behaviour of kernels that see a bit, by the manuals and not by the table: also for bits that the
 * table hides. A row whose bit is shown must find what it uses.
 */
static const struct named_feature behaviour[] = {
	{ { 1, BIT(2), 0, ECX, NEED_READ(0x600, 0x600) }, "DS area, 64 bits" },
	{ { 1, BIT(21), 0, EDX, NEED_BOTH(0x600, 0x600) }, "DS area" },
	{ { 1, BIT(5), 0, ECX, NEED_CR4(VMXE) }, "VMX" },
	{ { 1, BIT(5), 0, ECX, NEED_READ(0x480, 0x480) }, "VMX_BASIC" },
	{ { 1, BIT(6), 0, ECX, CPU_NEED_CR4, BIT(14) }, "SMX" },
	{ { 1, BIT(7), 0, ECX, NEED_BOTH(0x198, 0x199) }, "EIST" },
	{ { 1, BIT(8), 0, ECX, NEED_BOTH(0x19a, 0x19c) }, "TM2" },
	{ { 1, BIT(11), 0, ECX, NEED_READ(0xc80, 0xc80) }, "DEBUG_INTERFACE" },
	{ { 1, BIT(15), 0, ECX, NEED_READ(0x345, 0x345) }, "PERF_CAPABILITIES" },
	{ { 1, BIT(17), 0, ECX, NEED_CR4(PCIDE) }, "PCID" },
	{ { 1, BIT(18), 0, ECX, NEED_READ(0x1f8, 0x1f8) }, "DCA" },
	{ { 1, BIT(21), 0, ECX, NEED_READ(0x802, 0x803) }, "x2APIC" },
	{ { 1, BIT(24), 0, ECX, NEED_BOTH(0x6e0, 0x6e0) }, "TSC deadline" },
	{ { 1, BIT(26), 0, ECX, NEED_CR4(OSXSAVE) }, "XSAVE" },
	{ { 1, BIT(28), 0, ECX, NEED_XCR0(AVX) }, "AVX" },
	{ { 1, BIT(12), 0, EDX, NEED_BOTH(0x2ff, 0x2ff) }, "MTRRs" },
	{ { 1, BIT(12), 0, EDX, NEED_READ(0xfe, 0xfe) }, "MTRRCAP" },
	{ { 1, BIT(14), 0, EDX, NEED_READ(0x179, 0x179) }, "MCG_CAP" },
	{ { 1, BIT(16), 0, EDX, NEED_BOTH(0x277, 0x277) }, "PAT" },
	{ { 1, BIT(18), 0, EDX, NEED_BOTH(0x119, 0x119) }, "serial number" },
	{ { 1, BIT(22), 0, EDX, NEED_BOTH(0x19b, 0x19c) }, "thermal monitor, by software" },
	{ { 1, BIT(29), 0, EDX, NEED_BOTH(0x19b, 0x19b) }, "thermal monitor" },
	{ { 6, BIT(0) | BIT(6), 0, EAX, NEED_READ(0x19c, 0x19c) }, "thermal sensor" },
	{ { 6, BIT(4), 0, EAX, NEED_BOTH(0x19b, 0x19b) }, "power limit notification" },
	{ { 6, BIT(7), 0, EAX, NEED_BOTH(0x770, 0x774) }, "HWP" },
	{ { 6, BIT(19), 0, EAX, NEED_BOTH(0x17d0, 0x17d1) }, "hardware feedback" },
	{ { 6, BIT(23), 0, EAX, NEED_BOTH(0x17d2, 0x17d4) }, "thread director" },
	{ { 6, BIT(0), 0, ECX, NEED_READ(0xe7, 0xe8) }, "MPERF, APERF" },
	{ { 6, BIT(3), 0, ECX, NEED_BOTH(0x1b0, 0x1b0) }, "energy performance bias" },
	{ { 7, BIT(0), 0, EBX, NEED_CR4(FSGSBASE) }, "FSGSBASE" },
	{ { 7, BIT(1), 0, EBX, NEED_BOTH(0x3b, 0x3b) }, "TSC_ADJUST" },
	{ { 7, BIT(2), 0, EBX, NEED_READ(0x3a, 0x3a) }, "SGX" },
	{ { 7, BIT(7), 0, EBX, NEED_CR4(SMEP) }, "SMEP" },
	{ { 7, BIT(12), 0, EBX, NEED_BOTH(0xc8d, 0xc8e) }, "cache monitoring" },
	{ { 7, BIT(14), 0, EBX, NEED_BOTH(0xd90, 0xd90) }, "MPX" },
	{ { 7, BIT(15), 0, EBX, NEED_BOTH(0xc8f, 0xc90) }, "cache allocation" },
	{ { 7, BIT(16), 0, EBX, NEED_XCR0(AVX512) }, "AVX-512" },
	{ { 7, BIT(20), 0, EBX, NEED_CR4(SMAP) }, "SMAP" },
	{ { 7, BIT(25), 0, EBX, NEED_BOTH(0x570, 0x570) }, "processor trace" },
	{ { 7, BIT(2), 0, ECX, NEED_CR4(UMIP) }, "UMIP" },
	{ { 7, BIT(3), 0, ECX, NEED_CR4(PKE) }, "protection keys" },
	{ { 7, BIT(5), 0, ECX, NEED_BOTH(0xe1, 0xe1) }, "WAITPKG" },
	{ { 7, BIT(7), 0, ECX, CPU_NEED_CR4, BIT(23) }, "shadow stacks" },
	{ { 7, BIT(7), 0, ECX, NEED_BOTH(0x6a0, 0x6a8) }, "shadow stacks: MSRs" },
	{ { 7, BIT(13), 0, ECX, NEED_READ(0x981, 0x982) }, "TME" },
	{ { 7, BIT(16), 0, ECX, CPU_NEED_CR4, BIT(12) }, "LA57" },
	{ { 7, BIT(22), 0, ECX, NEED_BOTH(0xc0000103, 0xc0000103) }, "RDPID" },
	{ { 7, BIT(23), 0, ECX, CPU_NEED_CR4, BIT(19) }, "Key Locker" },
	{ { 7, BIT(29), 0, ECX, NEED_BOTH(0xd93, 0xd93) }, "ENQCMD: PASID" },
	{ { 7, BIT(30), 0, ECX, NEED_BOTH(0x8c, 0x8f) }, "SGX launch control" },
	{ { 7, BIT(31), 0, ECX, CPU_NEED_CR4, BIT(24) }, "PKS" },
	{ { 7, BIT(31), 0, ECX, NEED_BOTH(0x6e1, 0x6e1) }, "PKS: PKRS" },
	{ { 7, BIT(5), 0, EDX, CPU_NEED_CR4, BIT(25) }, "user interrupts" },
	{ { 7, BIT(9), 0, EDX, NEED_BOTH(0x123, 0x123) }, "SRBDS: MCU_OPT_CTRL" },
	{ { 7, BIT(13), 0, EDX, NEED_BOTH(0x10f, 0x10f) }, "TSX_FORCE_ABORT" },
	{ { 7, BIT(19), 0, EDX, NEED_BOTH(0x14ce, 0x14cf) }, "arch LBR" },
	{ { 7, BIT(20), 0, EDX, NEED_BOTH(0x6a2, 0x6a2) }, "indirect branch tracking" },
	{ { 7, BIT(22) | BIT(24) | BIT(25), 0, EDX, CPU_NEED_XCR0, BIT(17) | BIT(18) }, "AMX" },
	{ { 7, BIT(26) | BIT(27) | BIT(31), 0, EDX, NEED_BOTH(0x48, 0x48) }, "SPEC_CTRL" },
	{ { 7, BIT(26), 0, EDX, NEED_WRITE(0x49, 0x49) }, "IBPB" },
	{ { 7, BIT(28), 0, EDX, NEED_WRITE(0x10b, 0x10b) }, "L1D_FLUSH" },
	{ { 7, BIT(29), 0, EDX, NEED_READ(0x10a, 0x10a) }, "ARCH_CAPABILITIES" },
	{ { 7, BIT(30), 0, EDX, NEED_READ(0xcf, 0xcf) }, "CORE_CAPABILITIES" },
	{ { 7, BIT(6), 1, EAX, CPU_NEED_CR4, BIT(27) }, "LASS" },
	{ { 7, BIT(17), 1, EAX, NEED_BOTH(0x1cc, 0x1d4) }, "FRED" },
	{ { 7, BIT(20), 1, EAX, NEED_BOTH(0x1cc, 0x1d4) }, "NMI sources" },
	{ { 7, BIT(21), 1, EAX, CPU_NEED_XCR0, BIT(17) | BIT(18) }, "AMX FP16" },
	{ { 7, BIT(22), 1, EAX, NEED_BOTH(0x17da, 0x17da) }, "HRESET" },
	{ { 7, BIT(26), 1, EAX, CPU_NEED_CR4, BIT(28) }, "LAM" },
	{ { 7, BIT(0), 1, EBX, NEED_READ(0x4e, 0x4f) }, "PPIN" },
	{ { 7, BIT(13), 1, EDX, NEED_BOTH(0x1b00, 0x1b00) }, "user timer" },
	{ { 7, BIT(15), 1, EDX, NEED_BOTH(0x1c, 0x1c) }, "USER_MSR" },
	{ { 7, BIT(18), 1, EDX, NEED_BOTH(0x6a2, 0x6a2) }, "supervisor shadow stacks" },
	{ { 7, BIT(21), 1, EDX, CPU_NEED_XCR0, BIT(19) }, "APX" },
	{ { 7, GENMASK(4, 0), 2, EDX, NEED_BOTH(0x48, 0x48) }, "more of SPEC_CTRL" },
	{ { 7, BIT(6), 2, EDX, NEED_BOTH(0x33, 0x33) }, "UC lock disable" },
	{ { 0xd, BIT(3), 1, EAX, NEED_BOTH(0xda0, 0xda0) }, "XSAVES: XSS" },
	{ { 0xd, BIT(4), 1, EAX, NEED_BOTH(0x1c4, 0x1c5) }, "XFD" },
	{ { 0x80000001, BIT(2), 0, ECX, NEED_EFER(SVME) }, "SVM" },
	{ { 0x80000001, BIT(3), 0, ECX, NEED_READ(0x840, 0x840) }, "extended APIC space" },
	{ { 0x80000001, BIT(9), 0, ECX, NEED_READ(0xc0010140, 0xc0010141) }, "OSVW" },
	{ { 0x80000001, BIT(10), 0, ECX, NEED_BOTH(0xc0011030, 0xc001103b) }, "IBS" },
	{ { 0x80000001, BIT(15), 0, ECX, NEED_BOTH(0xc0000105, 0xc0000106) }, "LWP" },
	{ { 0x80000001, BIT(17), 0, ECX, NEED_EFER(TCE) }, "TCE" },
	{ { 0x80000001, BIT(19), 0, ECX, NEED_READ(0xc001100c, 0xc001100c) }, "node id" },
	{ { 0x80000001, BIT(23), 0, ECX, NEED_BOTH(0xc0010200, 0xc001020b) }, "core counters" },
	{ { 0x80000001, BIT(24), 0, ECX, NEED_BOTH(0xc0010240, 0xc0010247) }, "NB counters" },
	{ { 0x80000001, BIT(26), 0, ECX, NEED_WRITE(0xc0011019, 0xc001101b) }, "DBEXT" },
	{ { 0x80000001, BIT(27), 0, ECX, NEED_READ(0xc0010280, 0xc0010280) }, "PTSC" },
	{ { 0x80000001, BIT(28), 0, ECX, NEED_BOTH(0xc0010230, 0xc001023b) }, "L3 counters" },
	{ { 0x80000001, BIT(12), 0, EDX, NEED_BOTH(0x2ff, 0x2ff) }, "MTRRs" },
	{ { 0x80000001, BIT(20), 0, EDX, NEED_EFER(NXE) }, "NX" },
	{ { 0x80000001, BIT(25), 0, EDX, NEED_EFER(FFXSR) }, "FFXSR" },
	{ { 0x80000001, BIT(27), 0, EDX, NEED_BOTH(0xc0000103, 0xc0000103) }, "RDTSCP" },
	{ { 0x80000007, BIT(3), 0, EBX, NEED_READ(0xc0002004, 0xc0002005) }, "scalable MCA" },
	{ { 0x80000007, BIT(7), 0, EDX, NEED_BOTH(0xc0010061, 0xc0010063) }, "P-states" },
	{ { 0x80000007, BIT(9), 0, EDX, NEED_WRITE(0xc0010062, 0xc0010062) }, "boost" },
	{ { 0x80000007, BIT(10), 0, EDX, NEED_READ(0xc00000e7, 0xc00000e8) }, "read-only MPERF" },
	{ { 0x80000007, BIT(14), 0, EDX, NEED_READ(0xc0010299, 0xc001029b) }, "RAPL" },
	{ { 0x80000008, BIT(8), 0, EBX, CPU_NEED_EFER, BIT(17) }, "MCOMMIT" },
	{ { 0x80000008, BIT(12), 0, EBX, NEED_WRITE(0x49, 0x49) }, "IBPB" },
	{ { 0x80000008, BIT(14) | BIT(15) | BIT(24), 0, EBX, NEED_BOTH(0x48, 0x48) },
	  "SPEC_CTRL" },
	{ { 0x80000008, BIT(23), 0, EBX, NEED_READ(0xc00102f0, 0xc00102f1) }, "PPIN" },
	{ { 0x80000008, BIT(25), 0, EBX, NEED_BOTH(0xc001011f, 0xc001011f) }, "VIRT_SPEC_CTRL" },
	{ { 0x80000008, BIT(27), 0, EBX, NEED_BOTH(0xc00102b0, 0xc00102b4) }, "CPPC" },
	{ { 0x80000008, BIT(31), 0, EBX, NEED_BOTH(0xc000010f, 0xc000010f) }, "branch sampling" },
	{ { 0x80000021, BIT(7), 0, EAX, CPU_NEED_EFER, BIT(20) }, "UAI" },
	{ { 0x80000021, BIT(8), 0, EAX, NEED_EFER(AIBRSE) }, "automatic IBRS" },
	{ { 0x80000021, BIT(13), 0, EAX, NEED_BOTH(0xc0000108, 0xc0000108) }, "prefetch control" },
	{ { 0x80000021, BIT(27), 0, EAX, NEED_WRITE(0x49, 0x49) }, "SBPB" },
	{ { 0x80000021, BIT(31), 0, EAX, NEED_BOTH(0xc001102e, 0xc001102e) }, "SRSO by an MSR" },
};

static void expect_good_behaviour_meets_no_fault(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(behaviour); i++) {
		const struct cpu_feature *f = &behaviour[i].f;

		if (guest_word(f->leaf, f->subleaf, f->reg) & f->bits)
			KUNIT_EXPECT_TRUE_MSG(test, can_use(f), "%s", behaviour[i].name);
	}
}

static void a_processor_that_has_everything(struct kunit *test)
{
	processor(~0U >> 1, 0);
	expect_good_behaviour_meets_no_fault(test);
}

static void processors_at_random(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 300; i++) {
		processor(0x26 + i, 0x9e3779b9 * (i + 1ULL));
		expect_good_behaviour_meets_no_fault(test);
	}
}

/* The table of behaviour also finds bits that are denied, so it can fail. */
static void the_kernel_of_this_test_would_meet_faults(struct kunit *test)
{
	u32 i, denied = 0;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(behaviour); i++)
		denied += !can_use(&behaviour[i].f);
	KUNIT_EXPECT_GT(test, denied, 50U);
}

static void a_lock_on_the_bus_is_not_detected(struct kunit *test)
{
	processor(~0U >> 1, 0);
	KUNIT_EXPECT_EQ(test, guest_word(7, 0, ECX) & BIT(24), 0UL);
	KUNIT_EXPECT_FALSE(test, debugctl_permit(BIT(2)));
}

/* --- what must not be lost: speed, and mitigations --- */

static const struct {
	const char *name;
	u32 leaf, subleaf, reg, bits;
} wanted[] = {
	{ "PCID, x2APIC, TSC deadline, XSAVE, AVX, RDRAND", 1, 0, ECX,
	  BIT(17) | BIT(21) | BIT(24) | BIT(26) | BIT(28) | BIT(30) },
	{ "MONITOR", 1, 0, ECX, BIT(3) },
	{ "ARAT", 6, 0, EAX, BIT(2) },
	{ "APERF, MPERF", 6, 0, ECX, BIT(0) },
	{ "FSGSBASE, AVX2, SMEP, ERMS, INVPCID, AVX-512, SMAP", 7, 0, EBX,
	  BIT(0) | BIT(5) | BIT(7) | BIT(9) | BIT(10) | BIT(16) | BIT(20) },
	{ "UMIP, PKU, RDPID", 7, 0, ECX, BIT(2) | BIT(3) | BIT(22) },
	{ "FSRM, MD_CLEAR, IBRS, STIBP, ARCH_CAPABILITIES, SSBD", 7, 0, EDX,
	  BIT(4) | BIT(10) | BIT(26) | BIT(27) | BIT(29) | BIT(31) },
	{ "RRSBA_CTRL, BHI_CTRL", 7, 2, EDX, BIT(2) | BIT(4) },
	{ "XSAVEOPT, XSAVEC", 0xd, 1, EAX, BIT(0) | BIT(1) },
	{ "topology extensions, MWAITX", 0x80000001, 0, ECX, BIT(22) | BIT(29) },
	{ "SYSCALL, NX, 1G pages, RDTSCP, long mode", 0x80000001, 0, EDX,
	  BIT(11) | BIT(20) | BIT(26) | BIT(27) | BIT(29) },
	{ "invariant TSC", 0x80000007, 0, EDX, BIT(8) },
	{ "IBPB, IBRS, STIBP, SSBD, SSB_NO, BTC_NO", 0x80000008, 0, EBX,
	  BIT(12) | BIT(14) | BIT(15) | BIT(24) | BIT(26) | BIT(29) },
	{ "automatic IBRS, VERW_CLEAR, SBPB, IBPB_BRTYPE, SRSO_NO", 0x80000021, 0, EAX,
	  BIT(5) | BIT(8) | BIT(27) | BIT(28) | BIT(29) },
};

static void speed_and_mitigations_are_kept(struct kunit *test)
{
	u32 i;

	processor(~0U >> 1, 0);
	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		KUNIT_EXPECT_EQ_MSG(test, guest_word(wanted[i].leaf, wanted[i].subleaf,
						     wanted[i].reg) & wanted[i].bits,
				    wanted[i].bits, "%s", wanted[i].name);
}

static void topology_caches_and_clocks_are_the_hardwares(struct kunit *test)
{
	static const u32 leaves[] = { 2, 4, 5, 0xb, 0x15, 0x16, 0x18, 0x1a, 0x1f, 0x80000002,
				      0x80000003, 0x80000004, 0x80000005, 0x80000006, 0x80000019,
				      0x8000001d, 0x8000001e, 0x80000026 };
	u32 i, subleaf;

	processor(~0U >> 1, 0x5eed);
	for (i = 0; i < ARRAY_SIZE(leaves); i++)
		for (subleaf = 0; subleaf < 5; subleaf++) {
			struct arch_cpuid is = guest_cpuid(leaves[i], subleaf);
			struct arch_cpuid was = hardware(leaves[i], subleaf);

			KUNIT_EXPECT_EQ_MSG(test, memcmp(&is, &was, sizeof(is)), 0, "leaf %#x",
					    leaves[i]);
		}
}

/* --- ARCH_CAPABILITIES --- */

/* Bits that say that there is an MSR, which is not granted (SDM vol. 4, table 2-2). */
static const struct {
	u8 bit;
	u32 msr;
} capability_msrs[] = {
	{ 7, 0x122 }, { 9, 0x1406 }, { 10, 0xbc }, { 11, 0xbc }, { 12, 0x1b01 }, { 18, 0x123 },
	{ 21, 0xbd }, { 23, 0x195 }, { 25, 0x123 }, { 29, 0x123 }, { 32, 0xbf },
};

static void capabilities_name_no_msr_that_is_denied(struct kunit *test)
{
	const struct msr_rule *rule = msr_rule_find(0x10a);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_EXPECT_EQ(test, rule->read, MSR_MASKED);
	for (i = 0; i < ARRAY_SIZE(capability_msrs); i++)
		if (rule->value >> capability_msrs[i].bit & 1)
			KUNIT_EXPECT_TRUE_MSG(test, can_read(capability_msrs[i].msr) &&
					      can_write(capability_msrs[i].msr), "bit %u",
					      capability_msrs[i].bit);
}

/* A kernel that does not see them takes trouble for nothing, or too little. */
static void capabilities_tell_what_is_not_vulnerable(struct kunit *test)
{
	static const u8 bits[] = { 0, 1, 2, 4, 5, 6, 8, 13, 14, 15, 17, 19, 20, 24, 26, 27, 28,
				   62 };
	const struct msr_rule *rule = msr_rule_find(0x10a);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, rule);
	for (i = 0; i < ARRAY_SIZE(bits); i++)
		KUNIT_EXPECT_TRUE_MSG(test, rule->value >> bits[i] & 1, "bit %u", bits[i]);
	KUNIT_EXPECT_EQ(test, hweight64(rule->value), ARRAY_SIZE(bits));
}

static struct kunit_case cpuid_policy_cases[] = {
	KUNIT_CASE(features_are_sorted_and_have_names),
	KUNIT_CASE(what_is_shown_is_granted),
	KUNIT_CASE(nothing_else_is_shown),
	KUNIT_CASE(leaves_that_nobody_knows_are_empty),
	KUNIT_CASE(subleaves_that_nobody_knows_are_empty),
	KUNIT_CASE(leaves_of_what_is_denied_are_empty),
	KUNIT_CASE(last_leaves_are_at_most_those_that_are_known),
	KUNIT_CASE(an_xsave_area_is_as_large_as_what_is_granted),
	KUNIT_CASE(a_processor_that_has_everything),
	KUNIT_CASE(processors_at_random),
	KUNIT_CASE(the_kernel_of_this_test_would_meet_faults),
	KUNIT_CASE(a_lock_on_the_bus_is_not_detected),
	KUNIT_CASE(speed_and_mitigations_are_kept),
	KUNIT_CASE(topology_caches_and_clocks_are_the_hardwares),
	KUNIT_CASE(capabilities_name_no_msr_that_is_denied),
	KUNIT_CASE(capabilities_tell_what_is_not_vulnerable),
	{}
};

static struct kunit_suite cpuid_policy_suite = {
	.name = "covirt-cpuid-policy",
	.test_cases = cpuid_policy_cases,
};

kunit_test_suites(&cpuid_policy_suite);
