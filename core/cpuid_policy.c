// SPDX-License-Identifier: GPL-2.0-only
/*
 * A co-kernel sees the real processor, vendor string included, less what it
 * may not use: features whose MSRs or control bits are denied must not be
 * announced, or a well-behaved kernel would run into a fault. Leaves and bits
 * that are not listed read 0, those of later processors among them.
 */
#include "core/cpu_features.h"
#include "core/cpuid_policy.h"
#include "core/heartbeat.h"

#define CPUID_WORD(leaf, subleaf, reg)	((u64)(leaf) << 8 | (subleaf) << 4 | (reg))

/* The bits of one register of a leaf that are in the table of features. */
#define SHOW_BITS(word, leaf, subleaf, reg, bits, need, name)				\
	| ((word) == CPUID_WORD(leaf, subleaf, reg) ? (u32)(bits) : 0)
#define FEATURES(leaf, subleaf, reg)							\
	(0 CPU_FEATURES(SHOW_BITS, CPUID_WORD(leaf, subleaf, reg)))

#define ALL		(~0U)
#define XSAVE_LEAF	0xd
#define XSAVE_LEGACY	576	/* bytes for x87 and SSE, and the header */
#define LAST_BASIC	0x24
#define LAST_EXTENDED	0x80000026
#define EXTENDED	0x80000000U

#define SHOW(eax, ebx, ecx, edx)	.show = { eax, ebx, ecx, edx }, .eax_max = ALL
#define LAST(leaf, ebx, ecx, edx)	.show = { ALL, ebx, ecx, edx }, .eax_max = (leaf)
#define SUBLEAVES(rules)		.nr_subleaves = ARRAY_SIZE(rules), .subleaves = (rules)
#define WHOLE				{ SHOW(ALL, ALL, ALL, ALL) }
/* A whole leaf as well, with APIC ids in it, or what follows from them. */
#define NUMBERED			{ SHOW(ALL, ALL, ALL, ALL), .more = true }

/* Structured extended features. */
static const struct cpuid_rule features[] = {
	{ LAST(2, FEATURES(7, 0, EBX), FEATURES(7, 0, ECX), FEATURES(7, 0, EDX)),
	  .more = true },
	{ SHOW(FEATURES(7, 1, EAX), 0, 0, FEATURES(7, 1, EDX)) },
	{ SHOW(0, 0, 0, FEATURES(7, 2, EDX)) },
};

/* Extended states; by component from the third on: where it is in an XSAVE area. */
#define COMPONENT	{ SHOW(ALL, ALL, BIT(0) | BIT(1), 0) }

static const struct cpuid_rule states[] = {
	[0] = { SHOW(XCR0_GRANTED, ALL, ALL, 0), .more = true },
	[1] = { SHOW(FEATURES(0xd, 1, EAX), ALL, 0, 0) },
	[2] = COMPONENT,
	[5] = COMPONENT,
	[6] = COMPONENT,
	[7] = COMPONENT,
	[9] = COMPONENT,
};

/* Converged vector ISA: version and lengths, of the states that AVX-512 has. */
static const struct cpuid_rule vectors[] = {
	{ SHOW(0, ALL, 0, 0) },
};

static const struct cpuid_rule basic[] = {
	[0x0] = { LAST(LAST_BASIC, ALL, ALL, ALL) },
	[0x1] = { SHOW(ALL, ALL, FEATURES(1, 0, ECX), FEATURES(1, 0, EDX)),
		  .more = true },
	[0x2] = WHOLE,			/* caches and TLBs, by descriptor */
	[0x4] = NUMBERED,		/* caches */
	[0x5] = WHOLE,			/* MWAIT */
	[0x6] = { SHOW(FEATURES(6, 0, EAX), 0, FEATURES(6, 0, ECX), 0) },
	[0x7] = { SUBLEAVES(features) },
	[0xb] = NUMBERED,		/* topology */
	[XSAVE_LEAF] = { SUBLEAVES(states) },
	[0x15] = WHOLE,			/* frequency of the TSC */
	[0x16] = WHOLE,			/* frequency of the processor */
	[0x18] = WHOLE,			/* TLBs */
	[0x1a] = WHOLE,			/* which core of a hybrid processor */
	[0x1f] = NUMBERED,		/* topology */
	[LAST_BASIC] = { SUBLEAVES(vectors) },
};

static const struct cpuid_rule extended[] = {
	[0x0] = { LAST(LAST_EXTENDED, ALL, ALL, ALL) },
	[0x1] = { SHOW(ALL, ALL, FEATURES(0x80000001, 0, ECX), FEATURES(0x80000001, 0, EDX)) },
	[0x2] = WHOLE,			/* name */
	[0x3] = WHOLE,
	[0x4] = WHOLE,
	[0x5] = WHOLE,			/* first-level caches and TLBs */
	[0x6] = WHOLE,			/* the other levels */
	[0x7] = { SHOW(0, 0, 0, FEATURES(0x80000007, 0, EDX)) },
	[0x8] = { SHOW(ALL, FEATURES(0x80000008, 0, EBX), ALL, FEATURES(0x80000008, 0, EDX)),
		  .more = true },
	[0x19] = WHOLE,			/* TLBs for 1 GiB pages */
	[0x1a] = { SHOW(GENMASK_ULL(3, 0), 0, 0, 0) },	/* which instructions are fast */
	[0x1d] = NUMBERED,		/* caches */
	[0x1e] = NUMBERED,		/* topology */
	[0x21] = { SHOW(FEATURES(0x80000021, 0, EAX), 0, FEATURES(0x80000021, 0, ECX), 0) },
	[LAST_EXTENDED - EXTENDED] = NUMBERED,	/* topology */
};

static const struct cpuid_rule nothing;

/* Leaves that are the hypervisor's, if anybody's. */
static const struct cpuid_rule unlisted = { .more = true };

#define HYPERVISOR_LEAF		0x40000000
#define HYPERVISOR_LEAF_KVM	0x40000100

/* "CovirtCovirt" in EBX, ECX, EDX; one further leaf. */
static const struct arch_cpuid hypervisor_leaf = {
	HYPERVISOR_LEAF + 1, 0x69766f43, 0x6f437472, 0x74726976,
};

/* EAX: number of the MSR that takes the address of a heartbeat. */
static const struct arch_cpuid heartbeat_leaf = { HEARTBEAT_MSR, 0, 0, 0 };

/*
 * "KVMKVMKVM", in second place, as other hypervisors have it there too. A Linux of
 * several CPUs leaves x2APIC mode when it finds neither interrupt remapping nor this.
 */
static const struct arch_cpuid kvm_leaf = {
	HYPERVISOR_LEAF_KVM + 1, 0x4b4d564b, 0x564b4d56, 0x0000004d,
};

/*
 * KVM's features, in the next leaf, are one, KVM_FEATURE_MSI_EXT_DEST_ID: without it Linux
 * leaves out CPUs whose APIC ids an MSI cannot name in 8 bits. It has no MSIs here.
 */
static const struct arch_cpuid kvm_features_leaf = { BIT(15), 0, 0, 0 };

/**
 * cpuid_rule_find() - the rule for a leaf
 * @leaf:    EAX
 * @subleaf: ECX
 *
 * Return: for cpuid_filter(); never NULL.
 */
const struct cpuid_rule *cpuid_rule_find(u32 leaf, u32 subleaf)
{
	const struct cpuid_rule *rule;

	if (leaf < ARRAY_SIZE(basic))
		rule = &basic[leaf];
	else if (leaf - EXTENDED < ARRAY_SIZE(extended))
		rule = &extended[leaf - EXTENDED];
	else
		return &unlisted;
	if (!rule->nr_subleaves)
		return rule;
	return subleaf < rule->nr_subleaves ? &rule->subleaves[subleaf] : &nothing;
}

static void hypervisor_show(u32 leaf, struct arch_cpuid *r)
{
	if (leaf == HYPERVISOR_LEAF)
		*r = hypervisor_leaf;
	else if (leaf == HYPERVISOR_LEAF + 1)
		*r = heartbeat_leaf;
	else if (leaf == HYPERVISOR_LEAF_KVM)
		*r = kvm_leaf;
	else if (leaf == HYPERVISOR_LEAF_KVM + 1)
		*r = kvm_features_leaf;
}

#define HYPERVISOR_BIT	BIT(31)	/* of leaf 1, ECX */
#define OSXSAVE_BIT	BIT(27)	/* likewise */
#define OSPKE_BIT	BIT(4)	/* of leaf 7, ECX */

/* End of a component in an XSAVE area of the standard form (SDM vol. 1, 13.5). */
static u32 component_end(cpuid_fn cpuid, u32 component)
{
	struct arch_cpuid r = cpuid(XSAVE_LEAF, component);

	return r.eax + r.ebx;
}

/* Size that an XSAVE area can reach with these components, not with all of the processor's. */
static u32 xsave_size(cpuid_fn cpuid, u32 components)
{
	struct arch_cpuid all = cpuid(XSAVE_LEAF, 0);
	u32 i, end, size = XSAVE_LEGACY;

	if (all.eax == components && !all.edx)
		return all.ecx;
	for (i = 2; i < ARRAY_SIZE(states); i++) {
		end = components & BIT(i) ? component_end(cpuid, i) : 0;
		size = max(size, end);
	}
	return size;
}

/**
 * cpuid_show_more() - what is the hypervisor's, or mirrors the guest's own registers
 * @cpuid: how to ask the processor
 * @leaf:  EAX
 * @cr4:   the guest's CR4
 * @r:     from cpuid_filter(); changed
 *
 * APM vol. 3, appendix E, has what mirrors registers. Of an XSAVE area, EBX, the size for the
 * components that are on, is right as it is: XCR0 is the guest's at any time. ECX is the size for
 * those that may be.
 */
void cpuid_show_more(cpuid_fn cpuid, u32 leaf, u64 cr4, struct arch_cpuid *r)
{
	if (leaf == 1)
		r->ecx |= HYPERVISOR_BIT | (cr4 & ARCH_CR4_OSXSAVE ? OSXSAVE_BIT : 0);
	else if (leaf == 7)
		r->ecx |= cr4 & ARCH_CR4_PKE ? OSPKE_BIT : 0;
	else if (leaf == XSAVE_LEAF)
		r->ecx = xsave_size(cpuid, r->eax);
	else
		hypervisor_show(leaf, r);
}
