// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nested tables in both formats, judged by two walks that were written from
 * the manuals alone and share nothing with the code under test.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "core/layout.h"
#include "mm/npt_ept/pt.h"
#include "selftests/kunit/random.h"

#define PAGE		COVIRT_PAGE_SIZE
#define MIB		(1ULL << 20)
#define GIB		(1ULL << 30)
#define M2		COVIRT_SIZE_2M
#define PHYS_BITS	46
#define C_BIT		BIT_ULL(47)

/* Table pages: counted, found again by address, unreadable once freed. */

#define POOL_PAGES	4096
#define POOL_BASE	0x100000000ULL

/**
 * struct pool - where the tables under test come from
 * @test:        for complaints
 * @page:        by (hpa - POOL_BASE) / 4 KiB; NULL: not allocated
 * @edit:        the edit that allocated each page
 * @now:         number of the edit under way
 * @used:        pages allocated and not freed
 * @next:        where to look for a free one
 * @fail_in:     the fail_in-th allocation from now fails, and those after it; 0: none does
 * @model:       freed when the test ends, however it ends
 * @may_free:    a flush was reported done: tables that were in use may go
 * @on_touch:    called whenever the code under test reaches for a table
 * @touch_ctx:   handed to it
 */
struct pool {
	struct kunit *test;
	u64 *page[POOL_PAGES];
	u32 edit[POOL_PAGES];
	u32 now;
	u32 used;
	u32 next;
	u32 fail_in;
	u64 *model;
	bool may_free;
	void (*on_touch)(void *ctx);
	void *touch_ctx;
};

static void *pool_alloc(void *ctx, hpa_t *hpa)
{
	struct pool *pool = ctx;

	if (pool->fail_in && pool->fail_in-- == 1) {
		pool->fail_in = 1;
		return NULL;
	}
	KUNIT_ASSERT_LT(pool->test, pool->used, (u32)POOL_PAGES);
	while (pool->page[pool->next])
		pool->next = (pool->next + 1) % POOL_PAGES;
	pool->page[pool->next] = kzalloc(PAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(pool->test, pool->page[pool->next]);
	pool->edit[pool->next] = pool->now;
	pool->used++;
	*hpa = POOL_BASE + pool->next * PAGE;
	return pool->page[pool->next];
}

static u64 *pool_page(struct pool *pool, hpa_t hpa)
{
	u64 index = (hpa - POOL_BASE) / PAGE;

	KUNIT_ASSERT_EQ(pool->test, hpa % PAGE, 0ULL);
	KUNIT_ASSERT_LT(pool->test, index, (u64)POOL_PAGES);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(pool->test, pool->page[index]);
	return pool->page[index];
}

static void pool_free(void *ctx, hpa_t hpa)
{
	struct pool *pool = ctx;
	u64 index = (hpa - POOL_BASE) / PAGE;

	pool_page(pool, hpa);
	/* What an edit took for itself it may give back; what CPUs may walk it may not. */
	KUNIT_EXPECT_TRUE(pool->test, pool->may_free || pool->edit[index] == pool->now);
	kfree(pool->page[index]);
	pool->page[index] = NULL;
	pool->used--;
}

static void *pool_virt(void *ctx, hpa_t hpa)
{
	struct pool *pool = ctx;

	if (pool->on_touch)
		pool->on_touch(pool->touch_ctx);
	return pool_page(pool, hpa);
}

/* A digest of every allocated table, to see that nothing changed. */
static u64 pool_digest(const struct pool *pool)
{
	u64 digest = 0;
	u32 i, j;

	for (i = 0; i < POOL_PAGES; i++)
		for (j = 0; pool->page[i] && j < 512; j++)
			if (pool->page[i][j])
				digest += (pool->page[i][j] ^ (i * 512 + j)) *
					  (0x9e3779b97f4a7c15ULL + 2 * (i * 512 + j));
	return digest + pool->used;
}

static int pool_init(struct kunit *test)
{
	struct pool *pool = kvzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return -ENOMEM;
	pool->test = test;
	test->priv = pool;
	return 0;
}

static void pool_exit(struct kunit *test)
{
	struct pool *pool = test->priv;
	u32 i;

	if (!pool)
		return;
	for (i = 0; i < POOL_PAGES; i++)
		kfree(pool->page[i]);
	kvfree(pool->model);
	kvfree(pool);
}

/* What is tested: both formats, with and without 1 GiB pages, with memory encryption */

struct flavour {
	const char *name;
	const struct pt_format *format;
	u32 flags;
	u64 c_bit;
};

static const struct flavour flavours[] = {
	{ "npt", &npt_format, PT_1G_OK, 0 },
	{ "npt, no 1 GiB pages", &npt_format, 0, 0 },
	{ "npt, encrypted", &npt_format, PT_1G_OK, C_BIT },
	{ "ept", &ept_format, PT_1G_OK, 0 },
	{ "ept, no 1 GiB pages", &ept_format, 0, 0 },
};

static void flavour_desc(const struct flavour *flavour, char *desc)
{
	strcpy(desc, flavour->name);
}

KUNIT_ARRAY_PARAM(flavour, flavours, flavour_desc);

static u64 largest(const struct flavour *flavour)
{
	return flavour->flags & PT_1G_OK ? GIB : M2;
}

/* Hardware, by the manuals */

enum seen_status { SEEN_HOLE, SEEN_PAGE, SEEN_BROKEN };

/**
 * struct seen - what a CPU would find at an address
 * @status:    nothing, a page, or a table that faults for being malformed
 * @size:      of the page or of the entry that is not present
 * @table:     the last table on the way
 * @hpa:       where the address leads
 * @access:    what is permitted
 * @memtype:   type that the nested tables ask for
 * @fixed:     the guest's PAT has no say in it (EPT)
 * @encrypted: every step carried the C-bit (NPT)
 */
struct seen {
	enum seen_status status;
	u64 size;
	hpa_t table;
	hpa_t hpa;
	u8 access;
	u8 memtype;
	bool fixed;
	bool encrypted;
};

static const struct seen broken = { .status = SEEN_BROKEN };

/* APM vol. 2, figures 5-17 to 5-27 (long mode), 15.25.5 (user), 7.8.2 (PAT; as Linux sets it). */
static struct seen npt_see(struct pool *pool, const struct flavour *flavour, hpa_t root, gpa_t gpa)
{
	static const u8 pat[8] = { 6, 1, 7, 0, 6, 5, 7, 4 };
	struct seen seen = { .access = COVIRT_RWX, .encrypted = true };
	u64 reserved = GENMASK_ULL(51, PHYS_BITS) & ~flavour->c_bit;
	hpa_t table = root;
	int shift;

	for (shift = 39; shift >= 12; shift -= 9) {
		u64 entry = pool_page(pool, table)[(gpa >> shift) & 511];
		u64 address = entry & GENMASK_ULL(51, 12) & ~flavour->c_bit;
		bool large = shift > 12 && (entry & (1 << 7));

		seen.size = 1ULL << shift;
		seen.table = table;
		if (!(entry & 1))
			return seen;
		if (entry & reserved)
			return broken;
		if (!(entry & 4) || !(entry & 0x20))	/* user; accessed is preset */
			return broken;
		if (!(entry & 2))
			seen.access &= ~COVIRT_WRITE;
		if (entry >> 63)
			seen.access &= ~COVIRT_EXEC;
		if (flavour->c_bit && !(entry & flavour->c_bit))
			seen.encrypted = false;
		if (shift > 12 && !large) {
			table = address;
			continue;
		}
		if (shift == 39 || (shift == 30 && !(flavour->flags & PT_1G_OK)))
			return broken;
		if (!(entry & 0x40) || (address & (seen.size - 1)))	/* dirty; alignment */
			return broken;
		seen.status = SEEN_PAGE;
		seen.hpa = address + (gpa & (seen.size - 1));
		seen.memtype = pat[((entry >> 3) & 3) + (shift == 12 ? (entry >> 5) & 4 : 0)];
		seen.encrypted = seen.encrypted && flavour->c_bit;
		return seen;
	}
	return broken;
}

/* SDM vol. 3, tables 29-1 to 29-7, and 29.3.3.1 for what is a misconfiguration. */
static struct seen ept_see(struct pool *pool, const struct flavour *flavour, hpa_t root, gpa_t gpa)
{
	struct seen seen = { .access = COVIRT_RWX };
	hpa_t table = root;
	int level;

	for (level = 4; level >= 1; level--) {
		int shift = 12 + 9 * (level - 1);
		u64 entry = pool_page(pool, table)[(gpa >> shift) & 511];
		bool page = level == 1 || (level < 4 && (entry & 0x80));
		u64 address = entry & GENMASK_ULL(51, 12);

		seen.size = 1ULL << shift;
		seen.table = table;
		if (!(entry & 7))
			return seen;
		if (!(entry & 1) || (entry & GENMASK_ULL(51, PHYS_BITS)))
			return broken;
		seen.access &= entry & 7;
		if (!page) {
			if (entry & (level == 4 ? 0xf8 : 0x78))
				return broken;
			table = address;
			continue;
		}
		if (level == 3 && !(flavour->flags & PT_1G_OK))
			return broken;
		if (address & (seen.size - 1))
			return broken;
		seen.memtype = (entry >> 3) & 7;
		if (seen.memtype == 2 || seen.memtype == 3 || seen.memtype == 7)
			return broken;
		seen.status = SEEN_PAGE;
		seen.hpa = address + (gpa & (seen.size - 1));
		seen.fixed = entry & 0x40;
		return seen;
	}
	return broken;
}

static struct seen see(struct pool *pool, const struct flavour *flavour, hpa_t root, gpa_t gpa)
{
	if (flavour->format == &npt_format)
		return npt_see(pool, flavour, root, gpa);
	return ept_see(pool, flavour, root, gpa);
}

/* A set of tables under test, with all that is needed to judge it */

struct bench {
	struct kunit *test;
	struct pool *pool;
	const struct flavour *flavour;
	struct pt pt;
};

static struct pt_mm pool_mm(struct pool *pool, const struct flavour *flavour)
{
	return (struct pt_mm){
		.alloc = pool_alloc,
		.free = pool_free,
		.virt = pool_virt,
		.ctx = pool,
		.phys_bits = PHYS_BITS,
		.c_bit = flavour->c_bit,
	};
}

static struct bench *bench_new(struct kunit *test)
{
	struct bench *bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);
	struct pt_mm mm;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bench);
	bench->test = test;
	bench->pool = test->priv;
	bench->flavour = test->param_value;
	mm = pool_mm(bench->pool, bench->flavour);
	KUNIT_ASSERT_EQ(test, pt_init(&bench->pt, bench->flavour->format, &mm,
				      bench->flavour->flags), 0);
	return bench;
}

static void bench_flush(struct bench *bench)
{
	bench->pool->may_free = true;
	pt_flush_done(&bench->pt);
	bench->pool->may_free = false;
	KUNIT_ASSERT_EQ(bench->test, (u64)bench->pool->used, pt_nr_tables(&bench->pt));
}

/* Every test ends here: nothing is left. */
static void bench_end(struct bench *bench)
{
	bench->pool->may_free = true;
	pt_destroy(&bench->pt);
	KUNIT_EXPECT_EQ(bench->test, bench->pool->used, 0U);
}

static struct seen bench_see(struct bench *bench, gpa_t gpa)
{
	return see(bench->pool, bench->flavour, pt_root(&bench->pt), gpa);
}

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

static int map_ram(struct bench *bench, gpa_t gpa, hpa_t hpa, u64 len)
{
	const struct covirt_extent extent = ram(gpa, hpa, len);

	bench->pool->now++;
	return pt_map(&bench->pt, &extent);
}

static int unmap(struct bench *bench, gpa_t gpa, u64 len)
{
	bench->pool->now++;
	return pt_unmap(&bench->pt, gpa, len);
}

static int protect(struct bench *bench, gpa_t gpa, u64 len, u8 access)
{
	bench->pool->now++;
	return pt_protect(&bench->pt, gpa, len, access);
}

static void expect_page(struct bench *bench, gpa_t gpa, hpa_t hpa, u64 size, u8 access)
{
	struct seen seen = bench_see(bench, gpa);

	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.status, (int)SEEN_PAGE, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.hpa, hpa, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.size, size, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.access, (int)access, "at %#llx", gpa);
}

static void expect_hole(struct bench *bench, gpa_t gpa, u64 size)
{
	struct seen seen = bench_see(bench, gpa);

	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.status, (int)SEEN_HOLE, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.size, size, "at %#llx", gpa);
}

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

/* Which page sizes, and how many tables with and without 1 GiB pages? */

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
	{ "2 MiB to an odd gpa", 4 * MIB + PAGE, 8 * MIB, M2, 5, 5, { { 0, PAGE }, { M2 - 1, PAGE } } },
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

static void a_layout_becomes_minimal_tables(struct kunit *test)
{
	static const struct covirt_block block[] = { { 2 * GIB, GIB }, { 64 * GIB, 65 * GIB } };
	struct covirt_gpmap *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	struct bench *bench = bench_new(test);
	u64 size = largest(bench->flavour);
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, map);
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
	/* root, PDPT and, for each of the two cut ends, PD and PT (PDs alone without 1 GiB pages) */
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
		int err, want = flavour->format == &ept_format ? cases[i].ept : cases[i].npt;

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
	struct covirt_gpmap *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	struct bench *bench = bench_new(test);
	struct pool *pool = bench->pool;
	u64 digest = pool_digest(pool);
	int err = -ENOMEM;
	u32 nr;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, map);
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
	struct covirt_gpmap *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	struct covirt_extent low = ram(0, 0, M2), beyond = ram(GIB, BIT_ULL(PHYS_BITS), M2);
	struct bench *bench = bench_new(test);
	u64 digest = pool_digest(bench->pool);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, map);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &low), 0);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &beyond), 0);
	bench->pool->may_free = true;
	KUNIT_EXPECT_EQ(test, pt_build(&bench->pt, map), -ERANGE);
	KUNIT_EXPECT_EQ(test, pool_digest(bench->pool), digest);
	bench_end(bench);
}

/*
 * Random edits against a model: what each page of a window should be. The
 * window crosses a 512 GiB boundary and holds whole 1 GiB pages.
 *
 * A page is 0 or its host address with these bits below.
 */

#define WINDOW_BASE	(510 * GIB + 512 * MIB)
#define WINDOW_PAGES	((u32)(3 * GIB / PAGE))

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

/* What must come of the edit: 0 or an error. */
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

	for (step = 0; step < 250; step++) {
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

	for (seed = 1; seed <= 4; seed++)
		run_random_edits(test, seed);
}

static struct kunit_case pt_cases[] = {
	KUNIT_CASE_PARAM(new_tables_map_nothing, flavour_gen_params),
	KUNIT_CASE_PARAM(aligned_64_gib_cost_two_tables, flavour_gen_params),
	KUNIT_CASE_PARAM(the_largest_pages_that_fit_are_used, flavour_gen_params),
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
	KUNIT_CASE_PARAM(random_edits_agree_with_a_page_model, flavour_gen_params),
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
