/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small world for the model of tlb_model.h: memory for tables, an enclave's
 * map, CPUs that walk its nested tables, and the judge.
 *
 * The tables are real, made by pt.c. A page that it frees is poisoned at once
 * and is the first to be used again: whoever still walks it is led to a frame
 * that nobody was granted.
 *
 * What is granted is noted page range by page range. Edits begin and end at
 * fixed edges, so between two edges all pages are alike and looking at the
 * first and the last one is looking at all of them.
 */
#ifndef COVIRT_KUNIT_TLB_WORLD_H
#define COVIRT_KUNIT_TLB_WORLD_H

#include "selftests/kunit/pt_bench.h"
#include "selftests/kunit/tlb_model.h"

#define WORLD_CPUS	2
#define WORLD_PAGES	128
#define WORLD_TABLES	BIT_ULL(45)	/* far from every frame */
#define WORLD_OLD	8		/* edits between two flushes */

/* The window of addresses that are edited crosses a 512 GiB boundary. */
#define WORLD_BASE	(511 * GIB)

static const u64 world_edges[] = {
	0, PAGE, 2 * PAGE, M2 - PAGE, M2, M2 + PAGE, 2 * M2, GIB - M2, GIB - PAGE, GIB,
	GIB + PAGE, GIB + M2, GIB + 2 * M2, 2 * GIB - PAGE, 2 * GIB, 2 * GIB + M2, 3 * GIB,
};

#define WORLD_ATOMS	(ARRAY_SIZE(world_edges) - 1)
#define WORLD_PROBES	(2 * WORLD_ATOMS)

/**
 * struct world_grant - what a range between two edges may do
 * @hpa:     where its first page leads
 * @access:  enum covirt_access bits; 0: not mapped
 * @memtype: enum covirt_memtype
 */
struct world_grant {
	hpa_t hpa;
	u8 access;
	u8 memtype;
};

struct world_map {
	struct world_grant atom[WORLD_ATOMS];
};

/**
 * struct world_memory - pages for tables
 * @page:    contents; page 0 is never given out: it is what poison leads to
 * @stack:   free pages, the one freed last on top
 * @nr_free: pages on it
 */
struct world_memory {
	u64 page[WORLD_PAGES][512];
	u32 stack[WORLD_PAGES];
	u32 nr_free;
};

/**
 * struct world - all of it
 * @test:       for complaints about the test itself
 * @flavour:    format of the tables
 * @machine:    kind of the CPUs
 * @memory:     where tables come from
 * @pt:         the enclave's tables
 * @now:        what they should say
 * @old:        what they said, back to the last flush: a CPU may still see that
 * @nr_old:     maps in @old
 * @cpu:        the CPUs; those that do not walk see nothing
 * @guest:      the guest's linear address space, one for each CPU
 * @violations: what the judge found
 * @first:      the first one
 */
struct world {
	struct kunit *test;
	const struct flavour *flavour;
	struct tlb_machine machine;
	struct world_memory *memory;
	struct pt pt;
	struct world_map now;
	struct world_map old[WORLD_OLD];
	u32 nr_old;
	struct tlb_cpu *cpu[WORLD_CPUS];
	struct tlb_gva guest[WORLD_CPUS][WORLD_PROBES];
	u32 violations;
	char first[160];
};

__printf(2, 3)
static inline void world_violation(struct world *world, const char *format, ...)
{
	va_list args;

	if (world->violations++)
		return;
	va_start(args, format);
	vsnprintf(world->first, sizeof(world->first), format, args);
	va_end(args);
}

/* --- memory --- */

static inline bool world_is_intel(const struct world *world)
{
	return world->flavour->format == &ept_format;
}

static inline hpa_t world_page_hpa(u32 index)
{
	return WORLD_TABLES + index * PAGE;
}

/*
 * Present whatever the level, with every access, in both formats: a link to the
 * page of poison, which leads to itself, or a leaf whose frame is that page.
 */
static inline void world_poison(struct world *world, u32 index)
{
	u64 bits = world_is_intel(world) ? 0x7 : 0x67;
	u32 i;

	for (i = 0; i < 512; i++)
		world->memory->page[index][i] = world_page_hpa(0) | bits;
}

static inline void *world_alloc(void *ctx, hpa_t *hpa)
{
	struct world *world = ctx;
	struct world_memory *memory = world->memory;
	u32 index;

	KUNIT_ASSERT_GT(world->test, memory->nr_free, 0U);
	index = memory->stack[--memory->nr_free];
	memset(memory->page[index], 0, PAGE);
	*hpa = world_page_hpa(index);
	return memory->page[index];
}

static inline void world_free(void *ctx, hpa_t hpa)
{
	struct world *world = ctx;
	u32 index = (hpa - WORLD_TABLES) / PAGE;

	world_poison(world, index);
	world->memory->stack[world->memory->nr_free++] = index;
}

/* Reads an entry as a CPU does. Frames of the enclave and of others hold no tables: they read 0. */
static inline u64 world_read(void *ctx, hpa_t table, u32 index)
{
	struct world *world = ctx;
	u64 page = (table - WORLD_TABLES) / PAGE;

	return page < WORLD_PAGES ? READ_ONCE(world->memory->page[page][index]) : 0;
}

static inline u32 world_pages_used(const struct world *world)
{
	return WORLD_PAGES - 1 - world->memory->nr_free;
}

/* --- the judge --- */

static inline gpa_t world_probe(u32 probe)
{
	return WORLD_BASE + (probe % 2 ? world_edges[probe / 2 + 1] - PAGE :
					 world_edges[probe / 2]);
}

static inline hpa_t world_granted_hpa(const struct world_grant *grant, u32 probe)
{
	return grant->hpa + (world_probe(probe) - WORLD_BASE - world_edges[probe / 2]);
}

/* The host's direct map of the tables (AMD, ASID 0) is read-only. */
static inline u8 world_access_mask(const struct tlb_cpu *cpu)
{
	return cpu->machine->intel || cpu->id ? COVIRT_RWX : COVIRT_READ;
}

static inline bool world_map_says(const struct world_map *map, u32 probe, hpa_t hpa,
				  const struct tlb_item *item, u8 mask)
{
	const struct world_grant *grant = &map->atom[probe / 2];

	return grant->access && item->access == (grant->access & mask) &&
	       item->memtype == grant->memtype && hpa == world_granted_hpa(grant, probe);
}

/* Before the flush a CPU may see what any of the edits since the last one left. */
static inline bool world_permits(const struct world *world, u32 probe, hpa_t hpa,
				 const struct tlb_item *item, u8 mask)
{
	u32 i;

	for (i = 0; i < world->nr_old; i++)
		if (world_map_says(&world->old[i], probe, hpa, item, mask))
			return true;
	return world_map_says(&world->now, probe, hpa, item, mask);
}

/* Frame that the item gives the page, if it has to do with it. */
static inline bool world_reaches(const struct tlb_item *item, gpa_t gpa, hpa_t *hpa)
{
	if (item->kind == TLB_LINK)
		return false;
	if (item->kind == TLB_COMBINED && gpa != item->gpa)
		return false;
	if (item->kind == TLB_LEAF && !tlb_item_covers(item, gpa))
		return false;
	*hpa = item->hpa + (item->kind == TLB_LEAF ? gpa - item->from : 0);
	return true;
}

/*
 * Judges a page on a CPU: every translation is one that the map grants, no more and no less, and
 * there is one if the map has the page.
 */
static inline void world_judge_page(struct world *world, const struct tlb_cpu *cpu, u32 probe)
{
	gpa_t gpa = world_probe(probe);
	bool reached = false;
	hpa_t hpa;
	u32 i;

	for (i = 0; i < cpu->nr; i++) {
		const struct tlb_item *item = &cpu->item[i];

		if (!tlb_item_usable(cpu, item) || !world_reaches(item, gpa, &hpa))
			continue;
		reached = true;
		if (!world_permits(world, probe, hpa, item, world_access_mask(cpu)))
			world_violation(world, "%s %#llx reaches %#llx, access %u",
					item->kind == TLB_LEAF ? "gpa" : "combined, gpa",
					gpa, hpa, item->access);
	}
	if (!reached && world->now.atom[probe / 2].access)
		world_violation(world, "gpa %#llx is lost", gpa);
}

/* The guest's own idea of its addresses holds too: see world_guest_remap(). */
static inline void world_judge_guest(struct world *world, const struct tlb_cpu *cpu)
{
	u32 i, j;

	for (i = 0; i < cpu->nr; i++) {
		const struct tlb_item *item = &cpu->item[i];

		if (item->kind != TLB_COMBINED || !tlb_item_usable(cpu, item))
			continue;
		for (j = 0; j < cpu->nr_guest; j++)
			if (cpu->guest[j].gva == item->from && cpu->guest[j].gpa != item->gpa)
				world_violation(world, "gva %#llx leads to gpa %#llx still",
						item->from, item->gpa);
	}
}

/* Every CPU fetches ahead whatever it may, then what it could do with it is judged. */
static inline void world_check(struct world *world)
{
	u32 i, probe;

	for (i = 0; i < WORLD_CPUS; i++) {
		struct tlb_cpu *cpu = world->cpu[i];

		if (!cpu->walks)
			continue;
		for (probe = 0; probe < WORLD_PROBES; probe++)
			tlb_speculate(cpu, world_probe(probe));
		tlb_speculate_guest(cpu);
		for (probe = 0; probe < WORLD_PROBES; probe++)
			world_judge_page(world, cpu, probe);
		world_judge_guest(world, cpu);
		KUNIT_ASSERT_FALSE(world->test, cpu->overflow);
	}
}

/* A CPU that goes back to Linux has forgotten the enclave. */
static inline void world_judge_left(struct world *world, const struct tlb_cpu *cpu)
{
	if (cpu->nr)
		world_violation(world, "%u items are left behind, one at %#llx", cpu->nr,
				cpu->item[0].from);
}

/* The code under test reaches for a table: a moment to fetch ahead in the middle of an edit. */
static inline void *world_virt(void *ctx, hpa_t hpa)
{
	struct world *world = ctx;
	u64 page = (hpa - WORLD_TABLES) / PAGE;

	KUNIT_ASSERT_LT(world->test, page, (u64)WORLD_PAGES);
	world_check(world);
	return world->memory->page[page];
}

/* --- edits --- */

static inline u32 world_edge(struct world *world, u64 offset)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(world_edges) && world_edges[i] != offset; i++)
		;
	KUNIT_ASSERT_LT(world->test, i, (u32)ARRAY_SIZE(world_edges));
	return i;
}

/* The map as it was stays visible until the flush. */
static inline void world_edit_begins(struct world *world)
{
	KUNIT_ASSERT_LT(world->test, world->nr_old, (u32)WORLD_OLD);
	world->old[world->nr_old++] = world->now;
}

static inline void world_edit_ends(struct world *world, int err)
{
	KUNIT_ASSERT_EQ(world->test, err, 0);
	world_check(world);
}

static inline void world_map(struct world *world, u64 from, u64 to, hpa_t hpa, u8 access,
			     u8 memtype)
{
	struct covirt_extent extent = ram(WORLD_BASE + from, hpa, to - from);
	u32 i;

	extent.access = access;
	extent.memtype = memtype;
	world_edit_begins(world);
	for (i = world_edge(world, from); i < world_edge(world, to); i++)
		world->now.atom[i] = (struct world_grant) {
			.hpa = hpa + world_edges[i] - from,
			.access = access,
			.memtype = memtype,
		};
	/* Before it is there nobody misses it: the walk in between is judged by the old map. */
	swap(world->now, world->old[world->nr_old - 1]);
	world_edit_ends(world, pt_map(&world->pt, &extent));
	swap(world->now, world->old[world->nr_old - 1]);
	world_check(world);
}

static inline void world_unmap(struct world *world, u64 from, u64 to)
{
	u32 i;

	world_edit_begins(world);
	for (i = world_edge(world, from); i < world_edge(world, to); i++)
		world->now.atom[i].access = 0;
	world_edit_ends(world, pt_unmap(&world->pt, WORLD_BASE + from, to - from));
}

static inline void world_protect(struct world *world, u64 from, u64 to, u8 access)
{
	u32 i;

	world_edit_begins(world);
	for (i = world_edge(world, from); i < world_edge(world, to); i++)
		world->now.atom[i].access = access;
	world_edit_ends(world, pt_protect(&world->pt, WORLD_BASE + from, to - from, access));
}

/* From here on the map is what every CPU must see. */
static inline void world_settled(struct world *world)
{
	world->nr_old = 0;
	world_check(world);
}

/*
 * The guest exchanges two of its pages in its own tables, and then drops what a
 * CPU may have of them: by an instruction that exits. Whoever handles the exit
 * owes that flush; the judge expects it to have been made when the guest goes on.
 */
static inline void world_guest_remap(struct world *world, u32 n, u32 a, u32 b)
{
	swap(world->guest[n][a].gpa, world->guest[n][b].gpa);
}

/* --- making one --- */

static inline void world_tables_init(struct world *world)
{
	const struct pt_mm mm = {
		.alloc = world_alloc,
		.free = world_free,
		.virt = world_virt,
		.ctx = world,
		.phys_bits = PHYS_BITS,
		.c_bit = world->flavour->c_bit,
	};

	KUNIT_ASSERT_EQ(world->test, pt_init(&world->pt, world->flavour->format, &mm,
					     world->flavour->flags), 0);
}

/* No CPU walks them any more: what becomes of them nobody needs to see. */
static inline void world_tables_destroy(struct world *world)
{
	memset(&world->now, 0, sizeof(world->now));
	pt_destroy(&world->pt);
	world->nr_old = 0;
}

static inline void *world_zalloc(struct kunit *test, size_t size)
{
	void *memory = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, memory);
	return memory;
}

/* The guest's linear addresses are its physical ones at first; every second page is global. */
static inline void world_guest_init(struct tlb_gva *guest)
{
	u32 i;

	for (i = 0; i < WORLD_PROBES; i++)
		guest[i] = (struct tlb_gva) {
			.gva = world_probe(i),
			.gpa = world_probe(i),
			.global = i % 2,
		};
}

/* Empty tables, CPUs that are not in the guest yet. */
static inline struct world *world_new(struct kunit *test, const struct flavour *flavour)
{
	struct world *world = world_zalloc(test, sizeof(*world));
	u32 i;

	world->test = test;
	world->flavour = flavour;
	world->memory = world_zalloc(test, sizeof(*world->memory));
	world->machine = (struct tlb_machine) {
		.intel = world_is_intel(world),
		.c_bit = flavour->c_bit,
		.read = world_read,
		.ctx = world,
	};
	for (i = 0; i < WORLD_CPUS; i++) {
		world_guest_init(world->guest[i]);
		world->cpu[i] = world_zalloc(test, sizeof(*world->cpu[i]));
		world->cpu[i]->machine = &world->machine;
		world->cpu[i]->guest = world->guest[i];
		world->cpu[i]->nr_guest = WORLD_PROBES;
	}
	world_poison(world, 0);
	for (i = WORLD_PAGES - 1; i > 0; i--)
		world_free(world, world_page_hpa(i));
	world_tables_init(world);
	return world;
}

/* Frees a world, for tests that make many. */
static inline void world_delete(struct world *world)
{
	u32 i;

	for (i = 0; i < WORLD_CPUS; i++)
		kunit_kfree(world->test, world->cpu[i]);
	kunit_kfree(world->test, world->memory);
	kunit_kfree(world->test, world);
}

#endif /* COVIRT_KUNIT_TLB_WORLD_H */
