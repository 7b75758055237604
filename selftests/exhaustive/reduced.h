/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The real table builder over small tables: 16 pages of guest-physical address
 * space instead of 2^36. Each of its stores is told to pool_store().
 */
#ifndef COVIRT_EXHAUSTIVE_REDUCED_H
#define COVIRT_EXHAUSTIVE_REDUCED_H

#include "core/linux/gpmap.h"
#include "mm/npt_ept/pt_geometry.h"

#undef COVIRT_GPA_LIMIT
#define COVIRT_GPA_LIMIT	BIT_ULL(COVIRT_PAGE_SHIFT + PT_INDEX_BITS * PT_LEVELS)

static void pool_store(u64 *entry, u64 new);

#undef WRITE_ONCE
#define WRITE_ONCE(x, v)	pool_store(&(x), v)

#include "core/linux/gpmap.c"
#include "mm/npt_ept/npt.c"
#include "mm/npt_ept/ept.c"
#include "mm/npt_ept/pt.c"

#include "selftests/kunit/nested_walk.h"

#endif /* COVIRT_EXHAUSTIVE_REDUCED_H */
