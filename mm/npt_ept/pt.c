// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nested-table algorithm: see pt.h for what it promises.
 *
 * Every edit is one walk over the entries that its range touches, run twice.
 * The first run is dry: it finds out whether the edit is allowed and counts
 * the tables it needs. They are set aside, and then the second run, which
 * takes the very same path, cannot fail.
 */
#include "mm/npt_ept/pt_format.h"

static_assert(COVIRT_GPA_LIMIT == BIT_ULL(COVIRT_PAGE_SHIFT + PT_INDEX_BITS * PT_LEVELS));

/* Bytes that one entry of a level spans; the lowest table is level 1. */
static u64 level_size(unsigned int level)
{
	return 1ULL << (COVIRT_PAGE_SHIFT + PT_INDEX_BITS * (level - 1));
}

static unsigned int level_index(unsigned int level, gpa_t gpa)
{
	return (gpa / level_size(level)) % PT_NR_ENTRIES;
}

/* Entries: reading them */

static bool entry_is_present(const struct pt *pt, u64 entry)
{
	return entry & pt->format->present;
}

static bool entry_is_table(const struct pt *pt, u64 entry, unsigned int level)
{
	return entry_is_present(pt, entry) && level > 1 && !(entry & PT_ENTRY_LARGE);
}

static hpa_t entry_hpa(const struct pt *pt, u64 entry)
{
	return entry & PT_ENTRY_ADDR & ~pt->mm.c_bit;
}

/* READ is 1 and always there: the combinations to try are RWX, RX, RW, R. */
static u8 entry_access(const struct pt *pt, u64 entry)
{
	u64 bits = entry & pt->format->access_mask;
	u8 access;

	for (access = COVIRT_RWX; access > COVIRT_READ; access -= 2)
		if (pt->format->access[access] == bits)
			break;
	return access;
}

static u8 entry_memtype(const struct pt *pt, u64 entry)
{
	const struct pt_format *format = pt->format;

	if ((entry & format->memtype_mask) == format->memtype[COVIRT_MT_WB])
		return COVIRT_MT_WB;
	return COVIRT_MT_UC;
}

/* Entries: making them */

static u64 entry_table(const struct pt *pt, hpa_t table)
{
	return table | pt->format->table | pt->mm.c_bit;
}

static u64 entry_leaf(const struct pt *pt, const struct covirt_extent *extent, gpa_t gpa,
		      unsigned int level)
{
	const struct pt_format *format = pt->format;
	u64 entry = extent_hpa(extent, gpa) | format->leaf | format->access[extent->access] |
		    format->memtype[extent->memtype];

	if (level > 1)
		entry |= PT_ENTRY_LARGE;
	if (extent->kind != COVIRT_KIND_MMIO)
		entry |= format->ram | pt->mm.c_bit;
	return entry;
}

static u64 entry_with_access(const struct pt *pt, u64 entry, u8 access)
{
	return (entry & ~pt->format->access_mask) | pt->format->access[access];
}

/*
 * Entry number index of the table of that level which stands for what one
 * entry above it said: a piece of a large page, or nothing. In neither format
 * does a 4 KiB page have the LARGE bit (it is NPT's PAT bit there).
 */
static u64 entry_piece(const struct pt *pt, u64 whole, unsigned int level, unsigned int index)
{
	if (!entry_is_present(pt, whole))
		return 0;
	if (level == 1)
		whole &= ~PT_ENTRY_LARGE;
	return whole + index * level_size(level);
}

/*
 * The only writer of entries: every change of every entry passes here. A CPU may cache what a
 * present entry said until it is told to flush; it never caches that an entry
 * is not present (APM vol. 2, 5.5.2; SDM vol. 3, 29.4.3).
 *
 * Hardware walks concurrently: one 64-bit store, never half an entry. x86
 * keeps stores in order and WRITE_ONCE keeps the compiler from reordering
 * them, so whoever sees a link sees the table behind it complete.
 */
static void pt_entry_set(struct pt *pt, u64 *entry, u64 new)
{
	u64 old = READ_ONCE(*entry);

	if (old == new)
		return;
	if (entry_is_present(pt, old))
		pt->flush_owed = true;
	WRITE_ONCE(*entry, new);
}

/* Table pages */

static u64 *table_virt(const struct pt *pt, hpa_t table)
{
	return pt->mm.virt(pt->mm.ctx, table);
}

static bool table_is_empty(const u64 *table)
{
	unsigned int i;

	for (i = 0; i < PT_NR_ENTRIES; i++)
		if (READ_ONCE(table[i]))
			return false;
	return true;
}

/*
 * A page on a stack is empty but for the link in its first entry. A CPU that
 * still walks a deferred page reads a multiple of 4 KiB there: not present
 * in both formats.
 */
static void pages_push(struct pt *pt, struct pt_pages *pages, hpa_t page)
{
	pt_entry_set(pt, table_virt(pt, page), pages->top);
	pages->top = page;
	pages->nr++;
}

static hpa_t pages_pop(struct pt *pt, struct pt_pages *pages)
{
	hpa_t page = pages->top;

	pages->top = *table_virt(pt, page);
	pages->nr--;
	return page;
}

static void pages_free(struct pt *pt, struct pt_pages *pages)
{
	while (pages->nr)
		pt->mm.free(pt->mm.ctx, pages_pop(pt, pages));
}

static int reserve_fill(struct pt *pt, u64 nr)
{
	while (pt->reserve.nr < nr) {
		hpa_t page;

		if (!pt->mm.alloc(pt->mm.ctx, &page)) {
			pages_free(pt, &pt->reserve);
			return -ENOMEM;
		}
		pages_push(pt, &pt->reserve, page);
	}
	return 0;
}

/* Walks */

struct pt_walk;

/**
 * struct pt_verb - what an edit does to the entries in its range
 * @check: may the page or hole @old be edited? 0 or -Exxx
 * @cuts:  must it be edited in smaller pieces?
 * @entry: what it becomes
 */
struct pt_verb {
	int (*check)(const struct pt_walk *walk, u64 old);
	bool (*cuts)(const struct pt_walk *walk, u64 old);
	u64 (*entry)(const struct pt_walk *walk, u64 old);
};

/**
 * struct pt_edit - one request
 * @verb:   what to do
 * @start:  first address
 * @end:    first address behind the range
 * @extent: what to map (map only)
 * @access: new access (protect only)
 */
struct pt_edit {
	const struct pt_verb *verb;
	gpa_t start;
	gpa_t end;
	const struct covirt_extent *extent;
	u8 access;
};

/**
 * struct pt_open - a table that a walk is inside of
 * @entries: the table; NULL when a dry walk only pretends that it exists
 * @hpa:     its address
 * @origin:  what its first entry would be, where @entries is NULL
 * @fresh:   complete it first, link it on leaving
 */
struct pt_open {
	u64 *entries;
	hpa_t hpa;
	u64 origin;
	bool fresh;
};

/**
 * struct pt_walk - an iterator over the entries that an edit touches
 * @pt:        the tables
 * @edit:      the request
 * @dry:       look and count, change nothing
 * @gpa:       address the walk has come to
 * @level:     level of the table it is in
 * @nr_tables: new tables the edit needs, counted by a dry walk
 * @open:      the tables from the root down to @level, by level
 */
struct pt_walk {
	struct pt *pt;
	const struct pt_edit *edit;
	bool dry;
	gpa_t gpa;
	unsigned int level;
	u64 nr_tables;
	struct pt_open open[PT_LEVELS + 1];
};

static void walk_start(struct pt_walk *walk, struct pt *pt, const struct pt_edit *edit, bool dry)
{
	walk->pt = pt;
	walk->edit = edit;
	walk->dry = dry;
	walk->gpa = edit->start;
	walk->level = PT_LEVELS;
	walk->nr_tables = 0;
	walk->open[PT_LEVELS] = (struct pt_open){ .entries = table_virt(pt, pt->root) };
}

static u64 walk_entry(const struct pt_walk *walk)
{
	const struct pt_open *open = &walk->open[walk->level];

	if (!open->entries)
		return open->origin;
	return READ_ONCE(open->entries[level_index(walk->level, walk->gpa)]);
}

/* Does the range hold all that the current entry spans? */
static bool walk_holds_entry(const struct pt_walk *walk)
{
	u64 size = level_size(walk->level);

	return IS_ALIGNED(walk->gpa, size) && walk->edit->end - walk->gpa >= size;
}

/* A table that says, entry by entry, what one entry above it said; not linked yet. */
static struct pt_open walk_new_table(struct pt_walk *walk, u64 whole, unsigned int level)
{
	struct pt *pt = walk->pt;
	struct pt_open new = { .fresh = true };
	unsigned int i;

	new.hpa = pages_pop(pt, &pt->reserve);
	new.entries = table_virt(pt, new.hpa);
	for (i = 0; i < PT_NR_ENTRIES; i++)
		pt_entry_set(pt, &new.entries[i], entry_piece(pt, whole, level, i));
	return new;
}

static void walk_descend(struct pt_walk *walk, u64 entry)
{
	unsigned int below = walk->level - 1;
	struct pt *pt = walk->pt;

	if (entry_is_table(pt, entry, walk->level)) {
		hpa_t hpa = entry_hpa(pt, entry);

		walk->open[below] = (struct pt_open){
			.entries = table_virt(pt, hpa),
			.hpa = hpa,
		};
	} else if (walk->dry) {
		walk->open[below] = (struct pt_open){
			.origin = entry_piece(pt, entry, below, 0),
		};
		walk->nr_tables++;
	} else {
		walk->open[below] = walk_new_table(walk, entry, below);
	}
	walk->level = below;
}

/* Back to the table above: link what was built, unlink what was emptied. */
static void walk_leave(struct pt_walk *walk)
{
	const struct pt_open *left = &walk->open[walk->level++];
	struct pt *pt = walk->pt;
	u64 *link;

	if (walk->dry)
		return;
	/* The walk has come to the end of what it leaves: the last byte is still inside. */
	link = &walk->open[walk->level].entries[level_index(walk->level, walk->gpa - 1)];
	if (left->fresh) {
		pt_entry_set(pt, link, entry_table(pt, left->hpa));
		pt->nr_tables++;
	} else if (table_is_empty(left->entries)) {
		pt_entry_set(pt, link, 0);
		pages_push(pt, &pt->deferred, left->hpa);
		pt->nr_tables--;
	}
}

/* Past the current entry, out of every table that ends there. */
static void walk_advance(struct pt_walk *walk)
{
	u64 size = level_size(walk->level);

	walk->gpa = min(ALIGN_DOWN(walk->gpa, size) + size, walk->edit->end);
	while (walk->level < PT_LEVELS &&
	       (walk->gpa == walk->edit->end ||
		IS_ALIGNED(walk->gpa, level_size(walk->level + 1))))
		walk_leave(walk);
}

static void walk_set_entry(struct pt_walk *walk, u64 new)
{
	struct pt_open *open = &walk->open[walk->level];

	if (!walk->dry)
		pt_entry_set(walk->pt, &open->entries[level_index(walk->level, walk->gpa)], new);
}

static int walk_run(struct pt_walk *walk)
{
	const struct pt_verb *verb = walk->edit->verb;

	while (walk->gpa < walk->edit->end) {
		u64 old = walk_entry(walk);
		bool descend = entry_is_table(walk->pt, old, walk->level);
		int err;

		if (!descend) {
			err = verb->check(walk, old);
			if (err)
				return err;
			descend = verb->cuts(walk, old);
		}
		if (descend) {
			walk_descend(walk, old);
			continue;
		}
		walk_set_entry(walk, verb->entry(walk, old));
		walk_advance(walk);
	}
	return 0;
}

/* Verbs */

static int check_is_hole(const struct pt_walk *walk, u64 old)
{
	return entry_is_present(walk->pt, old) ? -EEXIST : 0;
}

static int check_is_page(const struct pt_walk *walk, u64 old)
{
	return entry_is_present(walk->pt, old) ? 0 : -ENOENT;
}

static int check_nothing(const struct pt_walk *walk __maybe_unused, u64 old __maybe_unused)
{
	return 0;
}

static bool needs_4k(const struct pt *pt, u8 access)
{
	return pt->flags & PT_EXEC_4K && access & COVIRT_EXEC;
}

static unsigned int map_max_level(const struct pt_walk *walk)
{
	if (walk->edit->extent->kind == COVIRT_KIND_BLANK ||
	    needs_4k(walk->pt, walk->edit->extent->access))
		return 1;
	return walk->pt->flags & PT_1G_OK ? 3 : 2;
}

static bool map_cuts(const struct pt_walk *walk, u64 old __maybe_unused)
{
	return walk->level > map_max_level(walk) || !walk_holds_entry(walk) ||
	       !IS_ALIGNED(extent_hpa(walk->edit->extent, walk->gpa), level_size(walk->level));
}

static u64 map_entry(const struct pt_walk *walk, u64 old __maybe_unused)
{
	return entry_leaf(walk->pt, walk->edit->extent, walk->gpa, walk->level);
}

static bool unmap_cuts(const struct pt_walk *walk, u64 old __maybe_unused)
{
	return !walk_holds_entry(walk);
}

static u64 unmap_entry(const struct pt_walk *walk __maybe_unused, u64 old __maybe_unused)
{
	return 0;
}

static u64 protect_entry(const struct pt_walk *walk, u64 old)
{
	return entry_with_access(walk->pt, old, walk->edit->access);
}

/* A page that has the access already is not split for nothing. */
static bool protect_cuts(const struct pt_walk *walk, u64 old)
{
	bool keeps = walk_holds_entry(walk) &&
		     (walk->level == 1 || !needs_4k(walk->pt, walk->edit->access));

	return !keeps && protect_entry(walk, old) != old;
}

static const struct pt_verb verb_map = { check_is_hole, map_cuts, map_entry };
static const struct pt_verb verb_unmap = { check_is_page, unmap_cuts, unmap_entry };
static const struct pt_verb verb_protect = { check_is_page, protect_cuts, protect_entry };
static const struct pt_verb verb_clear = { check_nothing, unmap_cuts, unmap_entry };

/* Requests */

static int edit_run(struct pt *pt, const struct pt_edit *edit)
{
	struct pt_walk walk;
	int err;

	walk_start(&walk, pt, edit, true);
	err = walk_run(&walk);
	if (err)
		return err;
	err = reserve_fill(pt, walk.nr_tables);
	if (err)
		return err;
	walk_start(&walk, pt, edit, false);
	return walk_run(&walk);
}

/* Unlinks every table but the root. Cuts nothing, so it needs no memory and cannot fail. */
static void pt_clear(struct pt *pt)
{
	const struct pt_edit edit = { .verb = &verb_clear, .end = COVIRT_GPA_LIMIT };

	edit_run(pt, &edit);
}

static u8 mm_phys_bits(const struct pt_mm *mm)
{
	return mm->phys_bits ? mm->phys_bits : COVIRT_HPA_BITS;
}

/* The encryption bit is one bit, above those of an address (APM vol. 2, 7.10.1). */
static bool mm_is_valid(const struct pt_mm *mm, const struct pt_format *format)
{
	u8 phys_bits = mm_phys_bits(mm);

	if (phys_bits < 32 || phys_bits > COVIRT_HPA_BITS)
		return false;
	if (!mm->c_bit)
		return true;
	return format->has_c_bit && !(mm->c_bit & (mm->c_bit - 1)) &&
	       mm->c_bit >= BIT(phys_bits) && (mm->c_bit & PT_ENTRY_ADDR);
}

int pt_init(struct pt *pt, const struct pt_format *format, const struct pt_mm *mm, u32 flags)
{
	if (!mm_is_valid(mm, format))
		return -EINVAL;
	*pt = (struct pt){ .format = format, .mm = *mm, .flags = flags, .nr_tables = 1 };
	if (!mm->alloc(mm->ctx, &pt->root))
		return -ENOMEM;
	return 0;
}

void pt_destroy(struct pt *pt)
{
	pt_clear(pt);
	pt_flush_done(pt);
	pt->mm.free(pt->mm.ctx, pt->root);
	pt->nr_tables = 0;
}

int pt_map(struct pt *pt, const struct covirt_extent *extent)
{
	const struct pt_edit edit = {
		.verb = &verb_map,
		.start = extent->gpa,
		.end = extent->gpa + extent->len,
		.extent = extent,
	};
	hpa_t last;
	int err;

	err = extent_check(extent);
	if (err)
		return err;
	last = extent_hpa(extent, edit.end - 1);
	if (last >= BIT(mm_phys_bits(&pt->mm)))
		return -ERANGE;
	return edit_run(pt, &edit);
}

int pt_unmap(struct pt *pt, gpa_t gpa, u64 len)
{
	const struct pt_edit edit = { .verb = &verb_unmap, .start = gpa, .end = gpa + len };
	int err;

	err = gpa_range_check(gpa, len);
	if (err)
		return err;
	return edit_run(pt, &edit);
}

int pt_protect(struct pt *pt, gpa_t gpa, u64 len, u8 access)
{
	const struct pt_edit edit = {
		.verb = &verb_protect,
		.start = gpa,
		.end = gpa + len,
		.access = access,
	};
	int err;

	if (!access_is_valid(access))
		return -EINVAL;
	err = gpa_range_check(gpa, len);
	if (err)
		return err;
	return edit_run(pt, &edit);
}

int pt_build(struct pt *pt, const struct covirt_gpmap *map)
{
	int err = 0;
	u32 i;

	if (pt->nr_tables > 1)	/* every table but the root maps something */
		return -EEXIST;
	for (i = 0; !err && i < map->nr; i++)
		err = pt_map(pt, &map->extent[i]);
	if (err) {
		pt_clear(pt);
		pt_flush_done(pt);
	}
	return err;
}

bool pt_flush_owed(const struct pt *pt)
{
	return pt->flush_owed;
}

void pt_flush_done(struct pt *pt)
{
	pages_free(pt, &pt->deferred);
	pt->flush_owed = false;
}

/*
 * Walk as hardware does: what a table's entry restricts is restricted below it.
 * Where nothing is mapped, leaf->gpa and leaf->size say how far that is so.
 */
static bool leaf_find(const struct pt *pt, gpa_t gpa, struct pt_leaf *leaf)
{
	unsigned int level = PT_LEVELS;
	hpa_t table = pt->root;
	u64 entry;

	for (leaf->access = COVIRT_RWX;; level--) {
		entry = READ_ONCE(table_virt(pt, table)[level_index(level, gpa)]);
		leaf->access &= entry_access(pt, entry);
		if (!entry_is_table(pt, entry, level))
			break;
		table = entry_hpa(pt, entry);
	}
	leaf->size = level_size(level);
	leaf->gpa = ALIGN_DOWN(gpa, leaf->size);
	leaf->hpa = entry_hpa(pt, entry);
	leaf->memtype = entry_memtype(pt, entry);
	return entry_is_present(pt, entry);
}

bool pt_next(const struct pt *pt, gpa_t gpa, struct pt_leaf *leaf)
{
	struct pt_leaf found;

	for (; gpa < COVIRT_GPA_LIMIT; gpa = found.gpa + found.size)
		if (leaf_find(pt, gpa, &found)) {
			*leaf = found;
			return true;
		}
	return false;
}

bool pt_lookup(const struct pt *pt, gpa_t gpa, struct pt_leaf *leaf)
{
	struct pt_leaf found;

	if (gpa >= COVIRT_GPA_LIMIT || !leaf_find(pt, gpa, &found))
		return false;
	*leaf = found;
	return true;
}

hpa_t pt_root(const struct pt *pt)
{
	return pt->root;
}

u64 pt_nr_tables(const struct pt *pt)
{
	return pt->nr_tables;
}
