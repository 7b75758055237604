/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables under test, with all that is needed to edit and judge them. */
#ifndef COVIRT_KUNIT_PT_BENCH_H
#define COVIRT_KUNIT_PT_BENCH_H

#include "selftests/kunit/nested_walk.h"
#include "selftests/kunit/table_pool.h"

#define M2		COVIRT_SIZE_2M
#define MIB		BIT_ULL(20)
#define GIB		BIT_ULL(30)
#define C_BIT		BIT_ULL(47)

/* Both formats, with and without 1 GiB pages, with memory encryption. */
static const struct flavour flavours[] = {
	{ "npt", &npt_format, PT_1G_OK, 0 },
	{ "npt, no 1 GiB pages", &npt_format, 0, 0 },
	{ "npt, encrypted", &npt_format, PT_1G_OK, C_BIT },
	{ "ept", &ept_format, PT_1G_OK, 0 },
	{ "ept, no 1 GiB pages", &ept_format, 0, 0 },
};

static inline void flavour_desc(const struct flavour *flavour, char *desc)
{
	strcpy(desc, flavour->name);
}

/* Some suites go through all flavours in each case instead. */
__maybe_unused KUNIT_ARRAY_PARAM(flavour, flavours, flavour_desc);

static inline u64 largest(const struct flavour *flavour)
{
	return flavour->flags & PT_1G_OK ? GIB : M2;
}

struct bench {
	struct kunit *test;
	struct pool *pool;
	const struct flavour *flavour;
	struct pt pt;
};

static inline struct pt_mm pool_mm(struct pool *pool, const struct flavour *flavour)
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

static inline struct bench *bench_new(struct kunit *test)
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

static inline void bench_flush(struct bench *bench)
{
	bench->pool->may_free = true;
	pt_flush_done(&bench->pt);
	bench->pool->may_free = false;
	KUNIT_ASSERT_EQ(bench->test, (u64)bench->pool->used, pt_nr_tables(&bench->pt));
}

/* Every test ends here: nothing is left. */
static inline void bench_end(struct bench *bench)
{
	bench->pool->may_free = true;
	pt_destroy(&bench->pt);
	KUNIT_EXPECT_EQ(bench->test, bench->pool->used, 0U);
}

static inline struct seen bench_see(struct bench *bench, gpa_t gpa)
{
	return see(bench->pool, bench->flavour, pt_root(&bench->pt), gpa);
}

static inline struct covirt_extent ram(gpa_t gpa, hpa_t hpa, u64 len)
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

static inline int map_ram(struct bench *bench, gpa_t gpa, hpa_t hpa, u64 len)
{
	const struct covirt_extent extent = ram(gpa, hpa, len);

	bench->pool->now++;
	return pt_map(&bench->pt, &extent);
}

static inline int unmap(struct bench *bench, gpa_t gpa, u64 len)
{
	bench->pool->now++;
	return pt_unmap(&bench->pt, gpa, len);
}

static inline int protect(struct bench *bench, gpa_t gpa, u64 len, u8 access)
{
	bench->pool->now++;
	return pt_protect(&bench->pt, gpa, len, access);
}

static inline void expect_page(struct bench *bench, gpa_t gpa, hpa_t hpa, u64 size, u8 access)
{
	struct seen seen = bench_see(bench, gpa);

	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.status, (int)SEEN_PAGE, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.hpa, hpa, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.size, size, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.access, (int)access, "at %#llx", gpa);
}

static inline void expect_hole(struct bench *bench, gpa_t gpa, u64 size)
{
	struct seen seen = bench_see(bench, gpa);

	KUNIT_EXPECT_EQ_MSG(bench->test, (int)seen.status, (int)SEEN_HOLE, "at %#llx", gpa);
	KUNIT_EXPECT_EQ_MSG(bench->test, seen.size, size, "at %#llx", gpa);
}

#endif /* COVIRT_KUNIT_PT_BENCH_H */
