// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random edits, flushes and lives of enclaves under the model of tlb_model.h.
 * The same sequence is run again with one of its flushes left out.
 */
#include <linux/module.h>

#include "selftests/kunit/random.h"
#include "selftests/kunit/tlb_driver.h"

#define NR_STEPS	60
#define NO_FLUSH	(~0U)

/**
 * struct rig - one sequence
 * @world:   where it happens
 * @random:  what happens
 * @flushes: flushes that were owed so far, on whichever CPU
 * @omit:    number of the one that is left out
 * @matters: that one can be told from one that was made
 */
struct rig {
	struct world *world;
	struct test_random random;
	u32 flushes;
	u32 omit;
	bool matters;
};

static u8 random_access(struct rig *rig)
{
	static const u8 access[] = {
		COVIRT_READ, COVIRT_RW, COVIRT_READ | COVIRT_EXEC, COVIRT_RWX,
	};

	return access[test_random_below(&rig->random, ARRAY_SIZE(access))];
}

/* Frames may be out of step with the addresses, but not where that would take 512 tables. */
static hpa_t random_frame(struct rig *rig, u64 from, u64 to)
{
	hpa_t frame = (2 + test_random_below(&rig->random, 4)) * 8 * GIB + from;

	if (test_random_one_in(&rig->random, 3))
		frame += to - from <= 2 * M2 ? PAGE : M2;
	return frame;
}

/* Edges of a range that is mapped throughout, or not at all. */
static bool random_range(struct rig *rig, u32 *first, u32 *end)
{
	const struct world_grant *atom = rig->world->now.atom;

	*first = test_random_below(&rig->random, WORLD_ATOMS);
	*end = *first + 1;
	while (*end < WORLD_ATOMS && !atom[*end].access == !atom[*first].access &&
	       !test_random_one_in(&rig->random, 4))
		(*end)++;
	return atom[*first].access;
}

static void random_edit(struct rig *rig)
{
	u32 first, end;
	bool there = random_range(rig, &first, &end);
	u64 from = world_edges[first], to = world_edges[end];

	if (!there)
		world_map(rig->world, from, to, random_frame(rig, from, to), random_access(rig),
			  test_random_one_in(&rig->random, 5) ? COVIRT_MT_UC : COVIRT_MT_WB);
	else if (test_random_one_in(&rig->random, 2))
		world_unmap(rig->world, from, to);
	else
		world_protect(rig->world, from, to, random_access(rig));
}

/* Is there a page that a CPU may have seen otherwise than it is now? */
static bool map_is_stale(const struct world_map *old, const struct world_map *now)
{
	u32 i;

	for (i = 0; i < WORLD_ATOMS; i++)
		if (old->atom[i].access && memcmp(&old->atom[i], &now->atom[i], sizeof(*now->atom)))
			return true;
	return false;
}

/* Edits that cancel out leave nothing stale, unless they took a table out. */
static bool flush_matters(const struct world *world)
{
	u32 i;

	for (i = 0; i < world->nr_old; i++)
		if (map_is_stale(&world->old[i], &world->now))
			return true;
	return world_pages_used(world) != pt_nr_tables(&world->pt);
}

/* The next flush: is it made? @matters: somebody could tell if it were not. */
static enum driver_flush rig_next_flush(struct rig *rig, bool matters)
{
	if (rig->flushes++ != rig->omit)
		return FLUSH_PROPER;
	rig->matters = matters;
	return FLUSH_NONE;
}

/* The CPUs in any order. */
static void rig_flush(struct rig *rig)
{
	struct world *world = rig->world;
	u32 first = test_random_below(&rig->random, WORLD_CPUS), i;

	for (i = 0; i < WORLD_CPUS && pt_flush_owed(&world->pt); i++) {
		u32 n = (first + i) % WORLD_CPUS;

		if (world->cpu[n]->walks)
			driver_flush(world, n, rig_next_flush(rig, flush_matters(world)));
	}
	pt_flush_done(&world->pt);
	world_settled(world);
}

static void rig_leave(struct rig *rig, u32 n)
{
	driver_leave(rig->world, n, rig_next_flush(rig, rig->world->cpu[n]->nr));
}

/* A CPU goes, or comes back and finds the tables as they are then. */
static void rig_switch_cpu(struct rig *rig)
{
	u32 n = test_random_below(&rig->random, WORLD_CPUS);

	if (rig->world->cpu[n]->walks)
		rig_leave(rig, n);
	else
		driver_enter(rig->world, n);
}

/* Another enclave on the same CPUs, with the root page of the last one. */
static void rig_replace_enclave(struct rig *rig)
{
	struct world *world = rig->world;
	hpa_t root = pt_root(&world->pt);
	u32 n;

	for (n = 0; n < WORLD_CPUS; n++)
		if (world->cpu[n]->walks)
			rig_leave(rig, n);
	world_tables_destroy(world);
	world_tables_init(world);
	KUNIT_ASSERT_EQ(world->test, pt_root(&world->pt), root);
	for (n = 0; n < WORLD_CPUS; n++)
		driver_enter(world, n);
}

static void rig_step(struct rig *rig)
{
	struct world *world = rig->world;

	random_edit(rig);
	if (world->nr_old == WORLD_OLD - 1 || test_random_one_in(&rig->random, 3))
		rig_flush(rig);
	if (!pt_flush_owed(&world->pt))
		world_settled(world);
	if (!pt_flush_owed(&world->pt) && test_random_one_in(&rig->random, 10))
		rig_switch_cpu(rig);
	if (test_random_one_in(&rig->random, 30))
		rig_replace_enclave(rig);
}

static struct rig *rig_run(struct kunit *test, const struct flavour *flavour, u64 seed, u32 omit)
{
	struct rig *rig = world_zalloc(test, sizeof(*rig));
	u32 step;

	rig->world = world_new(test, flavour);
	rig->random.state = seed;
	rig->omit = omit;
	driver_enter(rig->world, 0);
	driver_enter(rig->world, 1);
	for (step = 0; step < NR_STEPS; step++)
		rig_step(rig);
	rig_flush(rig);
	return rig;
}

static void rig_end(struct rig *rig)
{
	struct world *world = rig->world;
	u32 n;

	for (n = 0; n < WORLD_CPUS; n++)
		if (world->cpu[n]->walks)
			driver_exit(world, n);
	world_tables_destroy(world);
	KUNIT_EXPECT_EQ(world->test, world_pages_used(world), 0U);
	world_delete(world);
}

static void with_every_flush_nothing_is_seen(struct kunit *test)
{
	u64 seed;

	for (seed = 1; seed <= TEST_TRIES(30); seed++) {
		struct rig *rig = rig_run(test, test->param_value, seed, NO_FLUSH);

		KUNIT_EXPECT_EQ_MSG(test, rig->world->violations, 0U, "seed %llu: %s", seed,
				    rig->world->first);
		KUNIT_EXPECT_GT_MSG(test, rig->flushes, 5U, "seed %llu", seed);
		rig_end(rig);
		kunit_kfree(test, rig);
	}
}

/* Runs without flush number @omit; returns how many there would have been. */
static u32 run_without(struct kunit *test, u64 seed, u32 omit, u32 *mattered)
{
	struct rig *rig = rig_run(test, test->param_value, seed, omit);
	u32 flushes = rig->flushes;

	*mattered += rig->matters;
	KUNIT_EXPECT_EQ_MSG(test, rig->world->violations > 0, rig->matters,
			    "seed %llu, flush %u of %u: %s", seed, omit, flushes,
			    rig->world->first);
	rig_end(rig);
	kunit_kfree(test, rig);
	return flushes;
}

static void without_any_one_flush_something_is_seen(struct kunit *test)
{
	u64 seed;

	for (seed = 1; seed <= TEST_TRIES(3); seed++) {
		u32 omit, flushes = 1, tried = 0, mattered = 0;

		for (omit = 0; omit < flushes; omit += TEST_STRIDE, tried++)
			flushes = run_without(test, seed, omit, &mattered);
		KUNIT_EXPECT_GT(test, mattered, tried * 3 / 4);
	}
}

static struct kunit_case tlb_random_cases[] = {
	KUNIT_CASE_PARAM(with_every_flush_nothing_is_seen, flavour_gen_params),
	KUNIT_CASE_PARAM(without_any_one_flush_something_is_seen, flavour_gen_params),
	{}
};

static struct kunit_suite tlb_random_suite = {
	.name = "covirt-tlb-random",
	.test_cases = tlb_random_cases,
};

kunit_test_suites(&tlb_random_suite);

MODULE_DESCRIPTION("Covirt: random edits and flushes under a model of translation caches");
MODULE_LICENSE("GPL");
