// SPDX-License-Identifier: GPL-2.0-only
/* Nested tables, case by case, in both formats. */
#include <linux/module.h>

#include "core/linux/layout.h"
#include "selftests/kunit/new_map.h"
#include "selftests/kunit/pt_bench.h"

/* Building */

static void new_tables_map_nothing(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct pt_leaf leaf;

	expect_hole(bench, 0, 512 * GIB);
	expect_hole(bench, COVIRT_GPA_LIMIT - 1, 512 * GIB);
	KUNIT_EXPECT_FALSE(test, pt_lookup(&bench->pt, 0, &leaf));
	KUNIT_EXPECT_FALSE(test, pt_lookup(&bench->pt, COVIRT_GPA_LIMIT, &leaf));
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 1ULL);
	bench_end(bench);
}

static void aligned_64_gib_cost_two_tables(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	u64 size = largest(bench->flavour);

	KUNIT_ASSERT_EQ(test, map_ram(bench, 64 * GIB, 128 * GIB, 64 * GIB), 0);
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), size == GIB ? 2ULL : 66ULL);
	KUNIT_EXPECT_EQ(test, (u64)bench->pool->used, pt_nr_tables(&bench->pt));
	expect_page(bench, 64 * GIB, 128 * GIB, size, COVIRT_RWX);
	expect_page(bench, 128 * GIB - 1, 192 * GIB - 1, size, COVIRT_RWX);
	expect_hole(bench, 64 * GIB - 1, GIB);
	expect_hole(bench, 128 * GIB, GIB);
	bench_end(bench);
}

/* Cases of page sizes, and the number of tables with and without 1 GiB pages. */

struct fit_case {
	const char *name;
	gpa_t gpa;
	hpa_t hpa;
	u64 len;
	u32 tables, tables_without_1g;
	struct {
		u64 offset, size;
	} at[3];
};

static const struct fit_case fit_cases[] = {
	{ "a page", 5 * PAGE, 9 * PAGE, PAGE, 4, 4, { { 0, PAGE } } },
	{ "2 MiB", 4 * MIB, 8 * MIB, M2, 3, 3, { { 0, M2 }, { M2 - 1, M2 } } },
	{ "2 MiB to an odd gpa", 4 * MIB + PAGE, 8 * MIB, M2, 5, 5,
	  { { 0, PAGE }, { M2 - 1, PAGE } } },
	{ "2 MiB to an odd hpa", 4 * MIB, 8 * MIB + PAGE, M2, 4, 4, { { 0, PAGE } } },
	{ "odd alike: 4 KiB at the ends only", 4 * MIB - PAGE, 8 * MIB - PAGE, M2 + 2 * PAGE, 5, 5,
	  { { 0, PAGE }, { PAGE, M2 }, { M2 + PAGE, PAGE } } },
	{ "1 GiB", 3 * GIB, 7 * GIB, GIB, 2, 3, { { 0, GIB }, { GIB - 1, GIB } } },
	{ "1 GiB, hpa aligned to 2 MiB", 3 * GIB, 7 * GIB + M2, GIB, 3, 3, { { 0, M2 } } },
	{ "1 GiB, gpa and hpa off by 2 MiB", 3 * GIB - M2, 7 * GIB - M2, GIB + 2 * M2, 4, 5,
	  { { 0, M2 }, { M2, GIB }, { GIB + M2, M2 } } },
	{ "across 512 GiB", 511 * GIB, 511 * GIB, 2 * GIB, 3, 5, { { 0, GIB }, { GIB, GIB } } },
	{ "page by page across 512 GiB", 512 * GIB - PAGE, 0, 2 * PAGE, 7, 7,
	  { { 0, PAGE }, { PAGE, PAGE } } },
	{ "the last pages", COVIRT_GPA_LIMIT - GIB, BIT_ULL(PHYS_BITS) - GIB, GIB, 2, 3,
	  { { 0, GIB }, { GIB - 1, GIB } } },
};

static void the_largest_pages_that_fit_are_used(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	bool have_1g = largest(bench->flavour) == GIB;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(fit_cases); i++) {
		const struct fit_case *fit = &fit_cases[i];

		KUNIT_ASSERT_EQ(test, map_ram(bench, fit->gpa, fit->hpa, fit->len), 0);
		KUNIT_EXPECT_EQ_MSG(test, pt_nr_tables(&bench->pt),
				    (u64)(have_1g ? fit->tables : fit->tables_without_1g),
				    "%s", fit->name);
		for (j = 0; j < 3 && fit->at[j].size; j++)
			expect_page(bench, fit->gpa + fit->at[j].offset,
				    fit->hpa + fit->at[j].offset,
				    min(fit->at[j].size, largest(bench->flavour)), COVIRT_RWX);
		KUNIT_ASSERT_EQ(test, unmap(bench, fit->gpa, fit->len), 0);
		KUNIT_EXPECT_EQ_MSG(test, pt_nr_tables(&bench->pt), 1ULL, "%s", fit->name);
		bench_flush(bench);
	}
	bench_end(bench);
}

/* Executable pages have one size on a processor with the iTLB multihit erratum. */
static void executable_memory_is_mapped_by_small_pages(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct covirt_extent data = ram(GIB, GIB, GIB);

	bench->pt.flags |= PT_EXEC_4K;
	data.access = COVIRT_RW;
	KUNIT_ASSERT_EQ(test, map_ram(bench, 0, 0, M2), 0);
	expect_page(bench, 0, 0, PAGE, COVIRT_RWX);
	expect_page(bench, M2 - PAGE, M2 - PAGE, PAGE, COVIRT_RWX);
	KUNIT_ASSERT_EQ(test, pt_map(&bench->pt, &data), 0);
	expect_page(bench, GIB, GIB, largest(bench->flavour), COVIRT_RW);
	KUNIT_ASSERT_EQ(test, protect(bench, GIB, M2, COVIRT_RWX), 0);
	expect_page(bench, GIB, GIB, PAGE, COVIRT_RWX);
	expect_page(bench, GIB + M2 - PAGE, GIB + M2 - PAGE, PAGE, COVIRT_RWX);
	expect_page(bench, GIB + M2, GIB + M2, M2, COVIRT_RW);
	bench_end(bench);
}

static void a_blank_extent_repeats_one_page(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct covirt_extent blank = ram(MIB, 5 * M2, 2 * M2);
	gpa_t gpa;

	blank.kind = COVIRT_KIND_BLANK;
	blank.access = COVIRT_READ;
	KUNIT_ASSERT_EQ(test, pt_map(&bench->pt, &blank), 0);
	for (gpa = MIB; gpa < MIB + 2 * M2; gpa += PAGE)
		expect_page(bench, gpa, 5 * M2, PAGE, COVIRT_READ);
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 6ULL);
	bench_end(bench);
}

static void every_access_and_memory_type_reaches_the_hardware(struct kunit *test)
{
	static const u8 access[] = {
		COVIRT_READ, COVIRT_RW, COVIRT_READ | COVIRT_EXEC, COVIRT_RWX,
	};
	static const u8 memtype[] = { COVIRT_MT_UC, COVIRT_MT_WB };
	struct bench *bench = bench_new(test);
	bool ept = bench->flavour->format == &ept_format;
	struct covirt_extent extent;
	struct pt_leaf leaf;
	u32 i, j, kind;

	for (i = 0; i < ARRAY_SIZE(access); i++)
		for (j = 0; j < ARRAY_SIZE(memtype); j++)
			for (kind = COVIRT_KIND_RAM; kind <= COVIRT_KIND_BLANK; kind++) {
				struct seen seen;

				extent = ram(i * GIB + j * M2 + kind * 32 * M2, 3 * M2, M2);
				extent.access = access[i];
				extent.memtype = memtype[j];
				extent.kind = kind;
				KUNIT_ASSERT_EQ(test, pt_map(&bench->pt, &extent), 0);
				seen = bench_see(bench, extent.gpa);
				KUNIT_EXPECT_EQ(test, (int)seen.status, (int)SEEN_PAGE);
				KUNIT_EXPECT_EQ(test, (int)seen.access, (int)access[i]);
				KUNIT_EXPECT_EQ(test, (int)seen.memtype, (int)memtype[j]);
				KUNIT_EXPECT_EQ(test, (int)seen.fixed,
						(int)(ept && kind != COVIRT_KIND_MMIO));
				KUNIT_EXPECT_EQ(test, (int)seen.encrypted,
						(int)(bench->flavour->c_bit &&
						      kind != COVIRT_KIND_MMIO));
				KUNIT_EXPECT_TRUE(test,
						  pt_lookup(&bench->pt, extent.gpa, &leaf));
				KUNIT_EXPECT_EQ(test, (int)leaf.access, (int)access[i]);
				KUNIT_EXPECT_EQ(test, (int)leaf.memtype, (int)memtype[j]);
			}
	bench_end(bench);
}

static void lookup_agrees_with_the_hardware(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	static const gpa_t at[] = {
		0x12345, M2 - 1, M2, 4 * M2 + 5, GIB - 1, GIB, GIB + 0x1234567, 2 * GIB,
	};
	struct pt_leaf leaf;
	u32 i;

	KUNIT_ASSERT_EQ(test, map_ram(bench, M2 - PAGE, 8 * M2 - PAGE, M2), 0);
	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 9 * GIB, GIB), 0);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct seen seen = bench_see(bench, at[i]);

		KUNIT_ASSERT_EQ(test, (int)pt_lookup(&bench->pt, at[i], &leaf),
				(int)(seen.status == SEEN_PAGE));
		if (seen.status != SEEN_PAGE)
			continue;
		KUNIT_EXPECT_EQ(test, leaf.size, seen.size);
		KUNIT_EXPECT_EQ(test, leaf.gpa, at[i] - at[i] % seen.size);
		KUNIT_EXPECT_EQ(test, leaf.hpa, seen.hpa - at[i] % seen.size);
	}
	KUNIT_ASSERT_EQ(test, map_ram(bench, 0, 0, PAGE), 0);
	KUNIT_EXPECT_TRUE(test, pt_lookup(&bench->pt, 0, &leaf));
	KUNIT_EXPECT_FALSE(test, pt_lookup(&bench->pt, COVIRT_GPA_LIMIT, &leaf));
	bench_end(bench);
}

/* Far apart, so that whole entries of every level lie between them. */
static void next_finds_every_page_and_nothing_else(struct kunit *test)
{
	static const gpa_t pages[] = { 0, 5 * PAGE, M2 - PAGE, 7 * GIB, 600 * GIB, BIT_ULL(47) };
	struct bench *bench = bench_new(test);
	struct pt_leaf leaf = {};
	gpa_t from = 0;
	u32 i;

	KUNIT_EXPECT_FALSE(test, pt_next(&bench->pt, 0, &leaf));
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		KUNIT_ASSERT_EQ(test, map_ram(bench, pages[i], (i + 1) * PAGE, PAGE), 0);
	for (i = 0; i < ARRAY_SIZE(pages); i++, from = leaf.gpa + leaf.size) {
		KUNIT_ASSERT_TRUE(test, pt_next(&bench->pt, from, &leaf));
		KUNIT_EXPECT_EQ(test, leaf.gpa, pages[i]);
		KUNIT_EXPECT_EQ(test, leaf.hpa, (i + 1) * PAGE);
		KUNIT_EXPECT_EQ(test, leaf.size, PAGE);
	}
	KUNIT_EXPECT_FALSE(test, pt_next(&bench->pt, from, &leaf));
	KUNIT_EXPECT_TRUE(test, pt_next(&bench->pt, 5 * PAGE + 1, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.gpa, 5 * PAGE);
	bench_end(bench);
}

static void a_layout_becomes_minimal_tables(struct kunit *test)
{
	static const struct covirt_block block[] = { { 2 * GIB, GIB }, { 64 * GIB, 65 * GIB } };
	struct covirt_gpmap *map = new_map_of(test, 8);
	struct bench *bench = bench_new(test);
	u64 size = largest(bench->flavour);
	u32 i;

	KUNIT_ASSERT_EQ(test, layout_build_identity(map, block, 2, 0x7000), 0);
	KUNIT_ASSERT_EQ(test, pt_build(&bench->pt, map), 0);
	/* root, PDPT, a PD and PT for the low megabyte, a PD for the last 1 GiB less 2 MiB */
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), size == GIB ? 5ULL : 5ULL + 65);
	for (i = 0; i < map->nr; i++) {
		const struct covirt_extent *extent = &map->extent[i];
		gpa_t last = extent->gpa + extent->len - 1;

		KUNIT_EXPECT_EQ(test, bench_see(bench, extent->gpa).hpa, extent->hpa);
		KUNIT_EXPECT_EQ(test, bench_see(bench, last).hpa, extent_hpa(extent, last));
	}
	expect_page(bench, 64 * GIB, 64 * GIB, size, COVIRT_RWX);
	expect_hole(bench, 129 * GIB - M2, M2);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	KUNIT_EXPECT_EQ(test, pt_build(&bench->pt, map), -EEXIST);
	expect_page(bench, 64 * GIB, 64 * GIB, size, COVIRT_RWX);
	bench_end(bench);
}

/* Refusals */

static void malformed_requests_change_nothing(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct covirt_extent extent = ram(0, 0, PAGE);
	u64 digest = pool_digest(bench->pool);

	extent.access = COVIRT_WRITE;
	KUNIT_EXPECT_EQ(test, pt_map(&bench->pt, &extent), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_ram(bench, 1, 0, PAGE), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_ram(bench, 0, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_ram(bench, COVIRT_GPA_LIMIT - PAGE, 0, 2 * PAGE), -ERANGE);
	KUNIT_EXPECT_EQ(test, map_ram(bench, 0, BIT_ULL(PHYS_BITS), PAGE), -ERANGE);
	KUNIT_EXPECT_EQ(test, map_ram(bench, 0, BIT_ULL(PHYS_BITS) - PAGE, 2 * PAGE), -ERANGE);
	KUNIT_EXPECT_EQ(test, unmap(bench, 1, PAGE), -EINVAL);
	KUNIT_EXPECT_EQ(test, unmap(bench, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, unmap(bench, 0, PAGE + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, unmap(bench, COVIRT_GPA_LIMIT, PAGE), -ERANGE);
	KUNIT_EXPECT_EQ(test, unmap(bench, PAGE, -PAGE), -ERANGE);
	KUNIT_EXPECT_EQ(test, protect(bench, 0, PAGE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, protect(bench, 0, PAGE, COVIRT_WRITE), -EINVAL);
	KUNIT_EXPECT_EQ(test, protect(bench, 0, PAGE, COVIRT_RWX | 8), -EINVAL);
	KUNIT_EXPECT_EQ(test, protect(bench, 0, 0, COVIRT_RW), -EINVAL);
	KUNIT_EXPECT_EQ(test, protect(bench, 0, PAGE, COVIRT_RW), -ENOENT);
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	bench_end(bench);
}

static void nothing_is_mapped_over(struct kunit *test)
{
	static const struct {
		gpa_t gpa;
		u64 len;
	} cases[] = {	/* [GIB, 2 GIB) and one page at 3 GIB + 6 MIB are mapped */
		{ GIB, GIB }, { GIB, PAGE }, { GIB - PAGE, 2 * PAGE }, { 2 * GIB - PAGE, 2 * PAGE },
		{ GIB + 5 * PAGE, PAGE }, { 0, 4 * GIB }, { 0, 2 * GIB }, { 3 * GIB, GIB },
		{ 3 * GIB + 6 * MIB, M2 }, { 3 * GIB + 4 * MIB, M2 + PAGE },
		{ 3 * GIB + 6 * MIB, PAGE }, { 512 * GIB - PAGE - 511 * GIB, GIB },
	};
	struct bench *bench = bench_new(test);
	u64 digest;
	u32 i;

	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 8 * GIB, GIB), 0);
	KUNIT_ASSERT_EQ(test, map_ram(bench, 3 * GIB + 6 * MIB, 0, PAGE), 0);
	digest = pool_digest(bench->pool);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, map_ram(bench, cases[i].gpa, 16 * GIB, cases[i].len),
				    -EEXIST, "case %u", i);
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	bench_end(bench);
}

static void what_is_not_wholly_mapped_is_not_edited(struct kunit *test)
{
	static const struct {
		gpa_t gpa;
		u64 len;
	} cases[] = {	/* [GIB, 2 GIB) and one page at 3 GIB + 6 MIB are mapped */
		{ 0, PAGE }, { 0, COVIRT_GPA_LIMIT }, { GIB - PAGE, 2 * PAGE },
		{ 2 * GIB - PAGE, 2 * PAGE }, { 2 * GIB, PAGE }, { GIB, 3 * GIB },
		{ 3 * GIB + 6 * MIB, 2 * PAGE }, { 3 * GIB + 6 * MIB - PAGE, 2 * PAGE },
		{ 3 * GIB + 6 * MIB, M2 }, { 600 * GIB, PAGE },
	};
	struct bench *bench = bench_new(test);
	u64 digest;
	u32 i;

	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 8 * GIB, GIB), 0);
	KUNIT_ASSERT_EQ(test, map_ram(bench, 3 * GIB + 6 * MIB, 0, PAGE), 0);
	digest = pool_digest(bench->pool);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, unmap(bench, cases[i].gpa, cases[i].len), -ENOENT,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, protect(bench, cases[i].gpa, cases[i].len, COVIRT_READ),
				    -ENOENT, "case %u", i);
	}
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	bench_end(bench);
}

/* Splits */

static void unmapping_a_page_splits_the_large_one_around_it(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	gpa_t hole = GIB + 10 * M2 + 7 * PAGE;

	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 8 * GIB, GIB), 0);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	KUNIT_ASSERT_EQ(test, unmap(bench, hole, PAGE), 0);
	KUNIT_EXPECT_TRUE(test, pt_flush_owed(&bench->pt));
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 4ULL);
	expect_hole(bench, hole, PAGE);
	expect_page(bench, hole - 1, 8 * GIB + 10 * M2 + 7 * PAGE - 1, PAGE, COVIRT_RWX);
	expect_page(bench, hole + PAGE, 8 * GIB + 10 * M2 + 8 * PAGE, PAGE, COVIRT_RWX);
	expect_page(bench, GIB + 10 * M2 - 1, 8 * GIB + 10 * M2 - 1, M2, COVIRT_RWX);
	expect_page(bench, GIB + 11 * M2, 8 * GIB + 11 * M2, M2, COVIRT_RWX);
	bench_end(bench);
}

static void unmapping_the_middle_splits_both_ends_only(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	u64 size = largest(bench->flavour);

	KUNIT_ASSERT_EQ(test, map_ram(bench, 0, 8 * GIB, 4 * GIB), 0);
	KUNIT_ASSERT_EQ(test, unmap(bench, GIB - PAGE, GIB + 2 * PAGE), 0);
	/* root, PDPT, PD and PT for each of the two cut ends; without 1 GiB pages one more PD */
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), size == GIB ? 6ULL : 7ULL);
	expect_page(bench, GIB - PAGE - 1, 9 * GIB - PAGE - 1, PAGE, COVIRT_RWX);
	expect_hole(bench, GIB - PAGE, PAGE);
	expect_hole(bench, GIB, GIB);
	expect_hole(bench, 2 * GIB, PAGE);
	expect_page(bench, 2 * GIB + PAGE, 10 * GIB + PAGE, PAGE, COVIRT_RWX);
	expect_page(bench, 3 * GIB, 11 * GIB, size, COVIRT_RWX);
	bench_end(bench);
}

static void protecting_a_part_splits_and_keeps_everything_else(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct covirt_extent device = ram(GIB, 8 * GIB, GIB);

	device.kind = COVIRT_KIND_MMIO;
	device.memtype = COVIRT_MT_UC;
	KUNIT_ASSERT_EQ(test, pt_map(&bench->pt, &device), 0);
	KUNIT_ASSERT_EQ(test, protect(bench, GIB + M2, M2 + PAGE, COVIRT_READ), 0);
	KUNIT_EXPECT_TRUE(test, pt_flush_owed(&bench->pt));
	expect_page(bench, GIB, 8 * GIB, M2, COVIRT_RWX);
	expect_page(bench, GIB + M2, 8 * GIB + M2, M2, COVIRT_READ);
	expect_page(bench, GIB + 2 * M2, 8 * GIB + 2 * M2, PAGE, COVIRT_READ);
	expect_page(bench, GIB + 2 * M2 + PAGE, 8 * GIB + 2 * M2 + PAGE, PAGE, COVIRT_RWX);
	expect_page(bench, GIB + 3 * M2, 8 * GIB + 3 * M2, M2, COVIRT_RWX);
	KUNIT_EXPECT_EQ(test, (int)bench_see(bench, GIB + 2 * M2).memtype, (int)COVIRT_MT_UC);
	KUNIT_EXPECT_FALSE(test, bench_see(bench, GIB + 2 * M2).fixed);
	KUNIT_EXPECT_FALSE(test, bench_see(bench, GIB + 2 * M2).encrypted);
	bench_end(bench);
}

static void protecting_to_the_same_access_is_free(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	u64 digest;

	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 8 * GIB, 2 * GIB), 0);
	digest = pool_digest(bench->pool);
	KUNIT_EXPECT_EQ(test, protect(bench, GIB + PAGE, GIB, COVIRT_RWX), 0);
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	bench_end(bench);
}

/* Flushes and deferred tables */

static void filling_holes_never_owes_a_flush(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	u32 i;

	for (i = 0; i < 20; i++) {
		KUNIT_ASSERT_EQ(test, map_ram(bench, i * 3 * MIB, 8 * GIB + i * 3 * MIB, 3 * MIB),
				0);
		KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	}
	bench_end(bench);
}

static void tables_taken_out_are_kept_until_the_flush_is_done(struct kunit *test)
{
	struct bench *bench = bench_new(test);

	KUNIT_ASSERT_EQ(test, map_ram(bench, 5 * PAGE, 0, PAGE), 0);
	KUNIT_ASSERT_EQ(test, map_ram(bench, 600 * GIB, 0, PAGE), 0);
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 7ULL);
	KUNIT_ASSERT_EQ(test, unmap(bench, 600 * GIB, PAGE), 0);
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 4ULL);
	KUNIT_EXPECT_EQ(test, bench->pool->used, 7U);
	expect_hole(bench, 600 * GIB, 512 * GIB);
	KUNIT_EXPECT_TRUE(test, pt_flush_owed(&bench->pt));
	/* further edits neither use nor free them */
	KUNIT_ASSERT_EQ(test, map_ram(bench, 700 * GIB, 0, PAGE), 0);
	KUNIT_EXPECT_EQ(test, bench->pool->used, 10U);
	KUNIT_EXPECT_TRUE(test, pt_flush_owed(&bench->pt));
	bench_flush(bench);
	KUNIT_EXPECT_EQ(test, bench->pool->used, 7U);
	KUNIT_EXPECT_FALSE(test, pt_flush_owed(&bench->pt));
	bench_end(bench);
}

/* A CPU that cached the link to a table before it was taken out finds nothing behind it. */
static void a_table_taken_out_maps_nothing(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct pool *pool = bench->pool;
	u64 *page[POOL_PAGES / 512];
	u32 i, j, nr = 0;

	KUNIT_ASSERT_EQ(test, map_ram(bench, 600 * GIB + PAGE, 0, 4 * M2), 0);
	for (i = 1; i < POOL_PAGES; i++)	/* all but the root */
		if (pool->page[i])
			page[nr++] = pool->page[i];
	KUNIT_ASSERT_EQ(test, nr, 7U);
	KUNIT_ASSERT_EQ(test, unmap(bench, 600 * GIB + PAGE, 4 * M2), 0);
	KUNIT_ASSERT_EQ(test, pt_nr_tables(&bench->pt), 1ULL);
	for (i = 0; i < nr; i++)
		for (j = 0; j < 512; j++)
			KUNIT_ASSERT_EQ(test, page[i][j] & 0xfff, 0ULL);
	bench_end(bench);
}

static void destroying_frees_deferred_tables_too(struct kunit *test)
{
	struct bench *bench = bench_new(test);

	KUNIT_ASSERT_EQ(test, map_ram(bench, 511 * GIB - PAGE, 0, 3 * GIB), 0);
	KUNIT_ASSERT_EQ(test, unmap(bench, 511 * GIB - PAGE, 2 * PAGE), 0);
	KUNIT_ASSERT_EQ(test, protect(bench, 512 * GIB + PAGE, GIB, COVIRT_READ), 0);
	bench_end(bench);
}

/* Memory runs out */

static void init_without_memory_leaves_nothing(struct kunit *test)
{
	const struct flavour *flavour = test->param_value;
	struct pool *pool = test->priv;
	struct pt_mm mm = pool_mm(pool, flavour);
	struct pt pt;

	pool->fail_in = 1;
	KUNIT_EXPECT_EQ(test, pt_init(&pt, flavour->format, &mm, flavour->flags), -ENOMEM);
	KUNIT_EXPECT_EQ(test, pool->used, 0U);
}

static void init_checks_address_width_and_encryption_bit(struct kunit *test)
{
	static const struct {
		u8 phys_bits;
		u64 c_bit;
		int npt, ept;
	} cases[] = {
		{ 0, 0, 0, 0 }, { 52, 0, 0, 0 }, { 32, 0, 0, 0 }, { 31, 0, -EINVAL, -EINVAL },
		{ 53, 0, -EINVAL, -EINVAL }, { 43, BIT_ULL(47), 0, -EINVAL },
		{ 47, BIT_ULL(47), 0, -EINVAL }, { 48, BIT_ULL(47), -EINVAL, -EINVAL },
		{ 0, BIT_ULL(47), -EINVAL, -EINVAL }, { 43, BIT_ULL(51), 0, -EINVAL },
		{ 43, BIT_ULL(52), -EINVAL, -EINVAL }, { 43, 3ULL << 46, -EINVAL, -EINVAL },
	};
	const struct flavour *flavour = test->param_value;
	struct pool *pool = test->priv;
	u32 i;

	pool->may_free = true;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pt_mm mm = pool_mm(pool, flavour);
		struct pt pt;
		int want = cases[i].npt, err;

		if (flavour->format == &ept_format)
			want = cases[i].ept;
		mm.phys_bits = cases[i].phys_bits;
		mm.c_bit = cases[i].c_bit;
		err = pt_init(&pt, flavour->format, &mm, flavour->flags);
		KUNIT_EXPECT_EQ_MSG(test, err, want, "case %u", i);
		if (!err)
			pt_destroy(&pt);
		KUNIT_EXPECT_EQ(test, pool->used, 0U);
	}
}

/* Each edit starts from the same tables and needs several new ones. */

struct edit_case {
	const char *name;
	int (*run)(struct bench *bench);
};

static int edit_map(struct bench *bench)
{
	return map_ram(bench, 511 * GIB - PAGE, 16 * GIB - PAGE, 2 * GIB);
}

static int edit_map_blank(struct bench *bench)
{
	struct covirt_extent blank = ram(500 * GIB, 0, 5 * M2 + PAGE);

	blank.kind = COVIRT_KIND_BLANK;
	return pt_map(&bench->pt, &blank);
}

static int edit_unmap(struct bench *bench)
{
	return unmap(bench, GIB + PAGE, GIB);
}

static int edit_protect(struct bench *bench)
{
	return protect(bench, GIB + PAGE, GIB, COVIRT_READ);
}

static const struct edit_case edit_cases[] = {
	{ "map", edit_map }, { "map blank", edit_map_blank }, { "unmap", edit_unmap },
	{ "protect", edit_protect },
};

static void an_edit_that_runs_out_of_memory_never_happened(struct kunit *test)
{
	struct bench *bench = bench_new(test);
	struct pool *pool = bench->pool;
	u32 i, nr;

	for (i = 0; i < ARRAY_SIZE(edit_cases); i++) {
		int err = -ENOMEM;
		u64 digest, tables;

		KUNIT_ASSERT_EQ(test, map_ram(bench, GIB, 8 * GIB, 2 * GIB), 0);
		digest = pool_digest(pool);
		tables = pt_nr_tables(&bench->pt);
		for (nr = 1; err == -ENOMEM && nr < 100; nr++) {
			pool->now++;
			pool->fail_in = nr;
			err = edit_cases[i].run(bench);
			pool->fail_in = 0;
			if (!err)
				break;
			KUNIT_ASSERT_EQ(test, err, -ENOMEM);
			KUNIT_ASSERT_EQ(test, pool_digest(pool), digest);
			KUNIT_ASSERT_EQ(test, pt_nr_tables(&bench->pt), tables);
			KUNIT_ASSERT_FALSE(test, pt_flush_owed(&bench->pt));
		}
		/* it worked as soon as it got what it needed, and it needed what it linked */
		KUNIT_ASSERT_EQ(test, err, 0);
		KUNIT_EXPECT_GT(test, nr, 2U);
		KUNIT_EXPECT_EQ_MSG(test, (u64)pool->used - tables, nr - 1ULL, "%s",
				    edit_cases[i].name);
		pool->may_free = true;
		pt_destroy(&bench->pt);
		pool->may_free = false;
		bench = bench_new(test);
	}
	bench_end(bench);
}

static void cutting_nothing_needs_no_memory(struct kunit *test)
{
	struct bench *bench = bench_new(test);

	KUNIT_ASSERT_EQ(test, map_ram(bench, GIB - PAGE, 8 * GIB - PAGE, 2 * GIB), 0);
	bench->pool->fail_in = 1;
	KUNIT_EXPECT_EQ(test, protect(bench, GIB - PAGE, 2 * GIB, COVIRT_READ), 0);
	KUNIT_EXPECT_EQ(test, unmap(bench, GIB - PAGE, 2 * GIB), 0);
	KUNIT_EXPECT_EQ(test, pt_nr_tables(&bench->pt), 1ULL);
	bench_end(bench);
}

static void a_build_that_fails_leaves_empty_tables(struct kunit *test)
{
	static const struct covirt_block block[] = { { 2 * GIB, 4 * M2 }, { 4 * GIB, 3 * GIB } };
	struct covirt_gpmap *map = new_map_of(test, 8);
	struct bench *bench = bench_new(test);
	struct pool *pool = bench->pool;
	u64 digest = pool_digest(pool);
	int err = -ENOMEM;
	u32 nr;

	KUNIT_ASSERT_EQ(test, layout_build_packed(map, block, 2, 0x7000), 0);
	pool->may_free = true;	/* no CPU uses these tables yet */
	for (nr = 1; err; nr++) {
		pool->fail_in = nr;
		err = pt_build(&bench->pt, map);
		if (!err)
			break;
		KUNIT_ASSERT_EQ(test, err, -ENOMEM);
		KUNIT_ASSERT_EQ(test, pool_digest(pool), digest);
		KUNIT_ASSERT_EQ(test, pt_nr_tables(&bench->pt), 1ULL);
		KUNIT_ASSERT_FALSE(test, pt_flush_owed(&bench->pt));
	}
	KUNIT_EXPECT_GT(test, nr, 3U);
	KUNIT_EXPECT_EQ(test, (u64)nr, pt_nr_tables(&bench->pt));
	bench_end(bench);
}

static void a_build_with_a_bad_extent_leaves_empty_tables(struct kunit *test)
{
	struct covirt_gpmap *map = new_map_of(test, 8);
	struct covirt_extent low = ram(0, 0, M2), beyond = ram(GIB, BIT_ULL(PHYS_BITS), M2);
	struct bench *bench = bench_new(test);
	u64 digest = pool_digest(bench->pool);

	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &beyond), 0);
	bench->pool->may_free = true;
	KUNIT_EXPECT_EQ(test, pt_build(&bench->pt, map), -ERANGE);
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	bench_end(bench);
}

static struct kunit_case pt_cases[] = {
	KUNIT_CASE_PARAM(new_tables_map_nothing, flavour_gen_params),
	KUNIT_CASE_PARAM(aligned_64_gib_cost_two_tables, flavour_gen_params),
	KUNIT_CASE_PARAM(next_finds_every_page_and_nothing_else, flavour_gen_params),
	KUNIT_CASE_PARAM(the_largest_pages_that_fit_are_used, flavour_gen_params),
	KUNIT_CASE_PARAM(executable_memory_is_mapped_by_small_pages, flavour_gen_params),
	KUNIT_CASE_PARAM(a_blank_extent_repeats_one_page, flavour_gen_params),
	KUNIT_CASE_PARAM(every_access_and_memory_type_reaches_the_hardware, flavour_gen_params),
	KUNIT_CASE_PARAM(lookup_agrees_with_the_hardware, flavour_gen_params),
	KUNIT_CASE_PARAM(a_layout_becomes_minimal_tables, flavour_gen_params),
	KUNIT_CASE_PARAM(malformed_requests_change_nothing, flavour_gen_params),
	KUNIT_CASE_PARAM(nothing_is_mapped_over, flavour_gen_params),
	KUNIT_CASE_PARAM(what_is_not_wholly_mapped_is_not_edited, flavour_gen_params),
	KUNIT_CASE_PARAM(unmapping_a_page_splits_the_large_one_around_it, flavour_gen_params),
	KUNIT_CASE_PARAM(unmapping_the_middle_splits_both_ends_only, flavour_gen_params),
	KUNIT_CASE_PARAM(protecting_a_part_splits_and_keeps_everything_else, flavour_gen_params),
	KUNIT_CASE_PARAM(protecting_to_the_same_access_is_free, flavour_gen_params),
	KUNIT_CASE_PARAM(filling_holes_never_owes_a_flush, flavour_gen_params),
	KUNIT_CASE_PARAM(tables_taken_out_are_kept_until_the_flush_is_done, flavour_gen_params),
	KUNIT_CASE_PARAM(a_table_taken_out_maps_nothing, flavour_gen_params),
	KUNIT_CASE_PARAM(destroying_frees_deferred_tables_too, flavour_gen_params),
	KUNIT_CASE_PARAM(init_without_memory_leaves_nothing, flavour_gen_params),
	KUNIT_CASE_PARAM(init_checks_address_width_and_encryption_bit, flavour_gen_params),
	KUNIT_CASE_PARAM(an_edit_that_runs_out_of_memory_never_happened, flavour_gen_params),
	KUNIT_CASE_PARAM(cutting_nothing_needs_no_memory, flavour_gen_params),
	KUNIT_CASE_PARAM(a_build_that_fails_leaves_empty_tables, flavour_gen_params),
	KUNIT_CASE_PARAM(a_build_with_a_bad_extent_leaves_empty_tables, flavour_gen_params),
	{}
};

static struct kunit_suite pt_suite = {
	.name = "covirt-pt",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = pt_cases,
};

kunit_test_suites(&pt_suite);

MODULE_DESCRIPTION("Covirt: nested page-table tests");
MODULE_LICENSE("GPL");
