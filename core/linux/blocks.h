/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of an enclave as a list of blocks. It allocates nothing: its owner gives it room. */
#ifndef COVIRT_CORE_BLOCKS_H
#define COVIRT_CORE_BLOCKS_H

#include "core/linux/layout.h"

/**
 * struct covirt_blocks - blocks of host memory
 * @block: ascending; those that touch are one
 * @nr:    how many
 * @room:  for how many there is room
 * @size:  bytes together
 */
struct covirt_blocks {
	struct covirt_block *block;
	u32 nr;
	u32 room;
	u64 size;
};

const struct covirt_block *blocks_find(const struct covirt_blocks *blocks, hpa_t hpa);
void blocks_insert(struct covirt_blocks *blocks, const struct covirt_block *new);
struct covirt_block blocks_cut(struct covirt_blocks *blocks, u64 len);

#endif /* COVIRT_CORE_BLOCKS_H */
