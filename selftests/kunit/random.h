/* SPDX-License-Identifier: GPL-2.0-only */
/* A pseudo-random sequence that is the same on every machine and every run. */
#ifndef COVIRT_KUNIT_RANDOM_H
#define COVIRT_KUNIT_RANDOM_H

#include "core/base.h"

/*
 * How many of many random tries to make. A checker in a kernel on an emulated processor takes a
 * hundred times as long; there it is to see each path once, and the tries are User-Mode Linux's.
 */
#define TEST_TRIES(all)	(IS_ENABLED(CONFIG_KASAN) ? 1 + (all) / 16 : (all))
#define TEST_STRIDE	(IS_ENABLED(CONFIG_KASAN) ? 16 : 1)

struct test_random {
	u64 state;
};

/* A Weyl sequence put through a mixing function: any seed will do, 0 included. */
static inline u64 test_random_u64(struct test_random *random)
{
	u64 z = random->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* 0 to limit - 1 */
static inline u64 test_random_below(struct test_random *random, u64 limit)
{
	return test_random_u64(random) % limit;
}

static inline bool test_random_one_in(struct test_random *random, u64 n)
{
	return test_random_below(random, n) == 0;
}

#endif /* COVIRT_KUNIT_RANDOM_H */
