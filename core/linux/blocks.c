// SPDX-License-Identifier: GPL-2.0-only
#include "core/linux/blocks.h"

static hpa_t block_end(const struct covirt_block *block)
{
	return block->base + block->len;
}

/* Index of the first block that ends above an address. */
static u32 block_index(const struct covirt_blocks *blocks, hpa_t hpa)
{
	u32 low = 0, high = blocks->nr;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (block_end(&blocks->block[mid]) > hpa)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/**
 * blocks_find() - the block that holds an address
 * @blocks: the blocks
 * @hpa:    any host-physical address
 *
 * Return: the block, valid until the next change; NULL when there is none.
 */
const struct covirt_block *blocks_find(const struct covirt_blocks *blocks, hpa_t hpa)
{
	u32 at = block_index(blocks, hpa);

	return at < blocks->nr && blocks->block[at].base <= hpa ? &blocks->block[at] : NULL;
}

static void array_open(struct covirt_blocks *blocks, u32 at)
{
	memmove(&blocks->block[at + 1], &blocks->block[at],
		(blocks->nr - at) * sizeof(*blocks->block));
	blocks->nr++;
}

static void array_close(struct covirt_blocks *blocks, u32 at)
{
	blocks->nr--;
	memmove(&blocks->block[at], &blocks->block[at + 1],
		(blocks->nr - at) * sizeof(*blocks->block));
}

/**
 * blocks_insert() - add a block
 * @blocks: with room for one more
 * @new:    overlaps none that is there; becomes one with those that it touches
 */
void blocks_insert(struct covirt_blocks *blocks, const struct covirt_block *new)
{
	u32 at = block_index(blocks, new->base);
	struct covirt_block *next = &blocks->block[at];
	bool below = at && block_end(next - 1) == new->base;
	bool above = at < blocks->nr && next->base == block_end(new);

	blocks->size += new->len;
	if (below) {
		next[-1].len += new->len + (above ? next->len : 0);
		if (above)
			array_close(blocks, at);
	} else if (above) {
		next->base = new->base;
		next->len += new->len;
	} else {
		array_open(blocks, at);
		*next = *new;
	}
}

/**
 * blocks_cut() - take some of the highest block out
 * @blocks: not empty
 * @len:    bytes at most, not 0
 *
 * Return: what was taken out, as much as the block had.
 */
struct covirt_block blocks_cut(struct covirt_blocks *blocks, u64 len)
{
	struct covirt_block *last = &blocks->block[blocks->nr - 1];
	struct covirt_block cut = { .len = min(len, last->len) };

	last->len -= cut.len;
	cut.base = block_end(last);
	blocks->size -= cut.len;
	if (!last->len)
		blocks->nr--;
	return cut;
}
