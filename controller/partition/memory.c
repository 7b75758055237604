// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is claimed from Linux: whole blocks of 2 MiB, marked PageOffline, so that nothing in
 * Linux reads or saves them.
 */
#include <linux/io.h>
#include <linux/lockdep.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/cacheflush.h>

#include "controller/partition/memory.h"
#include "controller/partition/memory_spare.h"
#include "controller/partition/memory_claim.h"

#define BLOCKS_FIRST	16

static LIST_HEAD(memory_list);
/* Innermost. Protects the list, and the blocks of all that is in it. */
static DEFINE_MUTEX(memory_list_lock);

static void pages_mark_offline(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--)
		__SetPageOffline(pfn_to_page(pfn));
}

static void pages_clear_offline(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--)
		__ClearPageOffline(pfn_to_page(pfn));
}

static void pages_give_back(hpa_t base, u64 len)
{
	pages_clear_offline(PHYS_PFN(base), len >> PAGE_SHIFT);
	free_contig_range(PHYS_PFN(base), len >> PAGE_SHIFT);
}

/* --- the list of blocks --- */

/* Called with memory_list_lock, because enclave_memory_owner() reads the array. */
static void array_replace(struct enclave_memory *memory, struct covirt_block *block, u32 room)
{
	lockdep_assert_held(&memory_list_lock);
	memcpy(block, memory->blocks.block, memory->blocks.nr * sizeof(*block));
	swap(memory->blocks.block, block);
	memory->blocks.room = room;
	kvfree(block);
}

static int array_give_room(struct enclave_memory *memory, u32 nr)
{
	u32 room = max3(nr, 2 * memory->blocks.room, (u32)BLOCKS_FIRST);
	struct covirt_block *block;

	if (nr <= memory->blocks.room)
		return 0;
	if (nr > ENCLAVE_MEMORY_BLOCKS)
		return -ENOMEM;
	block = kvmalloc_array(room, sizeof(*block), GFP_KERNEL);
	if (!block)
		return -ENOMEM;
	mutex_lock(&memory_list_lock);
	array_replace(memory, block, room);
	mutex_unlock(&memory_list_lock);
	return 0;
}

/**
 * enclave_memory_add() - pages have been claimed from Linux
 * @memory: whose they are from here on; it is in the list of what is claimed
 * @pfn:    the first
 * @nr:     how many; both are multiples of 2 MiB
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM: they are the caller's.
 */
int enclave_memory_add(struct enclave_memory *memory, unsigned long pfn, unsigned long nr)
{
	const struct covirt_block block = { PFN_PHYS(pfn), (u64)nr << PAGE_SHIFT };
	int err = array_give_room(memory, memory->blocks.nr + 1);

	might_sleep();
	if (err)
		return err;
	pages_mark_offline(pfn, nr);
	mutex_lock(&memory_list_lock);
	blocks_insert(&memory->blocks, &block);
	mutex_unlock(&memory_list_lock);
	return 0;
}

static void memory_list_add(struct enclave_memory *memory)
{
	mutex_lock(&memory_list_lock);
	list_add(&memory->node, &memory_list);
	mutex_unlock(&memory_list_lock);
}

static void memory_list_remove(struct enclave_memory *memory)
{
	mutex_lock(&memory_list_lock);
	list_del(&memory->node);
	mutex_unlock(&memory_list_lock);
	kvfree(memory->blocks.block);
	*memory = (struct enclave_memory) { .owner = memory->owner };
}

/* --- scrubbing --- */

/* Caches first: a co-kernel may have used other memory types than Linux does. */
static void chunk_scrub(hpa_t base)
{
	void *chunk = phys_to_virt(base);
	u64 offset;

	clflush_cache_range(chunk, COVIRT_SIZE_2M);
	for (offset = 0; offset < COVIRT_SIZE_2M; offset += PAGE_SIZE)
		clear_page(chunk + offset);
	cond_resched();
}

static void range_scrub(hpa_t base, u64 len)
{
	u64 offset;

	for (offset = 0; offset < len; offset += COVIRT_SIZE_2M)
		chunk_scrub(base + offset);
}

/**
 * enclave_memory_scrub() - clear it all
 * @memory: no CPU of the enclave runs
 *
 * Context: may sleep.
 */
void enclave_memory_scrub(struct enclave_memory *memory)
{
	u32 i;

	might_sleep();
	if (memory->clean)
		return;
	for (i = 0; i < memory->blocks.nr; i++)
		range_scrub(memory->blocks.block[i].base, memory->blocks.block[i].len);
	memory->clean = true;
}

/**
 * enclave_memory_lost() - what was in it may be anything by now
 * @memory: no CPU of the enclave runs
 */
void enclave_memory_lost(struct enclave_memory *memory)
{
	memory->clean = false;
}

/* Memory that was just claimed has Linux's contents, and may go back as it is. */
static int scrub_new(struct enclave_memory *memory)
{
	u64 offset;
	u32 i;

	for (i = 0; i < memory->blocks.nr; i++)
		for (offset = 0; offset < memory->blocks.block[i].len; offset += COVIRT_SIZE_2M) {
			if (signal_pending(current))
				return -EINTR;
			chunk_scrub(memory->blocks.block[i].base + offset);
		}
	memory->clean = true;
	return 0;
}

/* --- less --- */

/*
 * Memory is given back from the highest address down; the lock is released in between, so that
 * others get a turn.
 */
static void memory_cut(struct enclave_memory *memory, u64 size)
{
	struct covirt_block cut;

	while (memory->blocks.size > size) {
		mutex_lock(&memory_list_lock);
		cut = blocks_cut(&memory->blocks,
				 min_t(u64, memory->blocks.size - size, COVIRT_SIZE_1G));
		pages_give_back(cut.base, cut.len);
		mutex_unlock(&memory_list_lock);
		cond_resched();
	}
}

static void tail_scrub(const struct covirt_blocks *blocks, u64 len)
{
	u32 i;

	for (i = blocks->nr; len && i--;) {
		const struct covirt_block *block = &blocks->block[i];
		u64 part = min(len, block->len);

		range_scrub(block->base + block->len - part, part);
		len -= part;
	}
}

/**
 * enclave_memory_shrink() - scrub some of it, and return that to Linux
 * @memory: no CPU of the enclave runs; may be empty
 * @size:   bytes that stay, multiple of 2 MiB, no more than there are
 *
 * Takes no new memory. What stays keeps its contents.
 *
 * Context: may sleep.
 */
void enclave_memory_shrink(struct enclave_memory *memory, u64 size)
{
	might_sleep();
	if (!memory->blocks.nr)
		return;
	if (!memory->clean)
		tail_scrub(&memory->blocks, memory->blocks.size - size);
	memory_cut(memory, size);
	if (!size)
		memory_list_remove(memory);
}

/**
 * enclave_memory_free() - scrub and return everything to Linux
 * @memory: no CPU of the enclave runs; empty afterwards
 *
 * Context: may sleep.
 */
void enclave_memory_free(struct enclave_memory *memory)
{
	might_sleep();
	enclave_memory_shrink(memory, 0);
}

/* --- more --- */

/* @to has room for the blocks of @from. */
static void blocks_hand_on(struct enclave_memory *to, struct enclave_memory *from)
{
	u32 i;

	mutex_lock(&memory_list_lock);
	for (i = 0; i < from->blocks.nr; i++)
		blocks_insert(&to->blocks, &from->blocks.block[i]);
	from->blocks.nr = 0;
	mutex_unlock(&memory_list_lock);
}

static int grow_by(struct enclave_memory *memory, struct enclave_memory *more,
		   struct memory_wish *wish)
{
	const struct memory_wish rest = { .size = wish->size - memory->blocks.size,
					  .node = wish->node, .force = wish->force };
	int err;

	err = memory_claim(more, &rest);
	wish->had = memory->blocks.size + more->blocks.size;
	if (!err)
		err = scrub_new(more);
	if (!err)
		err = array_give_room(memory, memory->blocks.nr + more->blocks.nr);
	return err;
}

static bool is_too_much(const struct enclave_memory *memory, struct memory_wish *wish)
{
	wish->had = memory->blocks.size + memory_spare(wish->node, wish->force);
	wish->kept = !memory_can_give(wish->node, wish->size - memory->blocks.size, wish->force);
	return wish->kept;
}

/**
 * enclave_memory_grow() - take memory from Linux, scrubbed, beside what there is
 * @memory: with its owner set, no CPU of the enclave runs
 * @wish:   how much, and where
 *
 * What is there keeps its place and its contents.
 *
 * Context: may sleep, for seconds when Linux has to move much.
 * Return: 0; -ENOMEM; -EINTR after a signal. After an error all is as before.
 */
int enclave_memory_grow(struct enclave_memory *memory, struct memory_wish *wish)
{
	struct enclave_memory more = { .owner = memory->owner };
	bool first = !memory->blocks.nr;
	int err;

	might_sleep();
	if (is_too_much(memory, wish))
		return -ENOMEM;
	memory_list_add(&more);
	err = grow_by(memory, &more, wish);
	if (err) {
		memory_cut(&more, 0);
	} else {
		if (first)
			memory_list_add(memory);
		memory->clean = first || memory->clean;
		blocks_hand_on(memory, &more);
	}
	memory_list_remove(&more);
	return err;
}

/* --- whose is it? --- */

/**
 * enclave_memory_owner() - which enclave has this memory?
 * @hpa:  any host-physical address
 * @name: its name, written when there is one
 * @size: room in @name
 *
 * Return: true when an enclave has it.
 */
bool enclave_memory_owner(hpa_t hpa, char *name, size_t size)
{
	const struct enclave_memory *memory;
	bool found = false;

	mutex_lock(&memory_list_lock);
	list_for_each_entry(memory, &memory_list, node) {
		found = blocks_find(&memory->blocks, hpa);
		if (found) {
			strscpy(name, memory->owner, size);
			break;
		}
	}
	mutex_unlock(&memory_list_lock);
	return found;
}
