// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every state of small nested tables that edits can reach, breadth first. From
 * each one every edit is tried; after each store of the table builder a CPU
 * walks (pool.h), after each edit everything that pt.h promises is compared.
 */
#include "selftests/exhaustive/pool.h"

/**
 * struct state - the tables between two edits, in canonical form
 * @page:     tables from the root down, links by number in this array
 * @linked:   how many there are
 * @deferred: tables taken out
 * @owed:     a flush is owed
 */
struct state {
	struct page page[POOL_PAGES];
	u32 linked;
	u32 deferred;
	u32 owed;
};

/**
 * struct found - a state and how one gets there
 * @state: the state
 * @from:  number of the state before
 * @edit:  the last edit
 */
struct found {
	struct state state;
	u32 from;
	struct edit edit;
};

/**
 * struct campaign - which edits are tried
 * @flavour:  format of the tables
 * @grants:   what is mapped
 * @protects: accesses that pt_protect() is asked for
 * @name:     for the report
 */
struct campaign {
	struct flavour flavour;
	const struct grant *grants[3];
	u8 protects[2];
	const char *name;
};

#define MAX_STATES	BIT(20)
#define NR_BUCKETS	(4 * MAX_STATES)

static struct found *found;
static u32 nr_found;
static u32 *bucket;	/* numbers of states, plus 1 */
static u64 nr_edits;

/* The campaign, state and edit under way. */
static const struct campaign *current_campaign;
static u32 current;
static const struct edit *current_edit;

static void print_edit(const struct edit *edit)
{
	static const char * const names[] = { "flush done", "map", "unmap", "protect" };

	printf("    %s", names[edit->verb]);
	if (edit->verb != FLUSH_DONE)
		printf(" pages %u to %u", edit->first, edit->first + edit->nr - 1);
	if (edit->verb == MAP)
		printf(" to %s", edit->grant->name);
	if (edit->verb == PROTECT)
		printf(" with access %u", edit->access);
	printf("\n");
}

static void print_path(u32 number)
{
	if (!number)
		return;
	print_path(found[number].from);
	print_edit(&found[number].edit);
}

static void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("violation: ");
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n  with %s tables, after\n", pool.flavour.name);
	print_path(current);
	if (current_edit)
		print_edit(current_edit);
	exit(1);
}

/* States */

static void state_add_table(struct state *state, hpa_t table, unsigned int level)
{
	const struct page *from = &pool.page[pool_index(table)];
	struct page *to = &state->page[state->linked++];
	u32 i, blank = 0;

	for (i = 0; i < PT_NR_ENTRIES; i++) {
		u64 entry = from->entry[i];

		blank += !entry;
		to->entry[i] = entry;
		if (!entry_is_table(&pool.pt, entry, level))
			continue;
		to->entry[i] = entry - entry_hpa(&pool.pt, entry) + state->linked * PAGE;
		state_add_table(state, entry_hpa(&pool.pt, entry), level - 1);
	}
	if (blank == PT_NR_ENTRIES && table != pool.pt.root)
		complain("a table that maps nothing is still linked");
}

static struct state state_save(void)
{
	struct state state = { .deferred = pool.pt.deferred.nr, .owed = pool.pt.flush_owed };

	state_add_table(&state, pool.pt.root, PT_LEVELS);
	if (pool_nr_used() != state.linked + state.deferred || pool.pt.reserve.nr)
		complain("a table is leaked: %u in use, %u linked, %u deferred", pool_nr_used(),
			 state.linked, state.deferred);
	if (pool.pt.nr_tables != state.linked)
		complain("%llu tables are counted, %u are linked", pool.pt.nr_tables, state.linked);
	return state;
}

/* Links count from 0 in a state, from POOL_BASE in the pool; an address of memory is no link. */
static void pool_load_table(const struct state *state, u32 number, unsigned int level)
{
	u32 i;

	pool.used[number] = true;
	for (i = 0; i < PT_NR_ENTRIES; i++) {
		u64 entry = state->page[number].entry[i];

		pool.page[number].entry[i] = entry;
		if (!entry_is_table(&pool.pt, entry, level))
			continue;
		pool.page[number].entry[i] += POOL_BASE;
		pool_load_table(state, entry_hpa(&pool.pt, entry) / PAGE, level - 1);
	}
}

static void pool_load(const struct state *state)
{
	u32 i;

	memset(pool.used, 0, sizeof(pool.used));
	memset(pool.page, 0, sizeof(pool.page));
	pool_load_table(state, 0, PT_LEVELS);
	pool.pt.root = POOL_BASE;
	pool.pt.nr_tables = state->linked;
	pool.pt.flush_owed = state->owed;
	pool.pt.reserve = (struct pt_pages){};
	pool.pt.deferred = (struct pt_pages){};
	for (i = state->linked; i < state->linked + state->deferred; i++) {
		pool.used[i] = true;
		pool.page[i].entry[0] = pool.pt.deferred.top;
		pool.pt.deferred.top = pool_hpa(i);
		pool.pt.deferred.nr++;
	}
	memcpy(pool.walked, pool.used, sizeof(pool.used));
	memcpy(pool.shadow, pool.page, sizeof(pool.page));
	pool.refused = false;
}

static u64 state_hash(const struct state *state)
{
	const u64 *word = (const u64 *)state;
	u64 hash = 0;
	u32 i;

	for (i = 0; i < sizeof(*state) / sizeof(*word); i++) {
		hash = (hash ^ word[i]) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Remembers a state, if it is a new one. */
static void state_visit(const struct state *state, u32 from, const struct edit *edit)
{
	u64 at = state_hash(state) % NR_BUCKETS;

	for (; bucket[at]; at = (at + 1) % NR_BUCKETS)
		if (!memcmp(&found[bucket[at] - 1].state, state, sizeof(*state)))
			return;
	if (nr_found == MAX_STATES)
		complain("more states than there is room for");
	found[nr_found] = (struct found){ .state = *state, .from = from, .edit = *edit };
	bucket[at] = ++nr_found;
}

/* Edits */

static int edit_call(const struct edit *edit)
{
	gpa_t gpa = edit->first * PAGE;
	u64 len = edit->nr * PAGE;
	struct covirt_extent extent;

	if (edit->verb == UNMAP)
		return pt_unmap(&pool.pt, gpa, len);
	if (edit->verb == PROTECT)
		return pt_protect(&pool.pt, gpa, len, edit->access);
	extent = (struct covirt_extent){
		.gpa = gpa,
		.hpa = grant_page(edit->grant, edit->first) & ~(PAGE - 1),
		.len = len,
		.access = edit->grant->access,
		.memtype = COVIRT_MT_WB,
		.kind = edit->grant->kind,
	};
	return pt_map(&pool.pt, &extent);
}

/* Does the range end within a large page? */
static bool edit_cuts(const struct edit *edit)
{
	u32 end = edit->first + edit->nr, at[] = { edit->first, end }, i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct seen seen = see(&pool, &pool.flavour, pool.pt.root, at[i] * PAGE);

		if (seen.status == SEEN_PAGE && at[i] * PAGE % seen.size)
			return true;
	}
	return false;
}

static void check_outcome(int err, int want, bool may_refuse)
{
	struct model now;

	if (pool.refused && !may_refuse)
		complain("an unmap that cuts no large page asks for memory");
	if (err != (pool.refused ? -ENOMEM : want))
		complain("%d is returned instead of %d", err, pool.refused ? -ENOMEM : want);
	now = pool_walk();
	if (!err && memcmp(&now, &pool.after, sizeof(now)))
		complain("the edit succeeds and has not done its work");
}

static void check_flush(const struct state *before, int err)
{
	bool owes = before->owed || (!err && model_owes_flush(&pool.before, &pool.after));

	if (pool.pt.flush_owed != owes)
		complain(owes ? "no flush is owed for a change" : "a flush is owed for nothing");
}

static void try_edit(u32 from, const struct edit *edit)
{
	struct state before = found[from].state, state;
	bool may_refuse;
	int want, err;

	current_edit = edit;
	nr_edits++;
	pool_load(&before);
	pool.before = pool_walk();
	want = model_check(&pool.before, edit);
	pool.after = want ? pool.before : model_after(&pool.before, edit);
	may_refuse = edit->verb != UNMAP || edit_cuts(edit);
	err = edit_call(edit);
	pool_check_shadow();
	check_outcome(err, want, may_refuse);
	check_flush(&before, err);
	state = state_save();
	if (err && memcmp(&state, &before, sizeof(state)))
		complain("the edit fails and has changed something");
	state_visit(&state, from, edit);
}

static void try_flush(u32 from)
{
	const struct edit edit = { .verb = FLUSH_DONE };
	struct state state;

	current_edit = &edit;
	nr_edits++;
	pool_load(&found[from].state);
	pool.before = pool_walk();
	pool.after = pool.before;
	pool.may_free = true;
	pt_flush_done(&pool.pt);
	pool.may_free = false;
	pool_check_walks();
	state = state_save();
	if (state.deferred || state.owed)
		complain("the flush is done, and something is left to flush");
	state_visit(&state, from, &edit);
}

/* Nothing is left of any state; tables are unlinked before they are freed. */
static void try_destroy(u32 from)
{
	current_edit = NULL;
	pool_load(&found[from].state);
	pool.before = pool_walk();
	pool.after = (struct model){};
	pool.may_free = true;
	pt_destroy(&pool.pt);
	pool.may_free = false;
	if (pool_nr_used())
		complain("%u tables are left when all is destroyed", pool_nr_used());
}

static void try_range(const struct campaign *campaign, u32 from, u32 first, u32 nr)
{
	struct edit edit = { .first = first, .nr = nr, .verb = UNMAP };
	u32 i;

	try_edit(from, &edit);
	edit.verb = MAP;
	for (i = 0; i < ARRAY_SIZE(campaign->grants) && campaign->grants[i]; i++) {
		edit.grant = campaign->grants[i];
		try_edit(from, &edit);
	}
	edit.verb = PROTECT;
	for (i = 0; i < ARRAY_SIZE(campaign->protects) && campaign->protects[i]; i++) {
		edit.access = campaign->protects[i];
		try_edit(from, &edit);
	}
}

static void try_all(const struct campaign *campaign, u32 from)
{
	u32 first, end;

	current = from;
	for (first = WINDOW_FIRST; first < WINDOW_END; first++)
		for (end = first + 1; end <= WINDOW_END; end++)
			try_range(campaign, from, first, end - first);
	try_flush(from);
	try_destroy(from);
}

static void start(const struct campaign *campaign)
{
	const struct pt_mm mm = {
		.alloc = pool_alloc,
		.free = pool_free,
		.virt = pool_virt,
		.phys_bits = PHYS_BITS,
		.c_bit = campaign->flavour.c_bit,
	};
	const struct edit none = {};
	struct state state;

	memset(bucket, 0, NR_BUCKETS * sizeof(*bucket));
	nr_found = 0;
	nr_edits = 0;
	current_campaign = campaign;
	pool = (struct pool){ .flavour = campaign->flavour };
	if (pt_init(&pool.pt, pool.flavour.format, &mm, pool.flavour.flags))
		complain("no empty tables");
	state = state_save();
	state_visit(&state, 0, &none);
}

static void run(const struct campaign *campaign)
{
	u32 number;

	start(campaign);
	for (number = 0; number < nr_found; number++)
		try_all(campaign, number);
	printf("%s, %s: %u states, %llu edits, %llu stores\n", campaign->flavour.name,
	       campaign->name, nr_found, nr_edits, pool.stores);
}

/* Host memory. The neighbour's is skewed by a page, so no large page fits; ROM is one page. */
static const struct grant own = { "own memory", 0x10000, COVIRT_RWX, COVIRT_KIND_RAM };
static const struct grant data = { "own memory", 0x10000, COVIRT_RW, COVIRT_KIND_RAM };
static const struct grant neighbour = { "a neighbour's", 0x31000, COVIRT_RW, COVIRT_KIND_SHARED };
static const struct grant rom = { "a blank page", 0x50000, COVIRT_READ, COVIRT_KIND_BLANK };

#define NPT	"npt", &npt_format
#define EPT	"ept", &ept_format
#define C_BIT	BIT_ULL(47)

static const struct campaign campaigns[] = {
	{ { NPT, PT_1G_OK, 0 }, { &own }, { COVIRT_READ, COVIRT_RWX }, "protected" },
	{ { EPT, PT_1G_OK, 0 }, { &own }, { COVIRT_READ, COVIRT_RWX }, "protected" },
	{ { NPT, PT_1G_OK, C_BIT }, { &own, &neighbour }, {}, "two owners" },
	{ { EPT, PT_1G_OK, 0 }, { &own, &neighbour }, {}, "two owners" },
	{ { NPT, PT_1G_OK, 0 }, { &own, &rom }, {}, "with a blank page" },
	{ { EPT, PT_1G_OK, 0 }, { &own, &rom }, {}, "with a blank page" },
	{ { NPT, 0, 0 }, { &own }, { COVIRT_READ }, "no 1 GiB pages" },
	{ { EPT, 0, 0 }, { &own }, { COVIRT_READ }, "no 1 GiB pages" },
	{ { EPT, PT_1G_OK | PT_EXEC_4K, 0 }, { &data }, { COVIRT_READ | COVIRT_EXEC, COVIRT_RW },
	  "executable by 4 KiB" },
};

int main(void)
{
	u32 i;

	found = calloc(MAX_STATES, sizeof(*found));
	bucket = calloc(NR_BUCKETS, sizeof(*bucket));
	if (!found || !bucket)
		return 2;
	for (i = 0; i < ARRAY_SIZE(campaigns); i++)
		run(&campaigns[i]);
	return 0;
}
