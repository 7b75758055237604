// SPDX-License-Identifier: GPL-2.0-only
/*
 * A co-kernel sees the real processor, vendor string included, less what it
 * may not use: features whose MSRs or control bits are denied must not be
 * announced, or a well-behaved kernel would run into a fault.
 */
#include "core/cpuid_policy.h"
#include "core/heartbeat.h"

#define ANY_SUBLEAF	~0U

/**
 * struct cpuid_rule - bits of one leaf that differ from the hardware's
 * @leaf:    leaf
 * @subleaf: subleaf, or ANY_SUBLEAF
 * @clear:   bits hidden, EAX to EDX
 * @set:     bits shown, EAX to EDX
 * @reason:  why
 */
struct cpuid_rule {
	u32 leaf;
	u32 subleaf;
	u32 clear[4];
	u32 set[4];
	const char *reason;
};

#define ALL	{ ~0U, ~0U, ~0U, ~0U }

static const struct cpuid_rule rules[] = {
	{ 1, ANY_SUBLEAF, { 0, 0, BIT(2) | BIT(5) | BIT(6) | BIT(27), BIT(12) | BIT(21) },
	  { 0, 0, BIT(31), 0 },
	  "no DS area, virtualization, SMX, MTRR; hypervisor shown; OSXSAVE below" },
	{ 7, 0, { 0, BIT(1) | BIT(2) | BIT(12) | BIT(15) | BIT(25),
		  BIT(4) | BIT(5) | BIT(7) | BIT(16),
		  BIT(5) | BIT(18) | BIT(19) | BIT(20) | BIT(22) | BIT(24) | BIT(25) }, {},
	  "no TSC_ADJUST, SGX, RDT, PT, WAITPKG, CET, LA57, UINTR, PCONFIG, arch LBR, AMX; "
	  "OSPKE below" },
	{ 7, 1, { BIT(17) | BIT(18) | BIT(26), 0, 0, BIT(18) }, {}, "no FRED, LKGS, LAM, CET_SSS" },
	{ 0xa, ANY_SUBLEAF, ALL, {}, "performance counters are not granted" },
	{ 0xd, 1, { BIT(3) | BIT(4), 0, ~0U, ~0U }, {},
	  "no XSAVES and XFD: supervisor components and their MSRs are not granted" },
	{ 0x1d, ANY_SUBLEAF, ALL, {}, "no AMX: it needs IA32_XFD, which is Linux's" },
	{ 0x1e, ANY_SUBLEAF, ALL, {}, "no AMX" },
	{ 0xf, ANY_SUBLEAF, ALL, {}, "cache monitoring is Linux's" },
	{ 0x10, ANY_SUBLEAF, ALL, {}, "cache allocation is Linux's" },
	{ 0x12, ANY_SUBLEAF, ALL, {}, "no SGX" },
	{ 0x14, ANY_SUBLEAF, ALL, {}, "no processor trace" },
	{ 0x1c, ANY_SUBLEAF, ALL, {}, "no arch LBR" },
	{ 0x80000001, ANY_SUBLEAF,
	  { 0, 0, BIT(2) | BIT(10) | BIT(12) | BIT(15) | BIT(23) | BIT(24) | BIT(28), 0 }, {},
	  "no virtualization, IBS, SKINIT, LWP, extended performance counters" },
	{ 0x80000007, ANY_SUBLEAF, { 0, 0, 0, BIT(7) | BIT(9) }, {},
	  "no P-state or boost control" },
	{ 0x80000008, ANY_SUBLEAF, { 0, BIT(3) | BIT(6) | BIT(19), 0, 0 }, {},
	  "no INVLPGB, memory bandwidth control" },
	{ 0x8000000a, ANY_SUBLEAF, ALL, {}, "no virtualization" },
	{ 0x8000001b, ANY_SUBLEAF, ALL, {}, "no IBS" },
	{ 0x8000001c, ANY_SUBLEAF, ALL, {}, "no LWP" },
	{ 0x8000001f, ANY_SUBLEAF, ALL, {}, "memory encryption is Linux's" },
	{ 0x80000020, ANY_SUBLEAF, ALL, {}, "bandwidth control is Linux's" },
	{ 0x80000022, ANY_SUBLEAF, ALL, {}, "performance counters are not granted" },
};

#define HYPERVISOR_LEAF		0x40000000
#define HYPERVISOR_LEAF_KVM	0x40000100
#define HYPERVISOR_LEAF_LAST	0x400001ff

/* "CovirtCovirt" in EBX, ECX, EDX; one further leaf. */
static const struct arch_cpuid hypervisor_leaf = {
	HYPERVISOR_LEAF + 1, 0x69766f43, 0x6f437472, 0x74726976,
};

/* EAX: number of the MSR that takes the address of a heartbeat. */
static const struct arch_cpuid heartbeat_leaf = { HEARTBEAT_MSR, 0, 0, 0 };

/*
 * "KVMKVMKVM", in second place, as other hypervisors have it there too; its
 * features, in the next leaf, are none. A Linux of several CPUs leaves x2APIC
 * mode when it finds neither interrupt remapping nor this.
 */
static const struct arch_cpuid kvm_leaf = {
	HYPERVISOR_LEAF_KVM + 1, 0x4b4d564b, 0x564b4d56, 0x0000004d,
};

static void rule_apply(const struct cpuid_rule *rule, struct arch_cpuid *r)
{
	r->eax = (r->eax & ~rule->clear[0]) | rule->set[0];
	r->ebx = (r->ebx & ~rule->clear[1]) | rule->set[1];
	r->ecx = (r->ecx & ~rule->clear[2]) | rule->set[2];
	r->edx = (r->edx & ~rule->clear[3]) | rule->set[3];
}

/**
 * cpuid_filter() - what a guest's CPUID returns, but for what depends on its CR4
 * @leaf:    EAX
 * @subleaf: ECX
 * @r:       what the processor returned; changed
 */
void cpuid_filter(u32 leaf, u32 subleaf, struct arch_cpuid *r)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules) && rules[i].leaf <= leaf; i++)
		if (rules[i].leaf == leaf &&
		    (rules[i].subleaf == ANY_SUBLEAF || rules[i].subleaf == subleaf))
			rule_apply(&rules[i], r);
	if (leaf == HYPERVISOR_LEAF)
		*r = hypervisor_leaf;
	else if (leaf == HYPERVISOR_LEAF + 1)
		*r = heartbeat_leaf;
	else if (leaf == HYPERVISOR_LEAF_KVM)
		*r = kvm_leaf;
	else if (leaf > HYPERVISOR_LEAF && leaf <= HYPERVISOR_LEAF_LAST)
		*r = (struct arch_cpuid) {};
}

/**
 * cpuid_shows_cr4() - has a leaf bits that mirror CR4?
 * @leaf: EAX
 *
 * Return: whether cpuid_show_cr4() has to follow cpuid_filter().
 */
bool cpuid_shows_cr4(u32 leaf)
{
	return leaf == 1 || leaf == 7;
}

/**
 * cpuid_show_cr4() - the bits that mirror the guest's own CR4 (APM vol. 3, appendix E)
 * @leaf:    EAX
 * @subleaf: ECX
 * @cr4:     the guest's CR4
 * @r:       from cpuid_filter(); OSXSAVE or OSPKE is set
 */
void cpuid_show_cr4(u32 leaf, u32 subleaf, u64 cr4, struct arch_cpuid *r)
{
	if (leaf == 1 && cr4 & ARCH_CR4_OSXSAVE)
		r->ecx |= BIT(27);
	if (leaf == 7 && !subleaf && cr4 & ARCH_CR4_PKE)
		r->ecx |= BIT(4);
}
