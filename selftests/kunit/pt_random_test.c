// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random edits of nested tables against a model: what each page of a window
 * should be. The window crosses a 512 GiB boundary and holds whole 1 GiB pages.
 */
#include <linux/module.h>

#include "selftests/kunit/pt_bench.h"
#include "selftests/kunit/random.h"

#define WINDOW_BASE	(510 * GIB + 512 * MIB)
#define WINDOW_PAGES	((u32)(3 * GIB / PAGE))

/* In the model a page is 0, or its host address with these bits below. */
#define MODEL_ACCESS	0x7ULL
#define MODEL_UC	0x8ULL
#define MODEL_DEVICE	0x10ULL

/* Addresses that are walked in the middle of an edit. */
#define NR_PROBES	6

struct rig {
	struct bench *bench;
	struct test_random random;
	u64 *model;
	struct {
		u32 page;
		u64 before, after;
	} probe[NR_PROBES];
	bool mapping;
};

static gpa_t window_gpa(u32 page)
{
	return WINDOW_BASE + page * PAGE;
}

static u64 model_of(const struct seen *seen, const struct flavour *flavour)
{
	u64 model = seen->hpa | seen->access;
	bool memory = flavour->format == &ept_format ? seen->fixed :
		      flavour->c_bit ? seen->encrypted : seen->memtype == COVIRT_MT_WB;

	if (seen->status == SEEN_HOLE)
		return 0;
	if (seen->status == SEEN_BROKEN)
		return ~0ULL;
	return model | (seen->memtype == COVIRT_MT_UC ? MODEL_UC : 0) |
	       (memory ? 0 : MODEL_DEVICE);
}

static bool table_is_blank(struct pool *pool, hpa_t table)
{
	const u64 *entry = pool_page(pool, table);
	u32 i;

	for (i = 0; i < 512 && !entry[i]; i++)
		;
	return i == 512;
}

/*
 * Every CPU that walks in the middle of an edit finds what was or what will
 * be, and no table that is linked but not filled yet.
 */
static void rig_probe(void *ctx)
{
	struct rig *rig = ctx;
	u32 i;

	for (i = 0; i < NR_PROBES; i++) {
		struct seen seen = bench_see(rig->bench, window_gpa(rig->probe[i].page));
		u64 now = model_of(&seen, rig->bench->flavour);

		KUNIT_EXPECT_TRUE_MSG(rig->bench->test,
				      now == rig->probe[i].before || now == rig->probe[i].after,
				      "at %#llx: %#llx", window_gpa(rig->probe[i].page), now);
		if (rig->mapping && seen.table != pt_root(&rig->bench->pt))
			KUNIT_EXPECT_FALSE(rig->bench->test,
					   table_is_blank(rig->bench->pool, seen.table));
	}
}

enum rig_verb { RIG_MAP, RIG_UNMAP, RIG_PROTECT };

struct rig_edit {
	enum rig_verb verb;
	u32 first, nr;
	struct covirt_extent extent;
	u8 access;
};

static u64 model_new(const struct rig_edit *edit, u32 page, u64 old)
{
	if (edit->verb == RIG_UNMAP)
		return 0;
	if (edit->verb == RIG_PROTECT)
		return (old & ~MODEL_ACCESS) | edit->access;
	return (edit->extent.hpa + (page - edit->first) * PAGE) | edit->extent.access |
	       (edit->extent.memtype == COVIRT_MT_UC ? MODEL_UC : 0) |
	       (edit->extent.kind == COVIRT_KIND_MMIO ? MODEL_DEVICE : 0);
}

/* Expected result of the edit: 0 or an error. */
static int model_check(const u64 *model, const struct rig_edit *edit)
{
	u32 i;

	for (i = edit->first; i < edit->first + edit->nr; i++) {
		if (edit->verb == RIG_MAP && model[i])
			return -EEXIST;
		if (edit->verb != RIG_MAP && !model[i])
			return -ENOENT;
	}
	return 0;
}

/* Does a page that is there change? */
static bool model_owes_flush(const u64 *model, const struct rig_edit *edit)
{
	u32 i;

	for (i = edit->first; i < edit->first + edit->nr; i++)
		if (model[i] && model_new(edit, i, model[i]) != model[i])
			return true;
	return false;
}

static void model_apply(u64 *model, const struct rig_edit *edit)
{
	u32 i;

	for (i = edit->first; i < edit->first + edit->nr; i++)
		model[i] = model_new(edit, i, model[i]);
}

/* Ranges of all sizes; most start or end at a boundary where something interesting happens. */
static void random_range(struct rig *rig, struct rig_edit *edit)
{
	static const u32 unit[] = { 1, 512, 512, 512 * 512 };
	u32 size = unit[test_random_below(&rig->random, ARRAY_SIZE(unit))];
	u32 first = test_random_below(&rig->random, WINDOW_PAGES);
	u32 nr = size * (1 + test_random_below(&rig->random, size == 512 * 512 ? 2 : 20));

	first -= first % size;
	if (test_random_one_in(&rig->random, 4))
		nr += test_random_below(&rig->random, 3);
	if (test_random_one_in(&rig->random, 4))
		first += test_random_below(&rig->random, 3);
	edit->first = min(first, WINDOW_PAGES - 1);
	edit->nr = min(nr, WINDOW_PAGES - edit->first);
}

/* Widen to what is alike around the first page, so that edits of mapped memory often succeed. */
static void snap_range(const struct rig *rig, struct rig_edit *edit)
{
	bool there = rig->model[edit->first];
	u32 end = edit->first;

	while (end < edit->first + edit->nr && !!rig->model[end] == there)
		end++;
	edit->nr = end - edit->first;
}

static void random_edit(struct rig *rig, struct rig_edit *edit)
{
	static const u64 skew[] = { 0, 0, 0, GIB, M2, 3 * PAGE };
	static const u8 access[] = {
		COVIRT_READ, COVIRT_RW, COVIRT_READ | COVIRT_EXEC, COVIRT_RWX,
	};
	struct test_random *random = &rig->random;

	random_range(rig, edit);
	if (!test_random_one_in(random, 5))
		snap_range(rig, edit);
	edit->access = access[test_random_below(random, ARRAY_SIZE(access))];
	edit->verb = test_random_below(random, 3);
	if (!test_random_one_in(random, 8))
		edit->verb = rig->model[edit->first] ? 1 + test_random_below(random, 2) : RIG_MAP;
	edit->extent = ram(window_gpa(edit->first),
			   window_gpa(edit->first) + 8 * GIB +
			   skew[test_random_below(random, ARRAY_SIZE(skew))], edit->nr * PAGE);
	edit->extent.access = edit->access;
	if (test_random_one_in(random, 6)) {
		edit->extent.kind = COVIRT_KIND_MMIO;
		edit->extent.memtype = COVIRT_MT_UC;
	}
}

static int rig_call(struct rig *rig, const struct rig_edit *edit)
{
	struct pt *pt = &rig->bench->pt;

	rig->bench->pool->now++;
	if (edit->verb == RIG_MAP)
		return pt_map(pt, &edit->extent);
	if (edit->verb == RIG_UNMAP)
		return pt_unmap(pt, edit->extent.gpa, edit->extent.len);
	return pt_protect(pt, edit->extent.gpa, edit->extent.len, edit->access);
}

static void rig_aim_probes(struct rig *rig, const struct rig_edit *edit, int want)
{
	u32 last = edit->first + edit->nr - 1, i;
	u32 at[NR_PROBES] = {
		edit->first, last, edit->first ? edit->first - 1 : 0,
		min(last + 1, WINDOW_PAGES - 1), edit->first + edit->nr / 2,
		test_random_below(&rig->random, WINDOW_PAGES),
	};

	for (i = 0; i < NR_PROBES; i++) {
		u64 old = rig->model[at[i]];
		bool hit = !want && at[i] >= edit->first && at[i] <= last;

		rig->probe[i].page = at[i];
		rig->probe[i].before = old;
		rig->probe[i].after = hit ? model_new(edit, at[i], old) : old;
	}
}

/* Compares every page of the window, walking once per entry. */
static void rig_compare(struct rig *rig, int step)
{
	struct bench *bench = rig->bench;
	u32 page = 0;

	while (page < WINDOW_PAGES) {
		gpa_t gpa = window_gpa(page);
		struct seen seen = bench_see(bench, gpa);
		u64 want = model_of(&seen, bench->flavour);
		u64 stride = seen.status == SEEN_PAGE ? PAGE : 0;
		u32 left;

		KUNIT_ASSERT_NE(bench->test, (int)seen.status, (int)SEEN_BROKEN);
		for (left = (seen.size - gpa % seen.size) / PAGE; left && page < WINDOW_PAGES;
		     left--, page++, want += stride)
			if (rig->model[page] != want)
				KUNIT_ASSERT_EQ_MSG(bench->test, rig->model[page], want,
						    "step %d, page %u", step, page);
	}
}

static void rig_step(struct rig *rig, int step)
{
	struct bench *bench = rig->bench;
	struct pool *pool = bench->pool;
	bool owed = pt_flush_owed(&bench->pt);
	struct rig_edit edit;
	int want, err;

	random_edit(rig, &edit);
	want = model_check(rig->model, &edit);
	rig_aim_probes(rig, &edit, want);
	rig->mapping = edit.verb == RIG_MAP;
	pool->fail_in = test_random_one_in(&rig->random, 4) ?
			1 + test_random_below(&rig->random, 4) : 0;
	pool->on_touch = rig_probe;
	err = rig_call(rig, &edit);
	pool->fail_in = 0;
	if (!want && err == -ENOMEM) {
		KUNIT_ASSERT_EQ(bench->test, pt_flush_owed(&bench->pt), owed);
		err = rig_call(rig, &edit);
	}
	pool->on_touch = NULL;
	KUNIT_ASSERT_EQ_MSG(bench->test, err, want, "step %d", step);
	if (!want) {
		owed = owed || model_owes_flush(rig->model, &edit);
		model_apply(rig->model, &edit);
	}
	KUNIT_ASSERT_EQ_MSG(bench->test, pt_flush_owed(&bench->pt), owed, "step %d", step);
}

static struct rig *rig_new(struct kunit *test, u64 seed)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rig);
	rig->bench = bench_new(test);
	rig->bench->pool->touch_ctx = rig;
	rig->random.state = seed;
	rig->model = kvcalloc(WINDOW_PAGES, sizeof(*rig->model), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rig->model);
	kvfree(rig->bench->pool->model);
	rig->bench->pool->model = rig->model;
	return rig;
}

static void run_random_edits(struct kunit *test, u64 seed)
{
	struct rig *rig = rig_new(test, seed);
	int step;

	for (step = 0; step < TEST_TRIES(250); step++) {
		rig_step(rig, step);
		if (step % 5 == 0)
			rig_compare(rig, step);
		if (test_random_one_in(&rig->random, 6))
			bench_flush(rig->bench);
	}
	rig_compare(rig, step);
	bench_end(rig->bench);
}

static void random_edits_agree_with_a_page_model(struct kunit *test)
{
	u64 seed;

	for (seed = 1; seed <= TEST_TRIES(4); seed++)
		run_random_edits(test, seed);
}

static struct kunit_case pt_random_cases[] = {
	KUNIT_CASE_PARAM(random_edits_agree_with_a_page_model, flavour_gen_params),
	{}
};

static struct kunit_suite pt_random_suite = {
	.name = "covirt-pt-random",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = pt_random_cases,
};

kunit_test_suites(&pt_random_suite);

MODULE_DESCRIPTION("Covirt: random edits of nested tables");
MODULE_LICENSE("GPL");
