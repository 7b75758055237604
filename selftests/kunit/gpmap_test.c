// SPDX-License-Identifier: GPL-2.0-only
/* The guest-physical map, against tables of cases and a page-by-page model. */
#include <kunit/test.h>
#include <linux/module.h>

#include "core/linux/gpmap.h"
#include "selftests/kunit/new_map.h"
#include "selftests/kunit/random.h"

#define ROOM	128	/* extents in a map of these tests */
#define PAGES(n)	((u64)(n) * COVIRT_PAGE_SIZE)

static struct covirt_extent ram(gpa_t gpa, hpa_t hpa, u64 len)
{
	return (struct covirt_extent){
		.gpa = gpa,
		.hpa = hpa,
		.len = len,
		.access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};
}

static bool extents_equal(const struct covirt_extent *a, const struct covirt_extent *b)
{
	return a->gpa == b->gpa && a->hpa == b->hpa && a->len == b->len &&
	       a->access == b->access && a->memtype == b->memtype && a->kind == b->kind;
}

static bool maps_equal(const struct covirt_gpmap *a, const struct covirt_gpmap *b)
{
	u32 i;

	for (i = 0; i < a->nr && i < b->nr; i++)
		if (!extents_equal(&a->extent[i], &b->extent[i]))
			return false;
	return a->nr == b->nr;
}

static struct covirt_gpmap *new_map(struct kunit *test)
{
	return new_map_of(test, ROOM);
}

static void copy_map(struct covirt_gpmap *to, const struct covirt_gpmap *from)
{
	memcpy(to->extent, from->extent, from->nr * sizeof(*from->extent));
	to->nr = from->nr;
}

static void expect_extent(struct kunit *test, const struct covirt_gpmap *map, u32 i, gpa_t gpa,
			  hpa_t hpa, u64 len)
{
	KUNIT_ASSERT_LT(test, i, map->nr);
	KUNIT_EXPECT_EQ(test, map->extent[i].gpa, gpa);
	KUNIT_EXPECT_EQ(test, map->extent[i].hpa, hpa);
	KUNIT_EXPECT_EQ(test, map->extent[i].len, len);
}

static void a_new_map_holds_nothing(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);

	KUNIT_EXPECT_EQ(test, map->nr, 0U);
	KUNIT_EXPECT_NULL(test, gpmap_find(map, 0));
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, 0, PAGES(1)), -ENOENT);
}

/* Insertion into an empty map: what is well-formed? */

struct form_case {
	const char *name;
	struct covirt_extent extent;
	int err;
};

#define FORM(what, e, g, h, l, a, m, k) \
	{ .name = what, .err = e, .extent = { .gpa = g, .hpa = h, .len = l, .access = a, \
	  .memtype = COVIRT_MT_##m, .kind = COVIRT_KIND_##k } }

static const struct form_case form_cases[] = {
	FORM("one page", 0, 0x1000, 0x2000, 0x1000, COVIRT_RW, WB, RAM),
	FORM("device", 0, 0xfee00000, 0xfee00000, 0x1000, COVIRT_RW, UC, MMIO),
	FORM("up to the last gpa", 0, COVIRT_GPA_LIMIT - 0x1000, 0, 0x1000, COVIRT_RW, WB, RAM),
	FORM("up to the last hpa", 0, 0, COVIRT_HPA_LIMIT - 0x1000, 0x1000, COVIRT_RW, WB, RAM),
	FORM("blank at the last hpa", 0, 0, COVIRT_HPA_LIMIT - 0x1000, 0x10000, COVIRT_READ, WB,
	     BLANK),
	FORM("whole guest-physical space", 0, 0, 0, COVIRT_GPA_LIMIT, COVIRT_RWX, WB, RAM),
	FORM("empty", -EINVAL, 0, 0, 0, COVIRT_RW, WB, RAM),
	FORM("odd gpa", -EINVAL, 0x800, 0, 0x1000, COVIRT_RW, WB, RAM),
	FORM("odd hpa", -EINVAL, 0, 0x800, 0x1000, COVIRT_RW, WB, RAM),
	FORM("odd length", -EINVAL, 0, 0, 0x1800, COVIRT_RW, WB, RAM),
	FORM("no access", -EINVAL, 0, 0, 0x1000, 0, WB, RAM),
	FORM("write without read", -EINVAL, 0, 0, 0x1000, COVIRT_WRITE, WB, RAM),
	FORM("execute without read", -EINVAL, 0, 0, 0x1000, COVIRT_EXEC, WB, RAM),
	FORM("unknown access", -EINVAL, 0, 0, 0x1000, COVIRT_RWX | 8, WB, RAM),
	{ "unknown memory type", { 0, 0, 0x1000, COVIRT_RW, 1, COVIRT_KIND_RAM }, -EINVAL },
	{ "unknown kind", { 0, 0, 0x1000, COVIRT_RW, COVIRT_MT_WB, 4 }, -EINVAL },
	FORM("gpa too high", -ERANGE, COVIRT_GPA_LIMIT, 0, 0x1000, COVIRT_RW, WB, RAM),
	FORM("end of gpa too high", -ERANGE, COVIRT_GPA_LIMIT - 0x1000, 0, 0x2000, COVIRT_RW, WB,
	     RAM),
	FORM("gpa wraps", -ERANGE, 0x1000, 0, -0x1000ULL, COVIRT_RW, WB, RAM),
	FORM("hpa too high", -ERANGE, 0, COVIRT_HPA_LIMIT, 0x1000, COVIRT_RW, WB, RAM),
	FORM("end of hpa too high", -ERANGE, 0, COVIRT_HPA_LIMIT - 0x1000, 0x2000, COVIRT_RW, WB,
	     RAM),
	FORM("hpa wraps", -ERANGE, 0, -0x1000ULL, 0x2000, COVIRT_RW, WB, RAM),
};

static void form_desc(const struct form_case *form, char *desc)
{
	strcpy(desc, form->name);
}

KUNIT_ARRAY_PARAM(form, form_cases, form_desc);

static void insert_accepts_only_well_formed_extents(struct kunit *test)
{
	const struct form_case *form = test->param_value;
	struct covirt_gpmap *map = new_map(test);

	KUNIT_EXPECT_EQ(test, gpmap_insert(map, &form->extent), form->err);
	KUNIT_ASSERT_EQ(test, map->nr, form->err ? 0U : 1U);
	if (!form->err)
		KUNIT_EXPECT_TRUE(test, extents_equal(&map->extent[0], &form->extent));
}

/* Overlap: the map holds pages [10, 20) and [30, 40). */

struct overlap_case {
	const char *name;
	u32 first, nr;
	int err;
};

static const struct overlap_case overlap_cases[] = {
	{ "before", 5, 4, 0 },
	{ "touching the start", 5, 5, 0 },
	{ "one page into the start", 5, 6, -EEXIST },
	{ "the same", 10, 10, -EEXIST },
	{ "inside", 12, 2, -EEXIST },
	{ "last page", 19, 1, -EEXIST },
	{ "around", 9, 12, -EEXIST },
	{ "the gap", 20, 10, 0 },
	{ "gap and one more", 20, 11, -EEXIST },
	{ "around both", 0, 50, -EEXIST },
	{ "touching the end", 40, 5, 0 },
};

static void overlap_desc(const struct overlap_case *overlap, char *desc)
{
	strcpy(desc, overlap->name);
}

KUNIT_ARRAY_PARAM(overlap, overlap_cases, overlap_desc);

static void insert_refuses_overlap(struct kunit *test)
{
	const struct overlap_case *overlap = test->param_value;
	struct covirt_gpmap *map = new_map(test), *before = new_map(test);
	struct covirt_extent low = ram(PAGES(10), PAGES(1000), PAGES(10));
	struct covirt_extent high = ram(PAGES(30), PAGES(2000), PAGES(10));
	struct covirt_extent new = ram(PAGES(overlap->first), PAGES(5000), PAGES(overlap->nr));

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &high), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	copy_map(before, map);
	KUNIT_EXPECT_EQ(test, gpmap_insert(map, &new), overlap->err);
	if (overlap->err)
		KUNIT_EXPECT_TRUE(test, maps_equal(map, before));
	else
		KUNIT_EXPECT_EQ(test, map->nr, 3U);
}

/* Coalescing */

static void an_extent_that_fills_a_gap_joins_both_sides(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent low = ram(PAGES(0), PAGES(100), PAGES(4));
	struct covirt_extent gap = ram(PAGES(4), PAGES(104), PAGES(2));
	struct covirt_extent high = ram(PAGES(6), PAGES(106), PAGES(4));

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &high), 0);
	KUNIT_EXPECT_EQ(test, map->nr, 2U);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &gap), 0);
	KUNIT_EXPECT_EQ(test, map->nr, 1U);
	expect_extent(test, map, 0, PAGES(0), PAGES(100), PAGES(10));
}

static void blank_extents_join_on_the_same_page(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent blank = ram(PAGES(0), PAGES(7), PAGES(3));

	blank.kind = COVIRT_KIND_BLANK;
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &blank), 0);
	blank.gpa = PAGES(3);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &blank), 0);
	expect_extent(test, map, 0, PAGES(0), PAGES(7), PAGES(6));
	KUNIT_EXPECT_EQ(test, map->nr, 1U);
	blank.gpa = PAGES(6);
	blank.hpa = PAGES(10);	/* what would continue it if it were RAM */
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &blank), 0);
	KUNIT_EXPECT_EQ(test, map->nr, 2U);
	KUNIT_EXPECT_EQ(test, extent_hpa(&map->extent[0], PAGES(5) + 9), PAGES(7) + 9);
}

static void only_extents_of_one_sort_join(struct kunit *test)
{
	struct covirt_extent low = ram(0, PAGES(100), PAGES(4));
	struct covirt_extent high[] = {
		ram(PAGES(4), PAGES(104), PAGES(4)),
		ram(PAGES(4), PAGES(104), PAGES(4)),
		ram(PAGES(4), PAGES(104), PAGES(4)),
		ram(PAGES(4), PAGES(105), PAGES(4)),
		ram(PAGES(5), PAGES(105), PAGES(4)),
	};
	struct covirt_gpmap *map = new_map(test);
	u32 i;

	high[0].access = COVIRT_RW;
	high[1].memtype = COVIRT_MT_UC;
	high[2].kind = COVIRT_KIND_SHARED;
	for (i = 0; i < ARRAY_SIZE(high); i++) {
		gpmap_clear(map);
		KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
		KUNIT_ASSERT_EQ(test, gpmap_insert(map, &high[i]), 0);
		KUNIT_EXPECT_EQ_MSG(test, map->nr, 2U, "case %u", i);
	}
}

/* Removal */

static void removing_the_middle_leaves_both_ends(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent all = ram(PAGES(10), PAGES(100), PAGES(10));

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &all), 0);
	KUNIT_ASSERT_EQ(test, gpmap_remove(map, PAGES(13), PAGES(4)), 0);
	KUNIT_EXPECT_EQ(test, map->nr, 2U);
	expect_extent(test, map, 0, PAGES(10), PAGES(100), PAGES(3));
	expect_extent(test, map, 1, PAGES(17), PAGES(107), PAGES(3));
}

static void removal_spans_touching_extents(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent extent;
	u32 i;

	for (i = 0; i < 4; i++) {
		extent = ram(PAGES(10 * i), PAGES(1000 - 100 * i), PAGES(10));
		KUNIT_ASSERT_EQ(test, gpmap_insert(map, &extent), 0);
	}
	KUNIT_ASSERT_EQ(test, gpmap_remove(map, PAGES(5), PAGES(30)), 0);
	KUNIT_EXPECT_EQ(test, map->nr, 2U);
	expect_extent(test, map, 0, PAGES(0), PAGES(1000), PAGES(5));
	expect_extent(test, map, 1, PAGES(35), PAGES(705), PAGES(5));
}

static void removal_needs_every_page_there(struct kunit *test)
{
	static const struct overlap_case cases[] = {	/* pages [10, 20) and [21, 30) are there */
		{ "hole", 20, 1, -ENOENT },
		{ "hole at the start", 9, 2, -ENOENT },
		{ "hole at the end", 29, 2, -ENOENT },
		{ "hole in the middle", 15, 10, -ENOENT },
		{ "nothing", 100, 1, -ENOENT },
		{ "nothing at all to remove", 10, 0, -EINVAL },
		{ "all of one", 10, 10, 0 },
	};
	struct covirt_gpmap *map = new_map(test), *before = new_map(test);
	struct covirt_extent low = ram(PAGES(10), PAGES(100), PAGES(10));
	struct covirt_extent high = ram(PAGES(21), PAGES(200), PAGES(9));
	u32 i;

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &high), 0);
	copy_map(before, map);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, gpmap_remove(map, PAGES(cases[i].first),
						       PAGES(cases[i].nr)),
				    cases[i].err, "%s", cases[i].name);
		if (cases[i].err)
			KUNIT_EXPECT_TRUE_MSG(test, maps_equal(map, before), "%s", cases[i].name);
	}
	KUNIT_EXPECT_EQ(test, map->nr, 1U);
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(21) + 1, PAGES(1)), -EINVAL);
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(21), PAGES(1) + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(21), -PAGES(1)), -ERANGE);
}

/* Limits */

static void fill_map(struct kunit *test, struct covirt_gpmap *map)
{
	struct covirt_extent extent;
	u32 i;

	for (i = 0; i < ROOM; i++) {
		extent = ram(PAGES(10 * i), PAGES(10 * i), PAGES(5));
		KUNIT_ASSERT_EQ(test, gpmap_insert(map, &extent), 0);
	}
	KUNIT_ASSERT_EQ(test, map->nr, (u32)ROOM);
}

static void a_full_map_refuses_and_stays_as_it_was(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test), *before = new_map(test);
	struct covirt_extent one_more = ram(PAGES(7), PAGES(7), PAGES(1));

	fill_map(test, map);
	copy_map(before, map);
	KUNIT_EXPECT_EQ(test, gpmap_insert(map, &one_more), -ENOSPC);
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(11), PAGES(1)), -ENOSPC);
	KUNIT_EXPECT_TRUE(test, maps_equal(map, before));
}

static void a_full_map_takes_what_needs_no_room(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent joins_one = ram(PAGES(5), PAGES(5), PAGES(1));
	struct covirt_extent joins_two = ram(PAGES(15), PAGES(15), PAGES(5));

	fill_map(test, map);
	KUNIT_EXPECT_EQ(test, gpmap_insert(map, &joins_one), 0);
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(30), PAGES(1)), 0);
	KUNIT_EXPECT_EQ(test, map->nr, (u32)ROOM);
	KUNIT_EXPECT_EQ(test, gpmap_insert(map, &joins_two), 0);
	KUNIT_EXPECT_EQ(test, map->nr, ROOM - 1U);
	/* one free: cutting an extent in two needs exactly that one */
	KUNIT_EXPECT_EQ(test, gpmap_remove(map, PAGES(42), PAGES(1)), 0);
	KUNIT_EXPECT_EQ(test, map->nr, (u32)ROOM);
}

static void find_knows_first_and_last_byte(struct kunit *test)
{
	struct covirt_gpmap *map = new_map(test);
	struct covirt_extent low = ram(PAGES(10), PAGES(100), PAGES(10));
	struct covirt_extent high = ram(PAGES(20), PAGES(50), PAGES(1));

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &high), 0);
	KUNIT_EXPECT_NULL(test, gpmap_find(map, PAGES(10) - 1));
	KUNIT_EXPECT_PTR_EQ(test, gpmap_find(map, PAGES(10)), &map->extent[0]);
	KUNIT_EXPECT_PTR_EQ(test, gpmap_find(map, PAGES(20) - 1), &map->extent[0]);
	KUNIT_EXPECT_PTR_EQ(test, gpmap_find(map, PAGES(20)), &map->extent[1]);
	KUNIT_EXPECT_PTR_EQ(test, gpmap_find(map, PAGES(21) - 1), &map->extent[1]);
	KUNIT_EXPECT_NULL(test, gpmap_find(map, PAGES(21)));
	KUNIT_EXPECT_NULL(test, gpmap_find(map, ~0ULL));
	KUNIT_EXPECT_EQ(test, extent_hpa(&map->extent[0], PAGES(12) + 5), PAGES(102) + 5);
}

/*
 * Random edits against a model: an array with one element per page, from
 * which the only right map follows by joining equal neighbours.
 */

#define MODEL_PAGES	600

struct model_page {
	bool there;
	hpa_t hpa;
	u8 access, memtype, kind;
};

static bool model_joins(const struct model_page *low, const struct model_page *high)
{
	u64 step = low->kind == COVIRT_KIND_BLANK ? 0 : COVIRT_PAGE_SIZE;

	return low->there && high->there && low->hpa + step == high->hpa &&
	       low->access == high->access && low->memtype == high->memtype &&
	       low->kind == high->kind;
}

/* The map that the model calls for; false when it has too many extents. */
static bool model_to_map(const struct model_page *page, struct covirt_gpmap *map)
{
	u32 i, nr = 0;

	for (i = 0; i < MODEL_PAGES; i++) {
		if (!page[i].there)
			continue;
		if (i && model_joins(&page[i - 1], &page[i])) {
			map->extent[nr - 1].len += COVIRT_PAGE_SIZE;
			continue;
		}
		if (nr == ROOM)
			return false;
		map->extent[nr++] = (struct covirt_extent){
			.gpa = PAGES(i),
			.hpa = page[i].hpa,
			.len = COVIRT_PAGE_SIZE,
			.access = page[i].access,
			.memtype = page[i].memtype,
			.kind = page[i].kind,
		};
	}
	map->nr = nr;
	return true;
}

static int model_insert(struct model_page *page, const struct covirt_extent *extent)
{
	u32 first = extent->gpa / COVIRT_PAGE_SIZE, nr = extent->len / COVIRT_PAGE_SIZE, i;

	for (i = 0; i < nr; i++)
		if (page[first + i].there)
			return -EEXIST;
	for (i = 0; i < nr; i++)
		page[first + i] = (struct model_page){
			.there = true,
			.hpa = extent->hpa + (extent->kind == COVIRT_KIND_BLANK ? 0 : PAGES(i)),
			.access = extent->access,
			.memtype = extent->memtype,
			.kind = extent->kind,
		};
	return 0;
}

static int model_remove(struct model_page *page, u32 first, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (!page[first + i].there)
			return -ENOENT;
	for (i = 0; i < nr; i++)
		page[first + i].there = false;
	return 0;
}

/* Few different attributes and host addresses, so that neighbours often join. */
static struct covirt_extent random_extent(struct test_random *random, u32 max_pages)
{
	u32 first = test_random_below(random, MODEL_PAGES);
	u32 nr = 1 + test_random_below(random, min_t(u32, max_pages, MODEL_PAGES - first));
	struct covirt_extent extent = ram(PAGES(first), PAGES(first), PAGES(nr));

	if (test_random_one_in(random, 4))
		extent.hpa += PAGES(10000);
	if (test_random_one_in(random, 6))
		extent.access = COVIRT_READ;
	if (test_random_one_in(random, 8)) {
		extent.kind = COVIRT_KIND_BLANK;
		extent.hpa = PAGES(5);
	}
	return extent;
}

static int model_edit(struct test_random *random, struct model_page *model,
		      struct covirt_gpmap *map, u32 max_pages, int *err)
{
	struct covirt_extent extent = random_extent(random, max_pages);

	if (test_random_one_in(random, 3)) {
		*err = gpmap_remove(map, extent.gpa, extent.len);
		return model_remove(model, extent.gpa / COVIRT_PAGE_SIZE,
				    extent.len / COVIRT_PAGE_SIZE);
	}
	*err = gpmap_insert(map, &extent);
	return model_insert(model, &extent);
}

struct sequence {
	u64 seed;
	u32 max_pages;
};

/* Single pages run the map full; long runs make many splits and joins. */
static const struct sequence sequences[] = {
	{ 1, 1 }, { 2, 2 }, { 3, 8 }, { 4, 40 }, { 5, 200 }, { 6, 3 }, { 7, 1 }, { 8, 16 },
};

static void sequence_desc(const struct sequence *sequence, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "seed %llu, up to %u pages",
		 (unsigned long long)sequence->seed, sequence->max_pages);
}

KUNIT_ARRAY_PARAM(sequence, sequences, sequence_desc);

static void random_edits_agree_with_a_page_model(struct kunit *test)
{
	const struct sequence *sequence = test->param_value;
	struct test_random random = { sequence->seed };
	size_t model_size = MODEL_PAGES * sizeof(struct model_page);
	struct model_page *model = kunit_kzalloc(test, model_size, GFP_KERNEL);
	struct model_page *undo = kunit_kzalloc(test, model_size, GFP_KERNEL);
	struct covirt_gpmap *map = new_map(test), *want = new_map(test);
	int err, want_err, step;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, model);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, undo);
	for (step = 0; step < 3000; step++) {
		memcpy(undo, model, model_size);
		want_err = model_edit(&random, model, map, sequence->max_pages, &err);
		if (!model_to_map(model, want)) {
			want_err = -ENOSPC;
			memcpy(model, undo, model_size);
			model_to_map(model, want);
		}
		KUNIT_ASSERT_EQ_MSG(test, err, want_err, "step %d", step);
		KUNIT_ASSERT_TRUE_MSG(test, maps_equal(map, want), "step %d", step);
	}
}

static struct kunit_case gpmap_cases[] = {
	KUNIT_CASE(a_new_map_holds_nothing),
	KUNIT_CASE_PARAM(insert_accepts_only_well_formed_extents, form_gen_params),
	KUNIT_CASE_PARAM(insert_refuses_overlap, overlap_gen_params),
	KUNIT_CASE(an_extent_that_fills_a_gap_joins_both_sides),
	KUNIT_CASE(blank_extents_join_on_the_same_page),
	KUNIT_CASE(only_extents_of_one_sort_join),
	KUNIT_CASE(removing_the_middle_leaves_both_ends),
	KUNIT_CASE(removal_spans_touching_extents),
	KUNIT_CASE(removal_needs_every_page_there),
	KUNIT_CASE(a_full_map_refuses_and_stays_as_it_was),
	KUNIT_CASE(a_full_map_takes_what_needs_no_room),
	KUNIT_CASE(find_knows_first_and_last_byte),
	KUNIT_CASE_PARAM(random_edits_agree_with_a_page_model, sequence_gen_params),
	{}
};

static struct kunit_suite gpmap_suite = {
	.name = "covirt-gpmap",
	.test_cases = gpmap_cases,
};

kunit_test_suites(&gpmap_suite);

MODULE_DESCRIPTION("Covirt: guest-physical map tests");
MODULE_LICENSE("GPL");
