// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search, and at each call all that the proof of the table builder takes for
 * granted (scripts/prove): the contracts of selftests/proofs, in C and in the same
 * words. In pt.c each call of f() is made one of checked_f() (scripts/weave.py), and
 * so here; (f)() is the real one.
 *
 * The proof has labels of the tables by which all is right. They are found here: of
 * what is linked they follow from the root, of a new table that a walk is in from
 * where it was opened.
 */
#include <string.h>

#include "selftests/exhaustive/search.c"

/**
 * struct label - what a table stands for
 * @level: of its entries; 0 if it is no table
 * @base:  address where it begins
 * @above: the table that may link to it, by number in the pool
 * @at:    and by which entry
 */
struct label {
	unsigned int level;
	gpa_t base;
	u32 above;
	u32 at;
};

static struct label label[POOL_PAGES];
static struct label opened[PT_LEVELS + 1];	/* new tables of the walk, by level */
static const struct pt_walk *walking;

#define require(holds, what)	contract_check(__func__, "before", holds, what)
#define ensure(holds, what)	contract_check(__func__, "after", holds, what)

static void contract_check(const char *checked, const char *when, bool holds, const char *what)
{
	if (!holds)
		complain("%s %s(): %s", when, checked + strlen("checked_"), what);
}

static hpa_t grant_hpa(const struct grant *grant, gpa_t gpa)
{
	return grant_page(grant, gpa / PAGE) & ~(PAGE - 1);
}

/* Grants: guest page, host page, bits of access. */
static bool may(gpa_t gpa, hpa_t hpa, u64 bits)
{
	const u64 *access = pool.pt.format->access;
	const struct campaign *campaign = current_campaign;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(campaign->grants) && campaign->grants[i]; i++) {
		if (grant_hpa(campaign->grants[i], gpa) != hpa)
			continue;
		if (bits == access[campaign->grants[i]->access])
			return true;
		for (j = 0; j < ARRAY_SIZE(campaign->protects) && campaign->protects[j]; j++)
			if (bits == access[campaign->protects[j]])
				return true;
	}
	return false;
}

/* Labels */

static struct label label_below(u32 above, u32 at)
{
	return (struct label){
		.level = label[above].level - 1,
		.base = label[above].base + at * level_size(label[above].level),
		.above = above,
		.at = at,
	};
}

static bool label_equals(u32 table, struct label want)
{
	return label[table].level == want.level && label[table].base == want.base &&
	       label[table].above == want.above && label[table].at == want.at;
}

static void label_table(u32 table, struct label is)
{
	u32 i;

	if (label[table].level)
		complain("two entries lead to one table");
	label[table] = is;
	for (i = 0; i < PT_NR_ENTRIES; i++) {
		u64 entry = pool.page[table].entry[i];

		if (entry_is_table(&pool.pt, entry, is.level))
			label_table(pool_index(entry_hpa(&pool.pt, entry)), label_below(table, i));
	}
}

static void label_all(void)
{
	unsigned int level;

	memset(label, 0, sizeof(label));
	label_table(pool_index(pool.pt.root), (struct label){ .level = PT_LEVELS });
	for (level = walking ? walking->level : PT_LEVELS; level < PT_LEVELS; level++)
		if (walking->open[level].fresh)
			label_table(pool_index(walking->open[level].hpa), opened[level]);
}

/* tables.acsl */

static bool bounded(u64 entry, unsigned int level)
{
	u64 limit = pool.pt.mm.c_bit ? pool.pt.mm.c_bit : COVIRT_HPA_LIMIT;

	return entry_hpa(&pool.pt, entry) + level_size(level) <= limit;
}

/* The top one of four levels has no pages. */
static bool page_right(u64 entry, unsigned int level, gpa_t gpa)
{
	u64 bits = entry & pool.pt.format->access_mask;
	u64 offset;

	if (!bounded(entry, level) || level > 3 || (level > 1 && !(entry & PT_ENTRY_LARGE)))
		return false;
	for (offset = 0; offset < level_size(level); offset += PAGE)
		if (!may(gpa + offset, entry_hpa(&pool.pt, entry) + offset, bits))
			return false;
	return true;
}

static bool link_right(u64 entry, u32 table, u32 i)
{
	const struct pt_format *format = pool.pt.format;

	return label_equals(pool_index(entry_hpa(&pool.pt, entry)), label_below(table, i)) &&
	       (entry & format->access_mask) == format->access[COVIRT_RWX];
}

static bool entry_right(u64 entry, u32 table, u32 i)
{
	unsigned int level = label[table].level;

	if (!entry)
		return true;
	if (entry_is_table(&pool.pt, entry, level))
		return link_right(entry, table, i);
	return page_right(entry, level, label[table].base + i * level_size(level));
}

static bool label_right(u32 table)
{
	u64 span = PT_NR_ENTRIES * level_size(label[table].level);

	return label[table].level <= PT_LEVELS && !(pool_hpa(table) & pool.pt.mm.c_bit) &&
	       label[table].base % span == 0;
}

static bool table_right(u32 table)
{
	u32 i;

	for (i = 0; i < PT_NR_ENTRIES; i++)
		if (!entry_right(pool.page[table].entry[i], table, i))
			return false;
	return label_right(table);
}

/* A walk that does not store leaves all as it was: that is not looked at again and again. */
static bool tables_right(void)
{
	static const struct campaign *seen_in;
	static struct page seen[POOL_PAGES];
	u32 i;

	if ((!walking || walking->dry) && seen_in == current_campaign &&
	    !memcmp(seen, pool.page, sizeof(seen)))
		return true;
	label_all();
	for (i = 0; i < POOL_PAGES; i++)
		if (label[i].level && !table_right(i))
			return false;
	memcpy(seen, pool.page, sizeof(seen));
	seen_in = current_campaign;
	return true;
}

static bool is_table(const u64 *entries)
{
	u64 at = entries - pool.page[0].entry;

	return at < POOL_PAGES * PT_NR_ENTRIES && at % PT_NR_ENTRIES == 0;
}

static u32 frame_of(const u64 *entries)
{
	return (entries - pool.page[0].entry) / PT_NR_ENTRIES;
}

/* pt.acsl: requests */

static bool pt_ok(const struct pt *pt)
{
	return pt == &pool.pt && pt->format == pool.flavour.format &&
	       pt->mm.c_bit == pool.flavour.c_bit;
}

static bool edit_ok(const struct pt_edit *edit)
{
	return edit->start % PAGE == 0 && edit->end % PAGE == 0 && edit->start < edit->end &&
	       edit->end <= COVIRT_GPA_LIMIT;
}

static bool map_ok(const struct pt_edit *edit)
{
	const struct covirt_extent *extent = edit->extent;

	return !extent_check(extent) && edit->start == extent->gpa &&
	       edit->end == extent->gpa + extent->len;
}

static bool may_map(const struct covirt_extent *extent)
{
	u64 bits = pool.pt.format->access[extent->access];
	gpa_t gpa;

	for (gpa = extent->gpa; gpa < extent->gpa + extent->len; gpa += PAGE)
		if (!may(gpa, extent_hpa(extent, gpa), bits))
			return false;
	return true;
}

/* The enclave that may have these pages may have them with this access. */
static bool may_protect(const struct pt_edit *edit)
{
	const struct campaign *campaign = current_campaign;
	u64 bits = pool.pt.format->access[edit->access];
	u32 i;
	gpa_t gpa;

	for (i = 0; i < ARRAY_SIZE(campaign->grants) && campaign->grants[i]; i++)
		for (gpa = edit->start; gpa < edit->end; gpa += PAGE)
			if (!may(gpa, grant_hpa(campaign->grants[i], gpa), bits))
				return false;
	return true;
}

static bool request_ok(const struct pt_edit *edit)
{
	const struct pt_verb *verb = edit->verb;

	if (!edit_ok(edit))
		return false;
	if (verb->entry == map_entry)
		return verb->check == check_is_hole && verb->cuts == map_cuts && map_ok(edit) &&
		       may_map(edit->extent);
	if (verb->entry == protect_entry)
		return verb->check == check_is_page && verb->cuts == protect_cuts &&
		       access_is_valid(edit->access) && may_protect(edit);
	return verb->entry == unmap_entry && verb->cuts == unmap_cuts &&
	       (verb->check == check_is_page || verb->check == check_nothing);
}

/* pt.acsl: walks */

struct part {
	const void *start;
	u64 size;
};

static bool parts_overlap(const struct part *a, const struct part *b)
{
	return a->start && b->start && a->start < b->start + b->size &&
	       b->start < a->start + a->size;
}

static bool walk_apart(const struct pt_walk *walk)
{
	const struct pt_edit *edit = walk->edit;
	const struct part parts[] = {
		{ pool.page, sizeof(pool.page) },
		{ walk, sizeof(*walk) },
		{ walk->pt, sizeof(*walk->pt) },
		{ walk->pt->format, sizeof(*walk->pt->format) },
		{ edit, sizeof(*edit) },
		{ edit->verb, sizeof(*edit->verb) },
		{ edit->extent, sizeof(*edit->extent) },
	};
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		for (j = 0; j < i; j++)
			if (parts_overlap(&parts[i], &parts[j]))
				return false;
	return true;
}

static bool walk_there(const struct pt_walk *walk)
{
	return walk->level >= 1 && walk->level <= PT_LEVELS && walk->gpa % PAGE == 0 &&
	       walk->edit->start <= walk->gpa && walk->gpa <= walk->edit->end;
}

/* The table is the one of that level which has the address. */
static bool table_open(const u64 *entries, unsigned int level, gpa_t gpa)
{
	const struct label *is = &label[frame_of(entries)];

	return is_table(entries) && is->level == level && is->base <= gpa &&
	       gpa < is->base + PT_NR_ENTRIES * level_size(level);
}

static bool chain(const struct pt_open *open, const struct pt_open *above)
{
	u32 table = frame_of(open->entries);

	return is_table(above->entries) && open->hpa == pool_hpa(table) &&
	       label_equals(table, label_below(frame_of(above->entries), label[table].at));
}

static bool open_right(const struct pt_walk *walk, unsigned int level)
{
	const struct pt_open *open = &walk->open[level];

	if (!open->entries)
		return walk->dry && level < PT_LEVELS && bounded(open->origin, level) &&
		       !entry_is_table(walk->pt, open->origin, level);
	return table_open(open->entries, level, walk->gpa) &&
	       (walk->dry || level == PT_LEVELS || chain(open, open + 1));
}

static bool on_path(const struct pt_walk *walk)
{
	unsigned int level;

	for (level = walk->level; level <= PT_LEVELS; level++)
		if (walk->gpa < walk->edit->end && !open_right(walk, level))
			return false;
	return true;
}

static void run_check(const char *checked, const char *when, const struct pt_walk *walk)
{
	contract_check(checked, when, walk_there(walk), "the walk has left the range");
	contract_check(checked, when, pt_ok(walk->pt), "these are other tables");
	contract_check(checked, when, walk_apart(walk), "the request lies in the tables");
	contract_check(checked, when, request_ok(walk->edit), "the request must not be run");
	contract_check(checked, when, tables_right(), "an entry says what was not granted");
	contract_check(checked, when, on_path(walk), "the walk is not where it says it is");
}

#define ensure_run_ok(walk)	run_check(__func__, "after", walk)

/* Walk and request before a call. */
struct before {
	struct pt_walk walk;
	struct pt_edit edit;
};

/* The same request, of the same tables. */
static bool keeps(const struct before *before, const struct pt_walk *walk)
{
	return walk->edit == before->walk.edit && walk->pt == before->walk.pt &&
	       walk->edit->verb == before->edit.verb && walk->edit->extent == before->edit.extent;
}

/* A table that a walk has come to the end of, and the one above it. */
static bool leaving(const struct pt_walk *walk)
{
	const struct pt_open *open = &walk->open[walk->level], *above = open + 1;
	u32 table = frame_of(open->entries);
	u32 at = level_index(walk->level + 1, walk->gpa - 1);

	return is_table(open->entries) && is_table(above->entries) &&
	       open->hpa == pool_hpa(table) &&
	       label_equals(table, label_below(frame_of(above->entries), at));
}

/* The functions that the proof takes for granted, and those that they call. */

static u64 checked_entry_piece(const struct pt *pt, u64 whole, unsigned int level,
			       unsigned int index)
{
	require(level >= 1 && level < PT_LEVELS && index < PT_NR_ENTRIES, "there is no such piece");
	require(bounded(whole, level + 1), "the page reaches too far");
	return (entry_piece)(pt, whole, level, index);
}

static u64 *checked_table_virt(const struct pt *pt, hpa_t table)
{
	u64 *entries = (table_virt)(pt, table);

	ensure(entries == pool.page[pool_index(table)].entry, "this is another page");
	return entries;
}

static void checked_pages_push(struct pt *pt, struct pt_pages *pages, hpa_t page)
{
	require(tables_right(), "an entry says what was not granted");
	require(!label[pool_index(page)].level, "the page is a table");
	(pages_push)(pt, pages, page);
	ensure(tables_right(), "an entry says what was not granted");
	ensure(!label[pool_index(page)].level, "the page is a table");
}

/*
 * reserve_fill() gets the tables only; the request, which it must leave alone, is that of the walk.
 */
static int checked_reserve_fill(struct pt *pt, u64 nr)
{
	const struct before before = { *walking, *walking->edit };
	int err = (reserve_fill)(pt, nr);

	ensure(pt_ok(pt), "these are other tables");
	ensure(tables_right(), "an entry says what was not granted");
	ensure(keeps(&before, walking), "the request is another");
	ensure(request_ok(walking->edit), "the request must not be run");
	return err;
}

static hpa_t checked_pages_pop(struct pt *pt, struct pt_pages *pages)
{
	hpa_t page;

	require(pages->nr, "nothing was set aside");
	page = (pages_pop)(pt, pages);
	ensure(tables_right(), "an entry says what was not granted");
	ensure(!label[pool_index(page)].level, "the page is a table");
	ensure(!(page & pt->mm.c_bit), "the page has the encryption bit in its address");
	return page;
}

static void checked_walk_start(struct pt_walk *walk, struct pt *pt, const struct pt_edit *edit,
			       bool dry)
{
	(walk_start)(walk, pt, edit, dry);
	walking = walk;
	ensure(walk->edit == edit && walk->pt == pt, "the request is another");
	ensure_run_ok(walk);
}

static struct pt_open checked_walk_new_table(struct pt_walk *walk, u64 whole, unsigned int level)
{
	require(level >= 1 && level < PT_LEVELS, "no table can be there");
	require(bounded(whole, level + 1), "the page reaches too far");
	require(tables_right(), "an entry says what was not granted");
	return (walk_new_table)(walk, whole, level);
}

static void checked_walk_descend(struct pt_walk *walk, u64 entry)
{
	const struct before before = { *walk, *walk->edit };
	const struct pt_open *above = &before.walk.open[before.walk.level];

	(walk_descend)(walk, entry);
	if (!walk->dry && walk->open[walk->level].fresh)
		opened[walk->level] = label_below(frame_of(above->entries),
						  level_index(before.walk.level, before.walk.gpa));
	ensure(keeps(&before, walk), "the request is another");
	ensure_run_ok(walk);
}

static void checked_walk_leave(struct pt_walk *walk)
{
	require(walk->level >= 1 && walk->level < PT_LEVELS, "there is no table above");
	require(walk->gpa > 0 && walk->gpa <= COVIRT_GPA_LIMIT, "the walk has left the range");
	require(tables_right(), "an entry says what was not granted");
	require(walk->dry || leaving(walk), "the walk is not where it says it is");
	(walk_leave)(walk);
	ensure(tables_right(), "an entry says what was not granted");
}

static void checked_walk_advance(struct pt_walk *walk)
{
	const struct before before = { *walk, *walk->edit };

	(walk_advance)(walk);
	ensure(keeps(&before, walk), "the request is another");
	ensure_run_ok(walk);
}

static void checked_walk_set_entry(struct pt_walk *walk, u64 new)
{
	const struct before before = { *walk, *walk->edit };

	(walk_set_entry)(walk, new);
	ensure(keeps(&before, walk), "the request is another");
	ensure(walk->gpa == before.walk.gpa, "the walk has moved");
	ensure_run_ok(walk);
}

static int checked_edit_run(struct pt *pt, const struct pt_edit *edit)
{
	int err;

	require(pt_ok(pt) && request_ok(edit), "the request must not be run");
	require(tables_right(), "an entry says what was not granted");
	err = (edit_run)(pt, edit);
	walking = NULL;
	ensure(pt_ok(pt), "these are other tables");
	ensure(tables_right(), "an entry says what was not granted");
	return err;
}
