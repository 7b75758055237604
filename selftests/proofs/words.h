/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the code is read in the proof; its words are in words.acsl.
 *
 * Loads and stores of entries are plain ones here: hardware reads entries at
 * any time and writes none, because its flags are set beforehand.
 */
#ifndef COVIRT_PROOFS_WORDS_H
#define COVIRT_PROOFS_WORDS_H

#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"
#include "selftests/proofs/bits.h"

#undef READ_ONCE
#undef WRITE_ONCE
#undef static_assert
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define static_assert(e)

#define GPA_END	0x1000000000000
#define HPA_END	0x10000000000000
#define other(p, q)	(\base_addr(p) != \base_addr(q))
#define NR_FRAMES	0x10000000000

/* Functions of the verbs of an edit, for contracts above their definitions. */
struct pt_walk;
static int check_is_hole(const struct pt_walk *walk, u64 old);
static int check_is_page(const struct pt_walk *walk, u64 old);
static int check_nothing(const struct pt_walk *walk, u64 old);
static bool map_cuts(const struct pt_walk *walk, u64 old);
static bool unmap_cuts(const struct pt_walk *walk, u64 old);
static bool protect_cuts(const struct pt_walk *walk, u64 old);
static u64 map_entry(const struct pt_walk *walk, u64 old);
static u64 unmap_entry(const struct pt_walk *walk, u64 old);
static u64 protect_entry(const struct pt_walk *walk, u64 old);

#endif /* COVIRT_PROOFS_WORDS_H */
