// SPDX-License-Identifier: GPL-2.0-only
/*
 * APIC ids of an enclave's own: all that a kernel can ask tells one and the same topology, which is
 * that of the CPUs given. The kernel of this test reads leaves as the manuals say.
 */
#include <kunit/test.h>

#include "core/cpuid_policy.h"
#include "core/cpuid_topology.h"
#include "core/linux/apic_ids.h"
#include "irq/avic_posted/icr.h"
#include "selftests/kunit/random.h"

/* --- a processor that tells its own ids in every leaf --- */

#define THREADS_SHARE	1	/* sharers of caches, less 1, in bits 25:14 of EAX */
#define ALL_SHARE	0xff
#define SOME_SHARE	3
#define NO_CACHE	4	/* first subleaf without one */

static bool is_amd;

static u32 cache_eax(u32 subleaf)
{
	static const u32 sharers[] = { THREADS_SHARE, THREADS_SHARE, SOME_SHARE, ALL_SHARE };

	return subleaf < NO_CACHE ? (0x21 + subleaf) | sharers[subleaf] << 14 | 0x3fU << 26 : 0;
}

static struct arch_cpuid hardware(u32 leaf, u32 subleaf)
{
	struct arch_cpuid r = { ~0U, ~0U, ~0U, ~0U };

	if (leaf == 4 || leaf == 0x8000001d)
		r.eax = is_amd == (leaf != 4) ? cache_eax(subleaf) : 0;
	else if (leaf == 0x80000008)
		r.ecx = is_amd ? 0x3703f : 0;
	return r;
}

static struct arch_cpuid guest(const struct apic_ids *ids, u32 place, u32 leaf, u32 subleaf)
{
	struct arch_cpuid r = hardware(leaf, subleaf);

	if (cpuid_filter(leaf, subleaf, &r)) {
		cpuid_show_more(hardware, leaf, 0, &r);
		cpuid_topology_show(&ids->topology, ids->guest[place], leaf, subleaf, &r);
	}
	return r;
}

/* --- a kernel --- */

/**
 * struct place - where a CPU is, as a kernel works it out
 * @id:      its APIC id
 * @package: from 0 on
 * @core:    in its package
 * @thread:  of its core
 */
struct place {
	u32 id, package, core, thread;
};

/* SDM vol. 3, 9.9.3: by the extended topology leaves. */
static struct place place_by_levels(struct kunit *test, const struct apic_ids *ids, u32 n, u32 leaf)
{
	struct arch_cpuid threads = guest(ids, n, leaf, 0), cores = guest(ids, n, leaf, 1);
	struct arch_cpuid end = guest(ids, n, leaf, 2);
	u32 id = threads.edx;

	KUNIT_ASSERT_EQ(test, threads.ecx, 1U << 8);
	KUNIT_ASSERT_EQ(test, cores.ecx, 2U << 8 | 1);
	KUNIT_ASSERT_EQ(test, end.ecx, 2U);
	KUNIT_ASSERT_EQ(test, end.eax | end.ebx, 0U);
	KUNIT_ASSERT_EQ(test, cores.edx, id);
	KUNIT_ASSERT_EQ(test, end.edx, id);
	KUNIT_ASSERT_LE(test, threads.eax, cores.eax);
	KUNIT_ASSERT_EQ(test, cores.ebx, ids->nr);
	KUNIT_ASSERT_LE(test, threads.ebx, 1U << threads.eax);
	return (struct place) {
		.id = id,
		.package = id >> cores.eax,
		.core = (id & ((1U << cores.eax) - 1)) >> threads.eax,
		.thread = id & ((1U << threads.eax) - 1),
	};
}

/* The older way, by leaves 1 and 4 (SDM vol. 3, 9.9.3.1). */
static struct place place_by_counts(const struct apic_ids *ids, u32 n)
{
	u32 ebx = guest(ids, n, 1, 0).ebx, eax = guest(ids, n, 4, 0).eax;
	u32 package = topology_order(ebx >> 16 & 0xff), cores = topology_order((eax >> 26) + 1);
	u32 id = ebx >> 24;

	return (struct place) {
		.id = id,
		.package = id >> package,
		.core = (id & ((1U << package) - 1)) >> (package - cores),
		.thread = id & ((1U << (package - cores)) - 1),
	};
}

/* AMD's: APM vol. 3, appendix E.4.7, E.4.16. */
static struct place place_by_amd(const struct apic_ids *ids, u32 n)
{
	struct arch_cpuid core = guest(ids, n, 0x8000001e, 0);
	u32 package = guest(ids, n, 0x80000008, 0).ecx >> 12 & 0xf;
	u32 threads = topology_order((core.ebx >> 8 & 0xff) + 1);

	return (struct place) {
		.id = core.eax,
		.package = core.eax >> package,
		.core = core.ebx & 0xff,
		.thread = core.eax & ((1U << threads) - 1),
	};
}

static void expect_same_place(struct kunit *test, struct place a, struct place b)
{
	KUNIT_ASSERT_EQ(test, a.id, b.id);
	KUNIT_ASSERT_EQ(test, a.package, b.package);
	KUNIT_ASSERT_EQ(test, a.core, b.core);
	KUNIT_ASSERT_EQ(test, a.thread, b.thread);
}

static u32 cache_of(const struct apic_ids *ids, u32 n, u32 subleaf)
{
	u32 eax = guest(ids, n, is_amd ? 0x8000001d : 4, subleaf).eax;

	return ids->guest[n] >> topology_order((eax >> 14 & 0xfff) + 1);
}

/* --- what it must find --- */

static bool share(const struct apic_ids *ids, u32 a, u32 b, u32 bits)
{
	return ids->hardware[a] >> bits == ids->hardware[b] >> bits;
}

static bool all_share(const struct apic_ids *ids, u32 bits)
{
	u32 n;

	for (n = 1; n < ids->nr; n++)
		if (!share(ids, 0, n, bits))
			return false;
	return true;
}

static void judge_caches(struct kunit *test, const struct apic_ids *ids, u32 a, u32 b,
			 u32 thread_bits)
{
	static const u32 bits[] = { 1, 1, 2, 8 };
	bool one_core = share(ids, a, b, thread_bits);
	u32 i;

	for (i = 0; i < NO_CACHE; i++)
		KUNIT_ASSERT_EQ_MSG(test, cache_of(ids, a, i) == cache_of(ids, b, i),
				    one_core || all_share(ids, bits[i]), "cache %u", i);
}

static void judge_pair(struct kunit *test, const struct apic_ids *ids, u32 a, u32 b,
		       u32 thread_bits)
{
	struct place here = place_by_levels(test, ids, a, 0xb);
	struct place there = place_by_levels(test, ids, b, 0xb);

	KUNIT_ASSERT_EQ(test, here.package, there.package);
	KUNIT_ASSERT_EQ(test, here.core == there.core, share(ids, a, b, thread_bits));
	KUNIT_ASSERT_EQ(test, here.id == there.id, a == b);
	judge_caches(test, ids, a, b, thread_bits);
}

static void judge_cpu(struct kunit *test, const struct apic_ids *ids, u32 n)
{
	struct place place = place_by_levels(test, ids, n, 0xb);
	struct arch_cpuid levels = guest(ids, n, 0x80000026, 0);

	KUNIT_ASSERT_EQ(test, place.id, ids->guest[n]);
	expect_same_place(test, place, place_by_levels(test, ids, n, 0x1f));
	expect_same_place(test, place, is_amd ? place_by_amd(ids, n) : place_by_counts(ids, n));
	KUNIT_ASSERT_EQ(test, guest(ids, n, 1, 0).ebx >> 24, place.id);
	KUNIT_ASSERT_EQ(test, levels.eax | levels.ebx | levels.ecx | levels.edx, 0U);
	KUNIT_ASSERT_EQ(test, guest(ids, n, 0x40000101, 0).eax, 0U);
}

static void judge(struct kunit *test, const struct apic_ids *ids, u32 thread_bits)
{
	u32 a, b;

	for (a = 0; a < ids->nr; a++) {
		judge_cpu(test, ids, a);
		for (b = 0; b < ids->nr; b++)
			judge_pair(test, ids, a, b, thread_bits);
	}
	for (; a < ids->nr + ids->nr_announced; a++)
		for (b = 0; b < a; b++)
			KUNIT_ASSERT_NE(test, ids->guest[a], ids->guest[b]);
}

static void judge_both(struct kunit *test, struct apic_ids *ids, u32 thread_bits)
{
	apic_ids_own(ids, thread_bits);
	is_amd = false;
	judge(test, ids, thread_bits);
	is_amd = true;
	judge(test, ids, thread_bits);
}

/* --- cases --- */

static const struct {
	const char *what;
	u32 thread_bits, nr, nr_announced;
	apicid_t hardware[COVIRT_MAX_CPUS], own[COVIRT_MAX_CPUS];
} cases[] = {
	{ "a CPU alone", 0, 1, 0, { 280 }, { 0 } },
	{ "a CPU alone, of a core with two threads", 1, 1, 0, { 7 }, { 0 } },
	{ "cores, one beyond 8 bits", 0, 2, 0, { 3, 280 }, { 0, 1 } },
	{ "cores of two packages", 0, 4, 0, { 2, 3, 16, 17 }, { 0, 1, 2, 3 } },
	{ "cores with two threads", 1, 4, 0, { 2, 3, 4, 5 }, { 0, 1, 2, 3 } },
	{ "threads that Linux numbers last", 1, 4, 0, { 2, 4, 3, 5 }, { 0, 2, 1, 3 } },
	{ "single threads of cores", 1, 3, 0, { 2, 4, 7 }, { 0, 1, 2 } },
	{ "a core with one thread between others", 1, 5, 0, { 2, 3, 4, 6, 7 }, { 0, 1, 2, 4, 5 } },
	{ "four threads", 2, 4, 0, { 4, 5, 6, 8 }, { 0, 1, 2, 4 } },
	{ "others are announced", 0, 2, 2, { 1, 2, 3, 4 }, { 0, 1, 2, 3 } },
	{ "threads, and others are announced", 1, 2, 2, { 2, 3, 4, 5 }, { 0, 1, 2, 4 } },
};

static void ids_begin_at_0_and_tell_who_shares_a_core(struct kunit *test)
{
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct apic_ids ids = { .nr = cases[i].nr, .nr_announced = cases[i].nr_announced };

		memcpy(ids.hardware, cases[i].hardware, sizeof(ids.hardware));
		judge_both(test, &ids, cases[i].thread_bits);
		for (n = 0; n < ids.nr + ids.nr_announced; n++)
			KUNIT_EXPECT_EQ_MSG(test, ids.guest[n], cases[i].own[n], "%s",
					    cases[i].what);
	}
}

#define DRAWS	300

static void draw_ids(struct test_random *random, struct apic_ids *ids)
{
	u32 span = 1U << (4 + test_random_below(random, 6)), n, m;

	*ids = (struct apic_ids) { .nr = 1 + test_random_below(random, COVIRT_MAX_CPUS) };
	for (n = 0; n < ids->nr;) {
		ids->hardware[n] = test_random_below(random, span);
		for (m = 0; m < n && ids->hardware[m] != ids->hardware[n]; m++)
			;
		n += m == n;
	}
	ids->nr_announced = test_random_below(random, COVIRT_MAX_CPUS + 1 - ids->nr);
}

static void ids_of_any_cpus_agree_in_all_leaves(struct kunit *test)
{
	struct test_random random = { 0x1d5 };
	struct apic_ids ids;
	u32 i;

	for (i = 0; i < DRAWS; i++) {
		draw_ids(&random, &ids);
		judge_both(test, &ids, i % 3);
	}
}

/* Nothing of them, wherever it may stand: its own ids are all-ones here. */
static void hardwares_ids_are_in_no_leaf(struct kunit *test)
{
	struct apic_ids ids = { .nr = 2, .hardware = { 254, 255 } };
	static const u32 leaves[] = { 0xb, 0x1f, 0x8000001e, 0x80000026 };
	u32 i;

	apic_ids_own(&ids, 0);
	KUNIT_EXPECT_EQ(test, guest(&ids, 1, 1, 0).ebx >> 16, 0x0102U);
	for (i = 0; i < ARRAY_SIZE(leaves); i++) {
		struct arch_cpuid r = guest(&ids, 1, leaves[i], 0);

		KUNIT_EXPECT_LT_MSG(test, r.eax | r.ebx | r.edx, 4U, "leaf %#x", leaves[i]);
	}
}

static void ids_of_the_hardware_are_left_alone(struct kunit *test)
{
	struct apic_ids ids = { .nr = 2, .nr_announced = 1, .hardware = { 3, 280, 5 } };

	apic_ids_hardware(&ids);
	KUNIT_EXPECT_EQ(test, memcmp(ids.guest, ids.hardware, sizeof(ids.guest)), 0);
	KUNIT_EXPECT_FALSE(test, ids.topology.own);
}

/* A route's destination can be none of them. */
static void ids_are_below_the_destinations_of_routes(struct kunit *test)
{
	struct apic_ids ids = { .nr = COVIRT_MAX_CPUS };
	u32 bits, n;

	for (bits = 0; bits <= 31; bits++) {
		for (n = 0; n < COVIRT_MAX_CPUS; n++)
			ids.hardware[n] = n < COVIRT_MAX_CPUS / 2 ? n : n << 27;
		apic_ids_own(&ids, bits);
		for (n = 0; n < COVIRT_MAX_CPUS; n++)
			KUNIT_EXPECT_LT(test, ids.guest[n], COVIRT_ROUTE_DESTINATION);
	}
}

static struct kunit_case apic_ids_cases[] = {
	KUNIT_CASE(ids_begin_at_0_and_tell_who_shares_a_core),
	KUNIT_CASE(ids_of_any_cpus_agree_in_all_leaves),
	KUNIT_CASE(hardwares_ids_are_in_no_leaf),
	KUNIT_CASE(ids_of_the_hardware_are_left_alone),
	KUNIT_CASE(ids_are_below_the_destinations_of_routes),
	{}
};

static struct kunit_suite apic_ids_suite = {
	.name = "covirt-apic-ids",
	.test_cases = apic_ids_cases,
};

kunit_test_suites(&apic_ids_suite);
