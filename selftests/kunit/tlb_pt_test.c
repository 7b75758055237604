// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flushes that edits of nested tables owe, one by one: made, no CPU of the
 * model of tlb_model.h sees anything wrong; left out, it does.
 */
#include <linux/module.h>

#include "selftests/kunit/tlb_driver.h"

#define FRAME_A		(16 * GIB)
#define FRAME_B		(32 * GIB)
#define NR_STEPS	6

enum step_verb { STEP_END, STEP_MAP, STEP_MAP_UC, STEP_UNMAP, STEP_PROTECT };

struct step {
	enum step_verb verb;
	u64 from, to;
	hpa_t hpa;
	u8 access;
};

/**
 * struct duty - edits after which a flush is owed, all of them before that flush
 * @name:    for the test's description
 * @before:  what is mapped, and seen by every CPU, before the edits
 * @edit:    the edits
 * @retires: they take tables out, which are freed after the flush
 *
 * Access that grows is a duty too: a CPU that still has the old access takes a
 * nested fault, and that ends the enclave.
 */
struct duty {
	const char *name;
	struct step before[NR_STEPS];
	struct step edit[NR_STEPS];
	bool retires;
};

#define MAP(from, to, hpa)	{ STEP_MAP, from, to, hpa, COVIRT_RWX }
#define MAP_UC(from, to, hpa)	{ STEP_MAP_UC, from, to, hpa, COVIRT_RW }
#define UNMAP(from, to)		{ STEP_UNMAP, from, to }
#define PROTECT(from, to, to_access) { STEP_PROTECT, from, to, 0, to_access }

static const struct duty duties[] = {
	{ "unmap a page, its table stays",
	  { MAP(0, M2 + PAGE, FRAME_A + PAGE) }, { UNMAP(PAGE, 2 * PAGE) } },
	{ "unmap a page, its tables go",
	  { MAP(0, PAGE, FRAME_A) }, { UNMAP(0, PAGE) }, true },
	{ "unmap 2 MiB whole",
	  { MAP(0, 2 * M2, FRAME_A) }, { UNMAP(0, M2) } },
	{ "unmap 1 GiB whole",
	  { MAP(0, 2 * GIB, FRAME_A) }, { UNMAP(0, GIB) }, true },
	{ "unmap a page out of 2 MiB",
	  { MAP(0, 2 * M2, FRAME_A) }, { UNMAP(PAGE, 2 * PAGE) } },
	{ "unmap a page out of 1 GiB",
	  { MAP(0, GIB, FRAME_A) }, { UNMAP(GIB - PAGE, GIB) } },
	{ "unmap across 512 GiB, both ends cut",
	  { MAP(0, 3 * GIB, FRAME_A) }, { UNMAP(GIB - PAGE, 2 * GIB + M2) } },
	{ "take write from a page",
	  { MAP(0, 2 * PAGE, FRAME_A) }, { PROTECT(0, PAGE, COVIRT_READ | COVIRT_EXEC) } },
	{ "take write from 2 MiB",
	  { MAP(0, 2 * M2, FRAME_A) }, { PROTECT(0, M2, COVIRT_READ | COVIRT_EXEC) } },
	{ "take execute from a part of 1 GiB",
	  { MAP(GIB, 2 * GIB, FRAME_A) }, { PROTECT(GIB + PAGE, GIB + M2, COVIRT_RW) } },
	{ "take and give: a page lost if it were not flushed",
	  { MAP(0, 2 * M2, FRAME_A), PROTECT(0, M2, COVIRT_READ) },
	  { PROTECT(0, M2, COVIRT_RW) } },
	{ "another frame for a page",
	  { MAP(0, 2 * PAGE, FRAME_A) }, { UNMAP(0, PAGE), MAP(0, PAGE, FRAME_B) } },
	{ "another frame for 1 GiB",
	  { MAP(0, GIB, FRAME_A) }, { UNMAP(0, GIB), MAP(0, GIB, FRAME_B) }, true },
	{ "2 MiB become pages of other frames",
	  { MAP(0, 2 * M2, FRAME_A) },
	  { UNMAP(0, M2), MAP(0, M2, FRAME_B + PAGE) } },
	{ "pages become 2 MiB of other frames",
	  { MAP(0, M2, FRAME_A + PAGE), MAP(M2, 2 * M2, FRAME_A + M2) },
	  { UNMAP(0, M2), MAP(0, M2, FRAME_B) }, true },
	{ "1 GiB becomes 2 MiB pages of other frames",
	  { MAP(0, GIB, FRAME_A) },
	  { UNMAP(0, GIB), MAP(0, GIB, FRAME_B + M2) }, true },
	{ "pages become 1 GiB of other frames",
	  { MAP(0, GIB - PAGE, FRAME_A) },
	  { UNMAP(0, GIB - PAGE), MAP(0, GIB, FRAME_B) }, true },
	{ "the same frame as device memory",
	  { MAP(0, M2, FRAME_A) }, { UNMAP(0, M2), MAP_UC(0, M2, FRAME_A) } },
	{ "the same frames, but through new tables",
	  { MAP(GIB + PAGE, GIB + M2, FRAME_A) },
	  { UNMAP(GIB + PAGE, GIB + M2), MAP(GIB + PAGE, GIB + M2, FRAME_A) }, true },
	{ "several edits, one flush",
	  { MAP(0, 2 * GIB, FRAME_A) },
	  { UNMAP(PAGE, 2 * PAGE), PROTECT(M2, 2 * M2, COVIRT_READ), UNMAP(GIB, 2 * GIB),
	    MAP(GIB, GIB + M2, FRAME_B + PAGE), UNMAP(GIB, GIB + PAGE) }, true },
};

static void duty_desc(const struct duty *duty, char *desc)
{
	strscpy(desc, duty->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(duty, duties, duty_desc);

static void step_run(struct world *world, const struct step *step)
{
	if (step->verb == STEP_MAP)
		world_map(world, step->from, step->to, step->hpa, step->access, COVIRT_MT_WB);
	else if (step->verb == STEP_MAP_UC)
		world_map(world, step->from, step->to, step->hpa, step->access, COVIRT_MT_UC);
	else if (step->verb == STEP_UNMAP)
		world_unmap(world, step->from, step->to);
	else
		world_protect(world, step->from, step->to, step->access);
}

static void steps_run(struct world *world, const struct step *step)
{
	u32 i;

	for (i = 0; i < NR_STEPS && step[i].verb != STEP_END; i++)
		step_run(world, &step[i]);
}

/**
 * struct omission - how the flush is gone about
 * @name: for complaints
 * @how:  per CPU
 * @done: pt_flush_done() comes after that many CPUs have flushed
 */
struct omission {
	const char *name;
	enum driver_flush how[WORLD_CPUS];
	u32 done;
};

static void duty_flush(struct world *world, const struct omission *omission)
{
	u32 n;

	for (n = 0; n <= WORLD_CPUS; n++) {
		if (n == omission->done) {
			pt_flush_done(&world->pt);
			world_check(world);
		}
		if (n < WORLD_CPUS)
			driver_flush(world, n, omission->how[n]);
	}
	world_settled(world);
}

/* The edits, with both CPUs in the guest, and then the flush as it is gone about. */
static struct world *duty_run(struct kunit *test, const struct flavour *flavour,
			      const struct omission *omission)
{
	static const struct omission nothing = { "nothing", {}, WORLD_CPUS };
	const struct duty *duty = test->param_value;
	struct world *world = world_new(test, flavour);

	driver_enter(world, 0);
	driver_enter(world, 1);
	steps_run(world, duty->before);
	if (pt_flush_owed(&world->pt))
		duty_flush(world, &nothing);
	world_settled(world);
	KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s, before the edits: %s",
			    flavour->name, world->first);
	steps_run(world, duty->edit);
	KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s, in the edits: %s", flavour->name,
			    world->first);
	KUNIT_EXPECT_TRUE_MSG(test, pt_flush_owed(&world->pt), "%s", flavour->name);
	if (duty->retires)
		KUNIT_EXPECT_GT_MSG(test, (u64)world_pages_used(world),
				    pt_nr_tables(&world->pt), "%s", flavour->name);
	duty_flush(world, omission);
	return world;
}

static void expect_safe(struct kunit *test, const struct omission *omission)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flavours); i++) {
		struct world *world = duty_run(test, &flavours[i], omission);

		KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s, %s: %s",
				    flavours[i].name, omission->name, world->first);
		KUNIT_EXPECT_EQ_MSG(test, (u64)world_pages_used(world),
				    pt_nr_tables(&world->pt), "%s", flavours[i].name);
	}
}

static void expect_noticed(struct kunit *test, const struct omission *omission)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flavours); i++) {
		struct world *world = duty_run(test, &flavours[i], omission);

		KUNIT_EXPECT_GT_MSG(test, world->violations, 0U, "%s, %s: nothing noticed",
				    flavours[i].name, omission->name);
	}
}

static void flushed_on_every_cpu_it_is_safe(struct kunit *test)
{
	static const struct omission nothing = { "nothing left out", {}, WORLD_CPUS };

	expect_safe(test, &nothing);
}

static void a_flush_left_out_is_noticed(struct kunit *test)
{
	static const struct omission omissions[] = {
		{ "no CPU flushes", { FLUSH_NONE, FLUSH_NONE }, WORLD_CPUS },
		{ "the first CPU does not", { FLUSH_NONE, FLUSH_PROPER }, WORLD_CPUS },
		{ "the second CPU does not", { FLUSH_PROPER, FLUSH_NONE }, WORLD_CPUS },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(omissions); i++)
		expect_noticed(test, &omissions[i]);
}

static void a_flush_of_another_kind_is_noticed(struct kunit *test)
{
	static const struct omission omissions[] = {
		{ "the guest's own", { FLUSH_BY_GUEST, FLUSH_BY_GUEST }, WORLD_CPUS },
		{ "INVVPID or TLB_CONTROL 7", { FLUSH_COMBINED, FLUSH_COMBINED }, WORLD_CPUS },
		{ "of another root or ASID", { FLUSH_FOREIGN, FLUSH_FOREIGN }, WORLD_CPUS },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(omissions); i++)
		expect_noticed(test, &omissions[i]);
}

/* Every CPU does flush, but tables are given back before that. */
static void tables_freed_too_early_are_noticed(struct kunit *test)
{
	static const struct omission omissions[] = {
		{ "freed before any CPU flushed", {}, 0 },
		{ "freed before the second CPU flushed", {}, 1 },
	};
	const struct duty *duty = test->param_value;
	u32 i;

	if (!duty->retires)
		kunit_skip(test, "no table is taken out");
	for (i = 0; i < ARRAY_SIZE(omissions); i++)
		expect_noticed(test, &omissions[i]);
}

/* Holes are not cached, so what fills one is there at once, on every CPU. */
static void filling_holes_needs_no_flush(struct kunit *test)
{
	static const struct step steps[NR_STEPS] = {
		MAP(PAGE, 2 * PAGE, FRAME_A), MAP_UC(M2, 2 * M2, FRAME_A + M2),
		MAP(GIB, 2 * GIB, FRAME_B), MAP(2 * PAGE, M2, FRAME_B + PAGE),
		MAP(0, PAGE, FRAME_A),
	};
	struct world *world = world_new(test, test->param_value);
	u32 i;

	driver_enter(world, 0);
	driver_enter(world, 1);
	for (i = 0; steps[i].verb != STEP_END; i++) {
		step_run(world, &steps[i]);
		KUNIT_EXPECT_FALSE(test, pt_flush_owed(&world->pt));
		world_settled(world);
	}
	KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s", world->first);
}

static struct kunit_case tlb_pt_cases[] = {
	KUNIT_CASE_PARAM(filling_holes_needs_no_flush, flavour_gen_params),
	KUNIT_CASE_PARAM(flushed_on_every_cpu_it_is_safe, duty_gen_params),
	KUNIT_CASE_PARAM(a_flush_left_out_is_noticed, duty_gen_params),
	KUNIT_CASE_PARAM(a_flush_of_another_kind_is_noticed, duty_gen_params),
	KUNIT_CASE_PARAM(tables_freed_too_early_are_noticed, duty_gen_params),
	{}
};

static struct kunit_suite tlb_pt_suite = {
	.name = "covirt-tlb-pt",
	.test_cases = tlb_pt_cases,
};

kunit_test_suites(&tlb_pt_suite);

MODULE_DESCRIPTION("Covirt: flushes that edits of nested tables owe");
MODULE_LICENSE("GPL");
