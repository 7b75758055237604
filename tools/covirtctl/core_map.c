// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core_map.h"

#define CR0_PG		BIT(31)
#define CR4_LA57	BIT(12)
#define EFER_LMA	BIT(10)

#define PRESENT		BIT(0)
#define LARGE		BIT(7)
#define ADDRESS		GENMASK_ULL(51, 12)
#define ENTRIES		512
#define ROOT_LEVEL	3	/* level 0 has entries for pages of 4 KiB */

/**
 * struct walk - on the way through the tables
 * @map:  what was found
 * @mem:  the co-kernel's memory
 * @seen: tables that were read, as a tree of tsearch(): Linux shows some at thousands of places,
 *        and hostile ones may form a circle. The first place counts
 * @err:  -ENOMEM, and the walk is over
 */
struct walk {
	struct core_map *map;
	const struct guest_mem *mem;
	void *seen;
	int err;
};

static bool is_over(const struct walk *walk)
{
	return walk->err || walk->map->cut;
}

/* --- runs --- */

/* Room for one more is made by doubling. */
static bool room_make(struct core_map *map)
{
	struct core_run *more;

	if (map->nr & (map->nr - 1))
		return true;
	more = realloc(map->run, (map->nr ? map->nr * 2 : 1) * sizeof(*more));
	if (more)
		map->run = more;
	return more;
}

static bool is_next(const struct core_map *map, gva_t va, gpa_t gpa)
{
	const struct core_run *last = map->nr ? &map->run[map->nr - 1] : NULL;

	return last && va == last->va + last->len && gpa == last->gpa + last->len;
}

static void run_add(struct walk *walk, gva_t va, gpa_t gpa, uint64_t len)
{
	struct core_map *map = walk->map;

	if (is_next(map, va, gpa))
		map->run[map->nr - 1].len += len;
	else if (map->nr == CORE_MAP_RUNS)
		map->cut = true;
	else if (!room_make(map))
		walk->err = -ENOMEM;
	else
		map->run[map->nr++] = (struct core_run) { va, gpa, len };
}

/* --- tables --- */

static int key_compare(const void *a, const void *b)
{
	return a < b ? -1 : a > b;
}

static void key_forget(void *key)
{
	(void)key;
}

/* The same page may be a table of several levels, of Linux's never. */
static bool is_new(struct walk *walk, gpa_t table, unsigned int level)
{
	void *key = (void *)(table | level);

	if (tfind(key, &walk->seen, key_compare))
		return false;
	if (!tsearch(key, &walk->seen, key_compare))
		walk->err = -ENOMEM;
	return !walk->err;
}

static uint64_t span(unsigned int level)
{
	return UINT64_C(1) << (COVIRT_PAGE_SHIFT + 9 * level);
}

/* The upper half of what 48 bits can say lies at the very top (SDM vol. 1, 3.3.7.1). */
static gva_t canonical(gva_t va)
{
	return (gva_t)((int64_t)(va << 16) >> 16);
}

/* In the root there are no pages, and the bit for one is a fault (SDM vol. 3, table 4-15). */
static bool is_usable(uint64_t entry, unsigned int level)
{
	return entry & PRESENT && !(entry & LARGE && level == ROOT_LEVEL);
}

static bool is_page(uint64_t entry, unsigned int level)
{
	return !level || entry & LARGE;
}

static void table_walk(struct walk *walk, gpa_t table, unsigned int level, gva_t va)
{
	uint64_t entry[ENTRIES];
	unsigned int i;

	if (!is_new(walk, table, level) ||
	    walk->mem->read(walk->mem->ctx, table, entry, sizeof(entry)))
		return;
	for (i = 0; i < ENTRIES && !is_over(walk); i++, va += span(level)) {
		gpa_t at = entry[i] & ADDRESS;

		if (!is_usable(entry[i], level))
			continue;
		if (is_page(entry[i], level))
			run_add(walk, canonical(va), ALIGN_DOWN(at, span(level)), span(level));
		else
			table_walk(walk, at, level - 1, va);
	}
}

/**
 * core_map_read() - read a CPU's page tables
 * @map:       zeroed; core_map_free() is due in any case
 * @registers: of the CPU; without paging of long mode with four levels there are no runs
 * @mem:       the co-kernel's memory. Runs may be of other memory too
 *
 * Return: 0 or -ENOMEM.
 */
int core_map_read(struct core_map *map, const struct covirt_registers *registers,
		  const struct guest_mem *mem)
{
	struct walk walk = { .map = map, .mem = mem };

	if (!(registers->cr0 & CR0_PG) || !(registers->efer & EFER_LMA) ||
	    registers->cr4 & CR4_LA57)
		return 0;
	table_walk(&walk, registers->cr3 & ADDRESS, ROOT_LEVEL, 0);
	tdestroy(walk.seen, key_forget);
	return walk.err;
}

/**
 * core_map_free() - the end of core_map_read()
 * @map: the map
 */
void core_map_free(struct core_map *map)
{
	free(map->run);
}
