/* SPDX-License-Identifier: GPL-2.0-only */
/* Histogram of the cost of exits: bucket n counts those of 2^n to 2^(n+1) - 1 cycles. */
#ifndef COVIRT_CORE_CYCLES_H
#define COVIRT_CORE_CYCLES_H

#include "core/base.h"

#define CYCLES_BUCKETS	32

/**
 * cycles_bucket() - where an exit is counted
 * @cycles: what it took, of the time-stamp counter
 *
 * Return: below CYCLES_BUCKETS. The first has 0 cycles too, the last whatever took longer.
 */
static inline u32 cycles_bucket(u64 cycles)
{
	u32 bucket = 63 - __builtin_clzll(cycles | 1);

	return bucket < CYCLES_BUCKETS ? bucket : CYCLES_BUCKETS - 1;
}

/**
 * cycles_first() - the fewest cycles that a bucket counts
 * @bucket: below CYCLES_BUCKETS
 *
 * Return: that.
 */
static inline u64 cycles_first(u32 bucket)
{
	return bucket ? 1ULL << bucket : 0;
}

#endif /* COVIRT_CORE_CYCLES_H */
