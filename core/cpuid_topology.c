// SPDX-License-Identifier: GPL-2.0-only
/*
 * Topology in CPUID, where APIC ids are the enclave's own: threads of a core, cores of one package,
 * nothing between. A cache is shared by the threads of a core, or by all CPUs if the hardware's is;
 * one that only some of the cores share is told as each one's own, which promises too little.
 */
#include "core/cpuid_topology.h"

#define EXTENDED	0x80000000U
#define KVM_FEATURES	0x40000101U

#define CACHE_TYPE(eax)		((eax) & 0x1f)
#define CACHE_SHARERS(eax)	(((eax) >> 14 & 0xfff) + 1)
#define CACHE_KEPT		GENMASK_ULL(13, 0)

enum {
	LEVEL_THREADS	= 1,	/* SDM vol. 3, table 9-2: types of a level */
	LEVEL_CORES	= 2,
};

/* Ids of CPUs that share a cache agree but for so many of their lowest bits. */
static u32 cache_shift(const struct covirt_topology *topology, u32 eax)
{
	u32 hardware = topology_order(CACHE_SHARERS(eax));

	return hardware < topology->hardware_shift ? topology->core_shift :
						     topology->package_shift;
}

static u32 cache_show(const struct covirt_topology *topology, u32 eax)
{
	if (!CACHE_TYPE(eax))
		return eax;
	return (eax & CACHE_KEPT) | (BIT(cache_shift(topology, eax)) - 1) << 14;
}

/* Highest bits of leaf 4, EAX: how many cores the ids of a package can name, less 1. */
static u32 cores_show(const struct covirt_topology *topology, u32 eax)
{
	u32 cores = BIT(topology->package_shift - topology->core_shift);

	return CACHE_TYPE(eax) ? (cores - 1) << 26 : 0;
}

/* SDM vol. 2, CPUID: a level tells how far to shift an id for that of the next level. */
static void level_show(const struct covirt_topology *topology, apicid_t id, u32 level,
		       struct arch_cpuid *r)
{
	*r = (struct arch_cpuid) { .ecx = (u8)level, .edx = id };
	if (level == 0) {
		r->eax = topology->core_shift;
		r->ebx = topology->nr_threads;
		r->ecx |= LEVEL_THREADS << 8;
	} else if (level == 1) {
		r->eax = topology->package_shift;
		r->ebx = topology->nr_cpus;
		r->ecx |= LEVEL_CORES << 8;
	}
}

/* APM vol. 3, appendix E: the core, its threads; node 0, which is the only one. */
static void core_show(const struct covirt_topology *topology, apicid_t id, struct arch_cpuid *r)
{
	*r = (struct arch_cpuid) {
		.eax = id,
		.ebx = id >> topology->core_shift | (BIT(topology->core_shift) - 1) << 8,
	};
}

/* AMD's count of CPUs, and how many bits of an id number them; with Intel it is reserved. */
static u32 count_show(const struct covirt_topology *topology, u32 ecx)
{
	if (!ecx)
		return 0;
	return (ecx & ~0xf0ffU) | topology->package_shift << 12 | (topology->nr_cpus - 1);
}

/**
 * cpuid_topology_show() - put the enclave's own ids and topology where the hardware's are
 * @topology: of the enclave, covirt_topology::own
 * @id:       APIC id of this CPU
 * @leaf:     EAX
 * @subleaf:  ECX
 * @r:        from cpuid_filter(), for a leaf that says cpuid_rule::more; changed
 *
 * AMD's leaf 0x80000026 stays empty, as that of a processor without levels beyond those of 0xb.
 * KVM's feature that lets Linux use ids which an MSI cannot name is not needed by such ids.
 */
void cpuid_topology_show(const struct covirt_topology *topology, apicid_t id, u32 leaf, u32 subleaf,
			 struct arch_cpuid *r)
{
	switch (leaf) {
	case 0x1:
		r->ebx = (u16)r->ebx | BIT(topology->package_shift) << 16 | id << 24;
		break;
	case 0x4:
		r->eax = cache_show(topology, r->eax) | cores_show(topology, r->eax);
		break;
	case 0xb:
	case 0x1f:
		level_show(topology, id, subleaf, r);
		break;
	case EXTENDED + 0x8:
		r->ecx = count_show(topology, r->ecx);
		break;
	case EXTENDED + 0x1d:
		r->eax = cache_show(topology, r->eax);
		break;
	case EXTENDED + 0x1e:
		core_show(topology, id, r);
		break;
	case KVM_FEATURES:
	case EXTENDED + 0x26:
		*r = (struct arch_cpuid) {};
		break;
	}
}
