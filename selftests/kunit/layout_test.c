// SPDX-License-Identifier: GPL-2.0-only
/* Layouts: tables of blocks and the maps they must become. */
#include <kunit/test.h>
#include <linux/module.h>

#include "core/linux/layout.h"
#include "selftests/kunit/new_map.h"
#include "selftests/kunit/random.h"

#define MIB		BIT_ULL(20)
#define GIB		BIT_ULL(30)
#define BLANK_PAGE	0x7654321000ULL
#define MAX_EXTENTS	128
#define MAX_BLOCKS	(MAX_EXTENTS + 2)

static struct covirt_gpmap *new_map(struct kunit *test)
{
	struct covirt_gpmap *map = new_map_of(test, MAX_EXTENTS);

	map->nr = 77;	/* whatever was there is forgotten */
	return map;
}

/* RAM as the case says; the blank range always follows low memory. */

struct run {
	gpa_t gpa;
	hpa_t hpa;
	u64 len;
};

struct layout_case {
	const char *name;
	const char *layout;
	struct covirt_block block[4];
	struct run ram[7];
};

static const struct layout_case layout_cases[] = {
	{
		.name = "identity: the least",
		.layout = "identity",
		.block = { { 1 * GIB, 4 * MIB } },
		.ram = { { 0, GIB + 2 * MIB, 640 << 10 }, { GIB, GIB, 2 * MIB } },
	}, {
		.name = "identity: one block",
		.layout = "identity",
		.block = { { 5 * GIB, 512 * MIB } },
		.ram = { { 0, 5 * GIB + 510 * MIB, 640 << 10 }, { 5 * GIB, 5 * GIB, 510 * MIB } },
	}, {
		.name = "identity: a last block of 2 MiB is all low memory",
		.layout = "identity",
		.block = { { 1 * GIB, 2 * MIB }, { 2 * GIB, 2 * MIB } },
		.ram = { { 0, 2 * GIB, 640 << 10 }, { GIB, GIB, 2 * MIB } },
	}, {
		.name = "identity: several blocks",
		.layout = "identity",
		.block = { { 2 * MIB, 2 * MIB }, { 1 * GIB, 6 * MIB }, { 9 * GIB, 64 * GIB } },
		.ram = {
			{ 0, 73 * GIB - 2 * MIB, 640 << 10 },
			{ 2 * MIB, 2 * MIB, 2 * MIB },
			{ GIB, GIB, 6 * MIB },
			{ 9 * GIB, 9 * GIB, 64 * GIB - 2 * MIB },
		},
	}, {
		.name = "identity: touching blocks are one extent",
		.layout = "identity",
		.block = { { 1 * GIB, 2 * MIB }, { GIB + 2 * MIB, 4 * MIB } },
		.ram = { { 0, GIB + 4 * MIB, 640 << 10 }, { GIB, GIB, 4 * MIB } },
	}, {
		.name = "packed: the least",
		.layout = "packed",
		.block = { { 1 * GIB, 2 * MIB } },
		.ram = { { 0, GIB, 640 << 10 }, { MIB, GIB + MIB, MIB } },
	}, {
		.name = "packed: one block",
		.layout = "packed",
		.block = { { 5 * GIB, 512 * MIB } },
		.ram = { { 0, 5 * GIB, 640 << 10 }, { MIB, 5 * GIB + MIB, 511 * MIB } },
	}, {
		.name = "packed: several blocks",
		.layout = "packed",
		.block = { { 0, 2 * MIB }, { 1 * GIB, 6 * MIB }, { 9 * GIB, 64 * GIB } },
		.ram = {
			{ 0, 0, 640 << 10 },
			{ MIB, MIB, MIB },
			{ 2 * MIB, GIB, 6 * MIB },
			{ 8 * MIB, 9 * GIB, 0xfec00000 - 8 * MIB },
			{ 4 * GIB, 13 * GIB - 8 * MIB, 60 * GIB + 8 * MIB },
			{ 64 * GIB + 8 * MIB, 9 * GIB + 0xfec00000 - 8 * MIB, 20 * MIB },
		},
	}, {
		.name = "packed: what would lie in a PC's hole is behind the rest",
		.layout = "packed",
		.block = { { 16 * GIB, 8 * GIB } },
		.ram = {
			{ 0, 16 * GIB, 640 << 10 },
			{ MIB, 16 * GIB + MIB, 0xfec00000 - MIB },
			{ 4 * GIB, 20 * GIB, 4 * GIB },
			{ 8 * GIB, 16 * GIB + 0xfec00000, 20 * MIB },
		},
	}, {
		.name = "packed: it ends in the hole",
		.layout = "packed",
		.block = { { 16 * GIB, 4076 * MIB }, { 32 * GIB, 2 * MIB }, { 64 * GIB, 4 * MIB } },
		.ram = {
			{ 0, 16 * GIB, 640 << 10 },
			{ MIB, 16 * GIB + MIB, 4075 * MIB },
			{ 4 * GIB, 32 * GIB, 2 * MIB },
			{ 4 * GIB + 2 * MIB, 64 * GIB, 4 * MIB },
		},
	}, {
		.name = "packed: it ends where the hole begins",
		.layout = "packed",
		.block = { { 16 * GIB, 4076 * MIB } },
		.ram = { { 0, 16 * GIB, 640 << 10 }, { MIB, 16 * GIB + MIB, 4075 * MIB } },
	}, {
		.name = "packed: touching blocks are one extent",
		.layout = "packed",
		.block = { { 1 * GIB, 2 * MIB }, { GIB + 2 * MIB, 4 * MIB } },
		.ram = { { 0, GIB, 640 << 10 }, { MIB, GIB + MIB, 5 * MIB } },
	},
};

static void layout_desc(const struct layout_case *lc, char *desc)
{
	strcpy(desc, lc->name);
}

KUNIT_ARRAY_PARAM(layout, layout_cases, layout_desc);

static u32 count_blocks(const struct covirt_block *block)
{
	u32 nr = 0;

	while (nr < 4 && block[nr].len)
		nr++;
	return nr;
}

static void expect_run(struct kunit *test, const struct covirt_extent *extent,
		       const struct run *run)
{
	KUNIT_EXPECT_EQ(test, extent->gpa, run->gpa);
	KUNIT_EXPECT_EQ(test, extent->hpa, run->hpa);
	KUNIT_EXPECT_EQ(test, extent->len, run->len);
	KUNIT_EXPECT_EQ(test, (int)extent->access, (int)COVIRT_RWX);
	KUNIT_EXPECT_EQ(test, (int)extent->memtype, (int)COVIRT_MT_WB);
	KUNIT_EXPECT_EQ(test, (int)extent->kind, (int)COVIRT_KIND_RAM);
}

static void expect_blank(struct kunit *test, const struct covirt_extent *extent)
{
	KUNIT_EXPECT_EQ(test, extent->gpa, 0xa0000ULL);
	KUNIT_EXPECT_EQ(test, extent->hpa, BLANK_PAGE);
	KUNIT_EXPECT_EQ(test, extent->len, 0x60000ULL);
	KUNIT_EXPECT_EQ(test, (int)extent->access, (int)COVIRT_READ);
	KUNIT_EXPECT_EQ(test, (int)extent->memtype, (int)COVIRT_MT_WB);
	KUNIT_EXPECT_EQ(test, (int)extent->kind, (int)COVIRT_KIND_BLANK);
}

static void blocks_become_the_expected_map(struct kunit *test)
{
	const struct layout_case *lc = test->param_value;
	const struct covirt_layout *layout = layout_by_name(lc->layout);
	struct covirt_gpmap *map = new_map(test);
	u32 i, nr_ram = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, layout);
	KUNIT_ASSERT_EQ(test, layout->build(map, lc->block, count_blocks(lc->block), BLANK_PAGE),
			0);
	for (i = 0; i < map->nr; i++) {
		if (i == 1)
			expect_blank(test, &map->extent[i]);
		else
			expect_run(test, &map->extent[i], &lc->ram[nr_ram++]);
	}
	KUNIT_EXPECT_EQ(test, lc->ram[nr_ram].len, 0ULL);
}

struct error_case {
	const char *name;
	struct covirt_block block[4];
	int identity, packed;
};

static const struct error_case error_cases[] = {
	{ "no memory", {}, -EINVAL, -EINVAL },
	{ "identity has nothing but low memory", { { GIB, 2 * MIB } }, -EINVAL, 0 },
	{ "odd base", { { GIB + MIB, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "odd length", { { GIB, 5 * MIB } }, -EINVAL, -EINVAL },
	{ "unsorted", { { 2 * GIB, 4 * MIB }, { GIB, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "overlapping", { { GIB, 4 * MIB }, { GIB + 2 * MIB, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "the same twice", { { GIB, 4 * MIB }, { GIB, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "host address 0", { { 0, 4 * MIB } }, -EEXIST, 0 },
	{ "beyond 52 bits", { { COVIRT_HPA_LIMIT, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "end beyond 52 bits", { { COVIRT_HPA_LIMIT - 2 * MIB, 4 * MIB } }, -EINVAL, -EINVAL },
	{ "end wraps", { { -4 * MIB, 8 * MIB } }, -EINVAL, -EINVAL },
	{ "beyond 48 bits", { { COVIRT_GPA_LIMIT, 4 * MIB } }, -ERANGE, 0 },
};

static void error_desc(const struct error_case *ec, char *desc)
{
	strcpy(desc, ec->name);
}

KUNIT_ARRAY_PARAM(error, error_cases, error_desc);

static void expect_build(struct kunit *test, const char *name, const struct covirt_block *block,
			 u32 nr, hpa_t blank_page, int err)
{
	struct covirt_gpmap *map = new_map(test);

	KUNIT_EXPECT_EQ(test, layout_by_name(name)->build(map, block, nr, blank_page), err);
	if (err)
		KUNIT_EXPECT_EQ(test, map->nr, 0U);
	else
		KUNIT_EXPECT_GT(test, map->nr, 0U);
}

static void bad_blocks_are_refused_and_leave_an_empty_map(struct kunit *test)
{
	const struct error_case *ec = test->param_value;
	u32 nr = count_blocks(ec->block);

	expect_build(test, "identity", ec->block, nr, BLANK_PAGE, ec->identity);
	expect_build(test, "packed", ec->block, nr, BLANK_PAGE, ec->packed);
}

static void an_empty_block_or_odd_blank_page_is_refused(struct kunit *test)
{
	const struct covirt_block empty[] = { { GIB, 4 * MIB }, { 2 * GIB, 0 } };

	expect_build(test, "identity", empty, 2, BLANK_PAGE, -EINVAL);
	expect_build(test, "packed", empty, 2, BLANK_PAGE, -EINVAL);
	expect_build(test, "identity", empty, 1, BLANK_PAGE + 1, -EINVAL);
	expect_build(test, "packed", empty, 1, BLANK_PAGE + 1, -EINVAL);
}

/* Two extents are low memory and the blank range; packed cuts its first block in two. */
static void as_many_blocks_as_the_map_has_room_for(struct kunit *test)
{
	struct covirt_block *block;
	u32 i;

	block = kunit_kcalloc(test, MAX_BLOCKS, sizeof(*block), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, block);
	for (i = 0; i < MAX_BLOCKS; i++)
		block[i] = (struct covirt_block){ GIB + i * 8 * MIB, 4 * MIB };
	expect_build(test, "identity", block, MAX_EXTENTS - 2, BLANK_PAGE, 0);
	expect_build(test, "identity", block, MAX_EXTENTS - 1, BLANK_PAGE, -ENOSPC);
	expect_build(test, "packed", block, MAX_EXTENTS - 2, BLANK_PAGE, 0);
	expect_build(test, "packed", block, MAX_EXTENTS - 1, BLANK_PAGE, -ENOSPC);
}

static void layouts_are_found_by_their_whole_name(struct kunit *test)
{
	static const char * const wrong[] = { "", "ident", "identity2", "Packed", "open!" };
	u32 i;

	KUNIT_EXPECT_GE(test, covirt_nr_layouts, 2U);
	for (i = 0; i < covirt_nr_layouts; i++)
		KUNIT_EXPECT_PTR_EQ(test, layout_by_name(covirt_layouts[i].name),
				    &covirt_layouts[i]);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_NULL(test, layout_by_name(wrong[i]));
	KUNIT_EXPECT_STREQ(test, layout_by_name("identity")->name, "identity");
	KUNIT_EXPECT_STREQ(test, layout_by_name("packed")->name, "packed");
}

/* Properties, over random blocks */

static u32 random_blocks(struct test_random *random, struct covirt_block *block)
{
	u32 nr = 1 + test_random_below(random, 20), i;
	hpa_t next = 2 * MIB;

	for (i = 0; i < nr; i++) {
		next += 2 * MIB * test_random_below(random, 300);
		block[i].base = next;
		block[i].len = 2 * MIB * ((i ? 1 : 2) + test_random_below(random, 300));
		next += block[i].len;
	}
	return nr;
}

static u64 total_len(const struct covirt_block *block, u32 nr)
{
	u64 sum = 0;

	while (nr--)
		sum += block[nr].len;
	return sum;
}

static bool blocks_hold(const struct covirt_block *block, u32 nr, hpa_t hpa, u64 len)
{
	hpa_t end = hpa + len;
	u32 i;

	/* an extent may span blocks that touch */
	for (i = 0; i < nr && hpa < end; i++)
		if (hpa >= block[i].base && hpa < block[i].base + block[i].len)
			hpa = block[i].base + block[i].len;
	return hpa >= end;
}

static bool hosts_overlap(const struct covirt_extent *a, const struct covirt_extent *b)
{
	return a->hpa < b->hpa + b->len && b->hpa < a->hpa + a->len;
}

static void expect_own_memory_once(struct kunit *test, const struct covirt_gpmap *map,
				   const struct covirt_block *block, u32 nr, u64 unused)
{
	u64 sum = 0;
	u32 i, j;

	for (i = 0; i < map->nr; i++) {
		const struct covirt_extent *extent = &map->extent[i];

		if (extent->kind == COVIRT_KIND_BLANK)
			continue;
		sum += extent->len;
		KUNIT_ASSERT_TRUE(test, blocks_hold(block, nr, extent->hpa, extent->len));
		for (j = 0; j < i; j++)
			KUNIT_ASSERT_FALSE(test, map->extent[j].kind == COVIRT_KIND_RAM &&
					   hosts_overlap(&map->extent[j], extent));
	}
	KUNIT_ASSERT_EQ(test, sum + unused, total_len(block, nr));
}

static void every_layout_maps_the_enclaves_own_memory_once(struct kunit *test)
{
	struct test_random random = { 2024 };
	struct covirt_gpmap *map = new_map(test);
	struct covirt_block block[20];
	int round;

	for (round = 0; round < 300; round++) {
		u32 nr = random_blocks(&random, block);

		KUNIT_ASSERT_EQ(test, layout_build_identity(map, block, nr, BLANK_PAGE), 0);
		expect_own_memory_once(test, map, block, nr, 2 * MIB - (640 << 10));
		KUNIT_ASSERT_EQ(test, layout_build_packed(map, block, nr, BLANK_PAGE), 0);
		expect_own_memory_once(test, map, block, nr, 384 << 10);
	}
}

static void packed_has_the_hole_of_a_pc_and_no_other(struct kunit *test)
{
	struct test_random random = { 77 };
	struct covirt_gpmap *map = new_map(test);
	struct covirt_block block[20];
	int round;

	for (round = 0; round < 100; round++) {
		u32 nr = random_blocks(&random, block), i;
		gpa_t next = 0;

		KUNIT_ASSERT_EQ(test, layout_build_packed(map, block, nr, BLANK_PAGE), 0);
		for (i = 0; i < map->nr; i++) {
			if (next == 0xfec00000)
				next = 4 * GIB;
			KUNIT_ASSERT_EQ(test, map->extent[i].gpa, next);
			next += map->extent[i].len;
		}
		KUNIT_ASSERT_EQ(test, next, total_len(block, nr) + (next > 4 * GIB ? 20 * MIB : 0));
	}
}

static void blank_pages_are_where_a_pc_has_its_chip_set(struct kunit *test)
{
	const struct covirt_block block = { 16ULL << 30, 8ULL << 30 };
	const struct covirt_extent *extent;
	struct covirt_gpmap *map = new_map(test);

	KUNIT_ASSERT_EQ(test, layout_build_identity(map, &block, 1, BLANK_PAGE), 0);
	KUNIT_EXPECT_EQ(test, layout_add_blank_pages(map, BLANK_PAGE), 0);
	extent = gpmap_find(map, 0xfed803c0);
	KUNIT_ASSERT_NOT_NULL(test, extent);
	KUNIT_EXPECT_EQ(test, extent->kind, COVIRT_KIND_BLANK);
	KUNIT_EXPECT_EQ(test, extent->access, COVIRT_READ);
	KUNIT_EXPECT_EQ(test, extent->hpa, BLANK_PAGE);
	KUNIT_EXPECT_NULL(test, gpmap_find(map, 0xfee00000));
	KUNIT_ASSERT_EQ(test, layout_build_packed(map, &block, 1, BLANK_PAGE), 0);
	KUNIT_EXPECT_EQ(test, layout_add_blank_pages(map, BLANK_PAGE), 0);
	KUNIT_EXPECT_EQ(test, gpmap_find(map, 0xfed803c0)->kind, COVIRT_KIND_BLANK);
}

/* The page of the I/O APIC takes the place of a blank one; memory of ours is never there. */
static void the_ioapic_has_its_page(struct kunit *test)
{
	const struct covirt_block block = { 16 * GIB, 8 * GIB };
	const struct covirt_extent ram = {
		.gpa = 0xfec00000, .hpa = GIB, .len = 2 * MIB, .access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB, .kind = COVIRT_KIND_RAM,
	};
	const struct covirt_extent *extent;
	struct covirt_gpmap *map = new_map(test);

	KUNIT_ASSERT_EQ(test, layout_build_packed(map, &block, 1, BLANK_PAGE), 0);
	KUNIT_EXPECT_EQ(test, layout_add_ioapic(map, 0x1234000), 0);
	KUNIT_EXPECT_EQ(test, layout_add_blank_pages(map, BLANK_PAGE), 0);
	extent = gpmap_find(map, 0xfec00010);
	KUNIT_ASSERT_NOT_NULL(test, extent);
	KUNIT_EXPECT_EQ(test, extent->hpa, 0x1234000ULL);
	KUNIT_EXPECT_EQ(test, extent->len, COVIRT_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, extent->access, COVIRT_READ);
	/* Memory, so that EPT ignores for what type the guest takes it, and reads find caches. */
	KUNIT_EXPECT_EQ(test, extent->kind, COVIRT_KIND_SHARED);
	gpmap_clear(map);
	KUNIT_ASSERT_EQ(test, gpmap_insert(map, &ram), 0);
	KUNIT_EXPECT_EQ(test, layout_add_ioapic(map, 0x1234000), -EEXIST);
	KUNIT_EXPECT_EQ(test, layout_add_ioapic(map, 0x1234001), -EINVAL);
}

static struct kunit_case layout_test_cases[] = {
	KUNIT_CASE_PARAM(blocks_become_the_expected_map, layout_gen_params),
	KUNIT_CASE_PARAM(bad_blocks_are_refused_and_leave_an_empty_map, error_gen_params),
	KUNIT_CASE(an_empty_block_or_odd_blank_page_is_refused),
	KUNIT_CASE(as_many_blocks_as_the_map_has_room_for),
	KUNIT_CASE(layouts_are_found_by_their_whole_name),
	KUNIT_CASE(every_layout_maps_the_enclaves_own_memory_once),
	KUNIT_CASE(packed_has_the_hole_of_a_pc_and_no_other),
	KUNIT_CASE(blank_pages_are_where_a_pc_has_its_chip_set),
	KUNIT_CASE(the_ioapic_has_its_page),
	{}
};

static struct kunit_suite layout_suite = {
	.name = "covirt-layout",
	.test_cases = layout_test_cases,
};

kunit_test_suites(&layout_suite);

MODULE_DESCRIPTION("Covirt: layout tests");
MODULE_LICENSE("GPL");
