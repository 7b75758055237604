// SPDX-License-Identifier: GPL-2.0-only
/* Lists of addresses that are nobody's, and what is remembered of accesses to them. */
#include <kunit/test.h>

#include "core/unclaimed.h"
#include "random.h"

#define MIB	0x100000ULL
#define END	(64 * MIB)

/* A list that is small enough to be compared address by address. */
#define UNITS		2048
#define UNIT		0x1000ULL

static void everything_is_nobodys_until_it_is_claimed(struct kunit *test)
{
	struct unclaimed unclaimed;

	unclaimed_init(&unclaimed, MIB, END);
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, MIB - 1, 1));
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, MIB, 1));
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, END - 8, 8));
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, END - 7, 8));
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, END, 1));
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, ~0ULL, 8));
}

static void a_claim_is_exact_to_the_byte(struct kunit *test)
{
	struct unclaimed unclaimed;

	unclaimed_init(&unclaimed, MIB, END);
	unclaimed_claim(&unclaimed, 0x200500, 0x200600);
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, 0x2004f8, 8));
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, 0x2004f9, 8));
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, 0x2005ff, 1));
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, 0x200600, 8));
}

static void claims_of_nothing_and_of_all(struct kunit *test)
{
	struct unclaimed unclaimed;

	unclaimed_init(&unclaimed, MIB, END);
	unclaimed_claim(&unclaimed, 2 * MIB, 2 * MIB);
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, MIB, END - MIB));
	/* As a resource that ends at the last address of all. */
	unclaimed_claim(&unclaimed, 0, 0);
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, MIB, END - MIB));
	unclaimed_claim(&unclaimed, 0, ~0ULL);
	KUNIT_EXPECT_EQ(test, unclaimed.nr, 0U);
	unclaimed_claim(&unclaimed, MIB, END);
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, MIB, 1));
}

/* Against a byte for each unit; what a full list forgets is somebody's, never nobody's. */
static void random_claims_agree_with_a_map(struct kunit *test)
{
	static u8 claimed[UNITS];
	struct unclaimed unclaimed;
	struct test_random random = { 1 };
	u32 round, claims, i, first, nr;

	for (round = 0; round < 200; round++) {
		memset(claimed, 0, sizeof(claimed));
		unclaimed_init(&unclaimed, 0, UNITS * UNIT);
		claims = test_random_below(&random, round < 100 ? 20 : 600);
		for (i = 0; i < claims; i++) {
			first = test_random_below(&random, UNITS);
			nr = test_random_below(&random, 4);
			nr = min(nr, UNITS - first);
			unclaimed_claim(&unclaimed, first * UNIT, (first + nr) * UNIT);
			memset(claimed + first, 1, nr);
		}
		KUNIT_ASSERT_LE(test, unclaimed.nr, (u32)COVIRT_UNCLAIMED_RANGES);
		for (i = 0; i < UNITS; i++) {
			bool has = unclaimed_has(&unclaimed, i * UNIT, UNIT);

			KUNIT_ASSERT_FALSE(test, has && claimed[i]);
			if (round < 100)
				KUNIT_ASSERT_EQ(test, has, !claimed[i]);
		}
	}
}

static void a_full_list_forgets_its_smallest_range(struct kunit *test)
{
	struct unclaimed unclaimed;
	u64 at;
	u32 i;

	unclaimed_init(&unclaimed, 0, END);
	/* Gaps of 1, 2, 3... units, one more than there is room for. */
	for (i = 1, at = UNIT; i <= COVIRT_UNCLAIMED_RANGES; i++, at += i * UNIT)
		unclaimed_claim(&unclaimed, at - 1, at);
	KUNIT_EXPECT_EQ(test, unclaimed.nr, (u32)COVIRT_UNCLAIMED_RANGES);
	KUNIT_EXPECT_FALSE(test, unclaimed_has(&unclaimed, 0, 1));
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, UNIT, 1));
	KUNIT_EXPECT_TRUE(test, unclaimed_has(&unclaimed, END - 1, 1));
}

static void the_first_access_of_each_page_is_remembered(struct kunit *test)
{
	struct unclaimed_pages pages = {};
	struct unclaimed_page access = { .gpa = 0xfed82010, .rip = 1, .write = 0 };
	u32 i;

	KUNIT_EXPECT_TRUE(test, unclaimed_note(&pages, &access));
	access = (struct unclaimed_page) { .gpa = 0xfed82ff8, .rip = 2, .write = 1 };
	KUNIT_EXPECT_FALSE(test, unclaimed_note(&pages, &access));
	KUNIT_EXPECT_EQ(test, pages.page[0].rip, 1ULL);
	for (i = 1; i < COVIRT_UNCLAIMED_PAGES; i++) {
		access.gpa += COVIRT_PAGE_SIZE;
		KUNIT_EXPECT_TRUE(test, unclaimed_note(&pages, &access));
	}
	access.gpa += COVIRT_PAGE_SIZE;
	KUNIT_EXPECT_FALSE(test, unclaimed_note(&pages, &access));
	KUNIT_EXPECT_EQ(test, pages.nr, (u32)COVIRT_UNCLAIMED_PAGES);
}

static struct kunit_case unclaimed_cases[] = {
	KUNIT_CASE(everything_is_nobodys_until_it_is_claimed),
	KUNIT_CASE(a_claim_is_exact_to_the_byte),
	KUNIT_CASE(claims_of_nothing_and_of_all),
	KUNIT_CASE(random_claims_agree_with_a_map),
	KUNIT_CASE(a_full_list_forgets_its_smallest_range),
	KUNIT_CASE(the_first_access_of_each_page_is_remembered),
	{}
};

static struct kunit_suite unclaimed_suite = {
	.name = "covirt-unclaimed",
	.test_cases = unclaimed_cases,
};

kunit_test_suites(&unclaimed_suite);
