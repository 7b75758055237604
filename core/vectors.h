/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of interrupt vectors. */
#ifndef COVIRT_CORE_VECTORS_H
#define COVIRT_CORE_VECTORS_H

#include "core/types.h"

/**
 * struct vectors - a set of vectors
 * @word: a bit for each, from the lowest on
 *
 * What one CPU adds while another looks, is added and removed with the functions that say so.
 */
struct vectors {
	u64 word[4];
};

static inline bool vectors_have(const struct vectors *set, vector_t vector)
{
	return READ_ONCE(set->word[vector / 64]) & BIT_ULL(vector % 64);
}

static inline void vectors_add(struct vectors *set, vector_t vector)
{
	set->word[vector / 64] |= BIT_ULL(vector % 64);
}

/* Return: the highest vector, which is no longer in it; -1 when it is empty. */
static inline s32 vectors_pop_highest(struct vectors *set)
{
	s32 i, bit;

	for (i = ARRAY_SIZE(set->word) - 1; i >= 0; i--) {
		if (!set->word[i])
			continue;
		bit = 63 - __builtin_clzll(set->word[i]);
		set->word[i] &= ~BIT_ULL(bit);
		return i * 64 + bit;
	}
	return -1;
}

static inline bool vectors_any(const struct vectors *set)
{
	return set->word[0] | set->word[1] | set->word[2] | set->word[3];
}

/* A reader that finds the vector sees everything that was written before it was added. */
static inline void vectors_add_shared(struct vectors *set, vector_t vector)
{
	__atomic_fetch_or(&set->word[vector / 64], BIT_ULL(vector % 64), __ATOMIC_SEQ_CST);
}

/* Return: whether it was there. */
static inline bool vectors_remove_shared(struct vectors *set, vector_t vector)
{
	u64 bit = BIT_ULL(vector % 64);

	return __atomic_fetch_and(&set->word[vector / 64], ~bit, __ATOMIC_SEQ_CST) & bit;
}

#endif /* COVIRT_CORE_VECTORS_H */
