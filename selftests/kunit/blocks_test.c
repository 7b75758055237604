// SPDX-License-Identifier: GPL-2.0-only
/* The list of an enclave's memory, against a map of chunks. */
#include <kunit/test.h>
#include <linux/module.h>

#include "core/linux/blocks.h"
#include "selftests/kunit/random.h"

#define CHUNKS	8192	/* of 2 MiB: what the model knows */
#define CHUNK(n)	((u64)(n) * COVIRT_SIZE_2M)

static struct covirt_blocks *new_blocks(struct kunit *test)
{
	struct covirt_blocks *blocks = kunit_kzalloc(test, sizeof(*blocks), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, blocks);
	blocks->block = kunit_kcalloc(test, CHUNKS, sizeof(*blocks->block), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, blocks->block);
	blocks->room = CHUNKS;
	return blocks;
}

static void insert(struct covirt_blocks *blocks, u32 first, u32 nr)
{
	const struct covirt_block block = { CHUNK(first), CHUNK(nr) };

	blocks_insert(blocks, &block);
}

static void expect_blocks(struct kunit *test, const struct covirt_blocks *blocks, const bool *has)
{
	u32 i = 0, chunk, first;
	u64 size = 0;

	for (chunk = 0; chunk < CHUNKS; chunk++) {
		if (!has[chunk])
			continue;
		first = chunk;
		while (chunk < CHUNKS && has[chunk])
			chunk++;
		KUNIT_ASSERT_LT(test, i, blocks->nr);
		KUNIT_ASSERT_EQ(test, blocks->block[i].base, CHUNK(first));
		KUNIT_ASSERT_EQ(test, blocks->block[i].len, CHUNK(chunk - first));
		size += CHUNK(chunk - first);
		i++;
	}
	KUNIT_ASSERT_EQ(test, i, blocks->nr);
	KUNIT_ASSERT_EQ(test, size, blocks->size);
}

static void blocks_that_touch_become_one(struct kunit *test)
{
	struct covirt_blocks *blocks = new_blocks(test);

	insert(blocks, 10, 2);
	insert(blocks, 14, 2);
	KUNIT_EXPECT_EQ(test, blocks->nr, 2U);
	insert(blocks, 12, 2);
	KUNIT_EXPECT_EQ(test, blocks->nr, 1U);
	insert(blocks, 9, 1);
	insert(blocks, 16, 1);
	KUNIT_EXPECT_EQ(test, blocks->nr, 1U);
	KUNIT_EXPECT_EQ(test, blocks->block[0].base, CHUNK(9));
	KUNIT_EXPECT_EQ(test, blocks->block[0].len, CHUNK(8));
	KUNIT_EXPECT_EQ(test, blocks->size, CHUNK(8));
}

/* Every other chunk, from the top down: thousands of blocks, and no two of them touch. */
static void thousands_of_blocks_are_found(struct kunit *test)
{
	struct covirt_blocks *blocks = new_blocks(test);
	u32 chunk;

	for (chunk = CHUNKS; chunk; chunk -= 2)
		insert(blocks, chunk - 1, 1);
	KUNIT_EXPECT_EQ(test, blocks->nr, (u32)CHUNKS / 2);
	for (chunk = 0; chunk < CHUNKS; chunk++) {
		const struct covirt_block *first = blocks_find(blocks, CHUNK(chunk));

		KUNIT_ASSERT_EQ(test, !first, !(chunk % 2));
		KUNIT_ASSERT_PTR_EQ(test, first, blocks_find(blocks, CHUNK(chunk + 1) - 1));
	}
	KUNIT_EXPECT_NULL(test, blocks_find(blocks, CHUNK(CHUNKS)));
}

static void random_insert(struct test_random *random, struct covirt_blocks *blocks, bool *has)
{
	u32 first = test_random_below(random, CHUNKS), nr = 0;

	while (first + nr < CHUNKS && nr < 4 && !has[first + nr])
		has[first + nr++] = true;
	if (nr)
		insert(blocks, first, nr);
}

static void random_cut(struct kunit *test, struct test_random *random,
		       struct covirt_blocks *blocks, bool *has)
{
	struct covirt_block cut;
	u64 at;

	if (!blocks->nr)
		return;
	cut = blocks_cut(blocks, CHUNK(1 + test_random_below(random, 6)));
	KUNIT_ASSERT_GT(test, cut.len, 0ULL);
	for (at = cut.base; at < cut.base + cut.len; at += COVIRT_SIZE_2M) {
		KUNIT_ASSERT_TRUE(test, has[at / COVIRT_SIZE_2M]);
		has[at / COVIRT_SIZE_2M] = false;
	}
}

static void random_changes_agree_with_the_model(struct kunit *test)
{
	bool *has = kunit_kzalloc(test, CHUNKS * sizeof(*has), GFP_KERNEL);
	struct covirt_blocks *blocks = new_blocks(test);
	struct test_random random = { 15 };
	int step;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, has);
	for (step = 0; step < 20000; step++) {
		if (test_random_one_in(&random, 4))
			random_cut(test, &random, blocks, has);
		else
			random_insert(&random, blocks, has);
		if (!(step % 100))
			expect_blocks(test, blocks, has);
	}
	expect_blocks(test, blocks, has);
}

static struct kunit_case blocks_cases[] = {
	KUNIT_CASE(blocks_that_touch_become_one),
	KUNIT_CASE(thousands_of_blocks_are_found),
	KUNIT_CASE(random_changes_agree_with_the_model),
	{}
};

static struct kunit_suite blocks_suite = {
	.name = "covirt-blocks",
	.test_cases = blocks_cases,
};

kunit_test_suites(&blocks_suite);

MODULE_DESCRIPTION("Covirt: tests of the list of an enclave's memory");
