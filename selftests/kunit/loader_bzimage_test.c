// SPDX-License-Identifier: GPL-2.0-only
/* Linux bzImages: placement, zero page, and what is refused with which words. */
#include <linux/module.h>

#include "selftests/kunit/loader_fixture.h"
#include "selftests/kunit/random.h"

/* Fields of the setup header, by offset in the file (and in the zero page). */
enum {
	SECTS		= 0x1f1,
	SYSSIZE		= 0x1f4,
	BOOT_FLAG	= 0x1fe,
	JUMP_LEN	= 0x201,
	MAGIC		= 0x202,
	VERSION		= 0x206,
	LOADER_TYPE	= 0x210,
	LOADFLAGS	= 0x211,
	CODE32		= 0x214,
	INITRD		= 0x218,
	INITRD_SIZE	= 0x21c,
	CMDLINE		= 0x228,
	INITRD_MAX	= 0x22c,
	ALIGNMENT	= 0x230,
	RELOCATABLE	= 0x234,
	XLOADFLAGS	= 0x236,
	CMDLINE_SIZE	= 0x238,
	SETUP_DATA	= 0x250,
	PREF_ADDRESS	= 0x258,
	INIT_SIZE	= 0x260,
	HEADER_END	= 0x26c,
};

/* Fields that only the zero page has. */
enum {
	RSDP		= 0x070,
	INITRD_HIGH	= 0x0c0,
	CMDLINE_HIGH	= 0x0c8,
	E820_COUNT	= 0x1e8,
	SENTINEL	= 0x1ef,
	E820_TABLE	= 0x2d0,
	E820_ENTRIES	= 128,
};

#define ZERO_AT		0x2000
#define XLF_64		1
#define XLF_ABOVE_4G	2
#define PAYLOAD_OFF	0x400	/* one setup sector */
#define PAYLOAD_LEN	0x4000
#define PARAGRAPH	16	/* what the header counts */
#define KERNEL_LEN	(PAYLOAD_OFF + PAYLOAD_LEN)
#define NEEDS		(1 * MIB)	/* init_size */
#define PREF		(16 * MIB)
#define ALIGN_2M	(2 * MIB)

static const struct region identity_ram[] = { { GIB, 8 * MIB }, {} };

static void make_bzimage(struct fixture *fx)
{
	u32 i;

	memset(fx->image, 0xcc, PAYLOAD_OFF);
	for (i = 0; i < PAYLOAD_LEN; i += 4)
		image_put(fx, PAYLOAD_OFF + i, i * 2654435761u, 4);
	image_put(fx, SECTS, 1, 1);
	image_put(fx, SYSSIZE, PAYLOAD_LEN / 16, 4);
	image_put(fx, BOOT_FLAG, 0xaa55, 2);
	image_put(fx, JUMP_LEN, HEADER_END - MAGIC, 1);
	image_put(fx, MAGIC, 0x53726448, 4);
	image_put(fx, VERSION, 0x20f, 2);
	image_put(fx, INITRD_MAX, 0x7fffffff, 4);
	image_put(fx, ALIGNMENT, ALIGN_2M, 4);
	image_put(fx, RELOCATABLE, 1, 1);
	image_put(fx, XLOADFLAGS, XLF_64 | XLF_ABOVE_4G, 2);
	image_put(fx, CMDLINE_SIZE, 2047, 4);
	image_put(fx, PREF_ADDRESS, PREF, 8);
	image_put(fx, INIT_SIZE, NEEDS, 4);
	fx->request.kernel_len = KERNEL_LEN;
}

static void expect_kernel_at(struct kunit *test, gpa_t gpa)
{
	struct fixture *fx = test->priv;
	u32 page;

	KUNIT_EXPECT_EQ(test, fx->entry.rip, gpa + 0x200);
	KUNIT_EXPECT_EQ(test, fx->entry.rsi, (u64)ZERO_AT);
	KUNIT_EXPECT_EQ(test, fx->entry.rdi, 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + CODE32), (u32)gpa);
	for (page = 0; page < PAYLOAD_LEN; page += 0x1000) {
		const void *at = fixture_mem(fx, gpa + page, 0x1000);

		KUNIT_ASSERT_TRUE(test, at);
		KUNIT_EXPECT_EQ(test, memcmp(at, fx->image + PAYLOAD_OFF + page, 0x1000), 0);
	}
}

struct place_case {
	const char *name;
	struct region ram[4];
	u64 gpa;		/* 0: refused */
	u64 pref;		/* 0: PREF */
	u16 flags;		/* 0: XLF_64 | XLF_ABOVE_4G */
	bool fixed;		/* not relocatable */
	const char *reason;
};

static const struct place_case place_cases[] = {
	{ "where it wants to be", { { MIB, 31 * MIB } }, PREF },
	{ "where it wants to be, across extents",
	  { { MIB, 15 * MIB + 0x2000 }, { PREF + 0x2000, 8 * MIB } }, PREF },
	{ "above, if there is no RAM", { { GIB, 8 * MIB } }, GIB },
	{ "above, if there is too little", { { MIB, PREF - MIB / 2 }, { GIB, 8 * MIB } }, GIB },
	{ "never below, where Linux would not stay", { { MIB, 8 * MIB }, { GIB, 8 * MIB } }, GIB },
	{ "aligned", { { GIB + 0x1000, 8 * MIB } }, GIB + ALIGN_2M },
	{ "first place that is large enough", { { GIB, MIB / 2 }, { 2 * GIB, 2 * MIB } }, 2 * GIB },
	{ "last byte counts", { { GIB, MIB } }, GIB },
	{ "above 4 GiB", { { 6 * GIB, 8 * MIB } }, 6 * GIB },
	{ "preferred address below 1 MiB is no place", { { MIB, 8 * MIB } }, ALIGN_2M, 0x1000 },
	{ "preferred address is not aligned", { { MIB, 31 * MIB } }, PREF + ALIGN_2M,
	  PREF + 0x1000 },
	{ "fixed, aligned or not", { { MIB, 31 * MIB } }, PREF + 0x1000, PREF + 0x1000,
	  .fixed = true },
	{ "fixed, where it must be", { { MIB, 31 * MIB } }, PREF, .fixed = true },
	{ "fixed, without RAM there", { { GIB, 8 * MIB } }, .fixed = true,
	  .reason = "not relocatable" },
	{ "one page too few", { { GIB, MIB - 0x1000 } }, .reason = "no room for the kernel" },
	{ "only RAM below", { { MIB, 8 * MIB } }, .reason = "no room for the kernel" },
	{ "no RAM but low memory", {}, .reason = "no room for the kernel" },
	{ "not able to run above 4 GiB", { { 6 * GIB, 8 * MIB } }, .flags = XLF_64,
	  .reason = "no room for the kernel" },
	{ "wants to be above 4 GiB but cannot", { { 6 * GIB, 8 * MIB } }, 0, 6 * GIB, XLF_64,
	  .reason = "no room for the kernel" },
	{ "preferred address wraps", { { GIB, 8 * MIB } }, 0, ~0ULL - 0xfff,
	  .reason = "no room for the kernel" },
};

static void place_desc(const struct place_case *pc, char *desc)
{
	strscpy(desc, pc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(place, place_cases, place_desc);

static void the_kernel_is_placed(struct kunit *test)
{
	const struct place_case *pc = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, pc->ram);
	make_bzimage(fx);
	if (pc->pref)
		image_put(fx, PREF_ADDRESS, pc->pref, 8);
	if (pc->flags)
		image_put(fx, XLOADFLAGS, pc->flags, 2);
	if (pc->fixed)
		image_put(fx, RELOCATABLE, 0, 1);
	fixture_expect(test, pc->gpa ? 0 : -EINVAL, pc->reason);
	if (pc->gpa && fx->entry.rip)
		expect_kernel_at(test, pc->gpa);
}

struct initrd_case {
	const char *name;
	struct region ram[3];
	u64 len;
	u64 gpa;		/* 0: refused */
	u16 flags;		/* 0: XLF_64 | XLF_ABOVE_4G */
	u32 max;		/* 0: 0x7fffffff */
};

/* The kernel takes the first NEEDS bytes of RAM in all of these. */
static const struct initrd_case initrd_cases[] = {
	{ "at the end of RAM", { { GIB, 8 * MIB } }, 0x5000, GIB + 8 * MIB - 0x5000 },
	{ "page aligned", { { GIB, 8 * MIB } }, 0x4001, GIB + 8 * MIB - 0x5000 },
	{ "in the highest run", { { GIB, 4 * MIB }, { 6 * GIB, MIB } }, 0x5000,
	  6 * GIB + MIB - 0x5000 },
	{ "in a lower run if it does not fit", { { GIB, 4 * MIB }, { 6 * GIB, 0x1000 } }, 0x5000,
	  GIB + 4 * MIB - 0x5000 },
	{ "below 4 GiB if the kernel cannot reach higher", { { GIB, 4 * MIB }, { 6 * GIB, MIB } },
	  0x5000, GIB + 4 * MIB - 0x5000, XLF_64 },
	{ "below the kernel's limit", { { GIB, 8 * MIB } }, 0x5000, GIB + 4 * MIB - 0x5000, XLF_64,
	  GIB + 4 * MIB - 1 },
	{ "all that the kernel leaves", { { GIB, NEEDS + 0x5000 } }, 0x5000, GIB + NEEDS },
	{ "a byte too many", { { GIB, NEEDS + 0x5000 } }, 0x5001 },
	{ "nothing but what the kernel needs", { { GIB, NEEDS } }, 1 },
	{ "no place below the limit", { { GIB, 8 * MIB } }, 0x5000, 0, XLF_64, GIB + NEEDS },
};

static void initrd_desc(const struct initrd_case *ic, char *desc)
{
	strscpy(desc, ic->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(initrd, initrd_cases, initrd_desc);

static void expect_initrd_at(struct kunit *test, gpa_t gpa, u64 len)
{
	struct fixture *fx = test->priv;
	const void *at = fixture_mem(fx, gpa, len);

	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + INITRD), (u32)gpa);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + INITRD_HIGH), (u32)(gpa >> 32));
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + INITRD_SIZE), (u32)len);
	KUNIT_ASSERT_TRUE(test, at);
	KUNIT_EXPECT_EQ(test, memcmp(at, fx->image + 0x100, len), 0);
}

static void the_initrd_is_placed_as_high_as_may_be(struct kunit *test)
{
	const struct initrd_case *ic = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, ic->ram);
	make_bzimage(fx);
	image_put(fx, XLOADFLAGS, ic->flags ? ic->flags : XLF_64 | XLF_ABOVE_4G, 2);
	if (ic->max)
		image_put(fx, INITRD_MAX, ic->max, 4);
	fx->request.initrd = fx->image + 0x100;
	fx->request.initrd_len = ic->len;
	fixture_expect(test, ic->gpa ? 0 : -EINVAL, "no room for the initrd");
	if (!ic->gpa || !fx->entry.rip)
		return;
	expect_kernel_at(test, GIB);
	expect_initrd_at(test, ic->gpa, ic->len);
}

static void without_an_initrd_the_zero_page_names_none(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + INITRD), 0U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + INITRD_SIZE), 0U);
}

static void the_zero_page_holds_header_and_addresses(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const u8 *page;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	memset(fixture_mem(fx, ZERO_AT, 4096), 0x99, 4096);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	page = fixture_mem(fx, ZERO_AT, 4096);

	KUNIT_EXPECT_EQ(test, memcmp(page + MAGIC, "HdrS", 4), 0);
	KUNIT_EXPECT_EQ(test, memcmp(page + INITRD_MAX, fx->image + INITRD_MAX,
				     SETUP_DATA - INITRD_MAX), 0);
	KUNIT_EXPECT_EQ(test, (int)page[HEADER_END - 1], 0xcc);
	KUNIT_EXPECT_EQ(test, (int)page[HEADER_END], 0);
	KUNIT_EXPECT_EQ(test, (int)page[SENTINEL], 0);
	KUNIT_EXPECT_EQ(test, (int)page[0], 0);
	KUNIT_EXPECT_EQ(test, (int)page[LOADER_TYPE], 0xff);
	KUNIT_EXPECT_EQ(test, (int)page[LOADFLAGS], 1);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + CMDLINE), 0x3000U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + CMDLINE_HIGH), 0U);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, ram_u64(fx, ZERO_AT + RSDP), 8), "RSD PTR ",
				     8), 0);
}

/* The zero page's own fields go on at 0x290, however long a header is. */
static void a_long_header_is_cut_off(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	image_put(fx, JUMP_LEN, 0xff, 1);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + 0x28c), 0xccccccccU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_AT + 0x290), 0U);
}

static void the_rng_seed_is_the_only_setup_data(struct kunit *test)
{
	struct fixture *fx = test->priv;
	gpa_t seed;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	seed = ram_u64(fx, ZERO_AT + SETUP_DATA);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, seed), 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, seed + 8), 9U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, seed + 12), 32U);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, seed + 16, 32), fx->request.rng_seed, 32), 0);
}

static void expect_e820(struct kunit *test, u32 n, u64 start, u64 len, u32 type)
{
	struct fixture *fx = test->priv;
	gpa_t at = ZERO_AT + E820_TABLE + 20 * n;

	KUNIT_EXPECT_EQ_MSG(test, ram_u64(fx, at), start, "entry %u", n);
	KUNIT_EXPECT_EQ_MSG(test, ram_u64(fx, at + 8), len, "entry %u", n);
	KUNIT_EXPECT_EQ_MSG(test, ram_u32(fx, at + 16), type, "entry %u", n);
}

static void the_memory_map_shows_the_enclave_only(struct kunit *test)
{
	static const struct region ram[] = { { MIB, MIB }, { 2 * MIB, 2 * MIB }, { GIB, 4 * MIB },
					     { 5 * GIB, 2 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_bzimage(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_ASSERT_EQ(test, *(u8 *)fixture_mem(fx, ZERO_AT + E820_COUNT, 1), (u8)5);
	expect_e820(test, 0, 0, 0x80000, 1);
	expect_e820(test, 1, 0x80000, 0x20000, 3);
	expect_e820(test, 2, MIB, 3 * MIB, 1);
	expect_e820(test, 3, GIB, 4 * MIB, 1);
	expect_e820(test, 4, 5 * GIB, 2 * MIB, 1);
	expect_e820(test, 5, 0, 0, 0);
}

static const struct covirt_extent page_of_ram = {
	.gpa = 2 * GIB,
	.hpa = GIB,
	.len = 0x1000,
	.access = COVIRT_RWX,
	.memtype = COVIRT_MT_WB,
	.kind = COVIRT_KIND_RAM,
};

/* Fill the map with single pages, so that every extent is a run of its own. */
static void fill_map(struct kunit *test, struct fixture *fx, u32 nr)
{
	struct covirt_extent page = page_of_ram;

	page.gpa += fx->map.nr * 0x2000ULL;
	for (; fx->map.nr < nr; page.gpa += 0x2000)
		KUNIT_ASSERT_EQ(test, gpmap_insert(&fx->map, &page), 0);
}

static void the_largest_map_of_a_layout_fits_the_memory_map(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	fill_map(test, fx, E820_ENTRIES);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, *(u8 *)fixture_mem(fx, ZERO_AT + E820_COUNT, 1),
			(u8)E820_ENTRIES);
}

#define MORE_AT		0x7f000	/* 72 entries and their head take a page */
#define MORE		72

/* The boot protocol's SETUP_E820_EXT, behind the seed in the list. */
static void what_does_not_fit_the_zero_page_is_told_behind_it(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	fill_map(test, fx, E820_ENTRIES + MORE);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, *(u8 *)fixture_mem(fx, ZERO_AT + E820_COUNT, 1), (u8)E820_ENTRIES);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, ram_u64(fx, ZERO_AT + SETUP_DATA)), (u64)MORE_AT);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, MORE_AT), 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, MORE_AT + 8), 1U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, MORE_AT + 12), 20U * MORE);
	for (i = 0; i < MORE; i++) {
		u64 at = MORE_AT + 16 + 20 * i;

		KUNIT_ASSERT_EQ(test, ram_u64(fx, at),
				fx->map.extent[E820_ENTRIES + i].gpa);
		KUNIT_ASSERT_EQ(test, ram_u64(fx, at + 8), 0x1000ULL);
		KUNIT_ASSERT_EQ(test, ram_u32(fx, at + 16), 1U);
	}
}

static void a_map_in_too_many_pieces_is_refused(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 nr = E820_ENTRIES + 3072 + 1;
	struct covirt_extent *room = vzalloc(nr * sizeof(*room));

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, room);
	gpmap_init(&fx->map, room, nr);
	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	fill_map(test, fx, nr - 1);
	fixture_expect(test, 0, NULL);
	fill_map(test, fx, nr);
	fixture_expect(test, -EINVAL, "use layout packed");
	vfree(room);
}

static void zero_setup_sectors_mean_four(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	memmove(fx->image + 0xa00, fx->image + PAYLOAD_OFF, PAYLOAD_LEN);
	image_put(fx, SECTS, 0, 1);
	fx->request.kernel_len = 0xa00 + PAYLOAD_LEN;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, GIB, PAYLOAD_LEN), fx->image + 0xa00,
				     PAYLOAD_LEN), 0);
}

/* A signature may follow the kernel. */
static void bytes_behind_the_kernel_are_not_loaded(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	memset(fx->image + KERNEL_LEN, 0xee, 0x100);
	fx->request.kernel_len = KERNEL_LEN + 0x100;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, GIB + PAYLOAD_LEN), 0U);
}

struct mutation {
	const char *name;
	u32 off;
	u32 size;
	u64 val;
	int err;
	const char *reason;
};

static const struct mutation mutations[] = {
	{ "no magic", MAGIC, 4, 0, -ENOEXEC, "neither an ELF64 file nor a Linux bzImage" },
	{ "no boot flag", BOOT_FLAG, 2, 0, -ENOEXEC, "boot flag" },
	{ "protocol 2.11", VERSION, 2, 0x20b, -ENOEXEC, "older than boot protocol 2.12" },
	{ "protocol 2.12", VERSION, 2, 0x20c, 0, NULL },
	{ "32-bit kernel", XLOADFLAGS, 2, 0, -ENOEXEC, "32-bit" },
	{ "header too short", JUMP_LEN, 1, 0x264 - MAGIC - 1, -ENOEXEC, "impossible length" },
	{ "header as short as may be", JUMP_LEN, 1, 0x264 - MAGIC, 0, NULL },
	{ "header as long as may be", JUMP_LEN, 1, 0xff, 0, NULL },
	{ "more setup sectors than file", SECTS, 1, 0xff, -ENOEXEC, "truncated" },
	{ "larger than the file", SYSSIZE, 4, PAYLOAD_LEN / 16 + 1, -ENOEXEC, "truncated" },
	{ "enormous", SYSSIZE, 4, 0xffffffff, -ENOEXEC, "truncated" },
	{ "empty", SYSSIZE, 4, 0, -ENOEXEC, "holds no kernel" },
	{ "ends before its entry", SYSSIZE, 4, 0x20, -ENOEXEC, "holds no kernel" },
	{ "init_size below its own size", INIT_SIZE, 4, PAYLOAD_LEN - 1, -ENOEXEC,
	  "broken header" },
	{ "init_size of its own size", INIT_SIZE, 4, PAYLOAD_LEN, 0, NULL },
	{ "init_size above RAM", INIT_SIZE, 4, 0xffffffff, -EINVAL, "no room" },
	{ "alignment 0", ALIGNMENT, 4, 0, -ENOEXEC, "alignment" },
	{ "alignment below a page", ALIGNMENT, 4, 0x800, -ENOEXEC, "alignment" },
	{ "alignment no power of two", ALIGNMENT, 4, 0x300000, -ENOEXEC, "alignment" },
	{ "alignment 2 GiB", ALIGNMENT, 4, 0x80000000, -EINVAL, "no room" },
	{ "command line of no length", CMDLINE_SIZE, 4, 0, -EINVAL, "command line" },
};

static void mutation_desc(const struct mutation *mutation, char *desc)
{
	strscpy(desc, mutation->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mutation, mutations, mutation_desc);

static void a_broken_image_is_refused_with_a_reason(struct kunit *test)
{
	const struct mutation *mutation = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	image_put(fx, mutation->off, mutation->val, mutation->size);
	fixture_expect(test, mutation->err, mutation->reason);
}

static void a_truncated_image_is_refused_at_every_length(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 len;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	for (len = 0; len <= KERNEL_LEN - PARAGRAPH; len += len < PAYLOAD_OFF ? 1 : 97) {
		fx->request.kernel_len = len;
		KUNIT_ASSERT_EQ_MSG(test, fixture_load(test), -ENOEXEC, "length %u", len);
	}
}

/* The header counts paragraphs: the file may end within the last one, not before it. */
static void the_last_paragraph_may_be_cut(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 cut;

	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	for (cut = 1; cut < PARAGRAPH; cut++) {
		fx->request.kernel_len = KERNEL_LEN - cut;
		KUNIT_ASSERT_EQ_MSG(test, fixture_load(test), 0, "%u bytes cut off", cut);
		KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, GIB, PAYLOAD_LEN),
					     fx->image + PAYLOAD_OFF, PAYLOAD_LEN - cut), 0);
	}
	fx->request.kernel_len = KERNEL_LEN - cut;
	fixture_expect(test, -ENOEXEC, "truncated");
}

static void the_check_needs_the_file_only(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct loader_verdict verdict;

	make_bzimage(fx);
	KUNIT_EXPECT_EQ(test, loader_check(fx->image, KERNEL_LEN, NULL, &verdict), 0);
	KUNIT_EXPECT_EQ(test, verdict.need, NEEDS);
	KUNIT_EXPECT_STREQ(test, verdict.protocol, "linux");
	KUNIT_EXPECT_NULL(test, verdict.reason);
	KUNIT_EXPECT_EQ(test, loader_check(fx->image, KERNEL_LEN / 2, NULL, &verdict), -ENOEXEC);
	KUNIT_EXPECT_EQ(test, verdict.need, 0ULL);
	KUNIT_EXPECT_NULL(test, verdict.protocol);
	KUNIT_EXPECT_NOT_NULL(test, verdict.reason);
	KUNIT_EXPECT_EQ(test, loader_check(fx->image, KERNEL_LEN, "covirt", &verdict), -ENOEXEC);
	KUNIT_EXPECT_NOT_NULL(test, verdict.reason);
}

/* The longest command line that a user may write, with the longest of what is put in front. */
static void the_limit_as_told_holds(struct kunit *test)
{
	struct fixture *fx = test->priv;
	char *text = kunit_kzalloc(test, LOADER_CMDLINE_USER + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	memset(text, 'x', LOADER_CMDLINE_USER);
	fixture_memory(test, identity_ram);
	make_bzimage(fx);
	fx->request.cmdline = text;
	fx->request.tsc_khz = ~0ULL;
	fixture_expect(test, 0, NULL);
}

/* Nothing outside of the enclave's RAM is written, whatever the header says. */
static void flipped_bytes_never_reach_outside_of_ram(struct kunit *test)
{
	struct test_random random = { .state = 2 };
	struct fixture *fx = test->priv;
	u32 round, flips, at;

	fixture_memory(test, identity_ram);
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x1234;
	for (round = 0; round < 4000; round++) {
		make_bzimage(fx);
		for (flips = 1 + test_random_below(&random, 3); flips; flips--) {
			at = SECTS + test_random_below(&random, HEADER_END - SECTS);
			fx->image[at] ^= 1 + test_random_below(&random, 255);
		}
		fixture_load(test);
	}
}

static struct kunit_case loader_bzimage_cases[] = {
	KUNIT_CASE_PARAM(the_kernel_is_placed, place_gen_params),
	KUNIT_CASE_PARAM(the_initrd_is_placed_as_high_as_may_be, initrd_gen_params),
	KUNIT_CASE(without_an_initrd_the_zero_page_names_none),
	KUNIT_CASE(the_zero_page_holds_header_and_addresses),
	KUNIT_CASE(a_long_header_is_cut_off),
	KUNIT_CASE(the_rng_seed_is_the_only_setup_data),
	KUNIT_CASE(the_memory_map_shows_the_enclave_only),
	KUNIT_CASE(the_largest_map_of_a_layout_fits_the_memory_map),
	KUNIT_CASE(what_does_not_fit_the_zero_page_is_told_behind_it),
	KUNIT_CASE(a_map_in_too_many_pieces_is_refused),
	KUNIT_CASE(zero_setup_sectors_mean_four),
	KUNIT_CASE(bytes_behind_the_kernel_are_not_loaded),
	KUNIT_CASE_PARAM(a_broken_image_is_refused_with_a_reason, mutation_gen_params),
	KUNIT_CASE(a_truncated_image_is_refused_at_every_length),
	KUNIT_CASE(the_last_paragraph_may_be_cut),
	KUNIT_CASE(the_check_needs_the_file_only),
	KUNIT_CASE(the_limit_as_told_holds),
	KUNIT_CASE(flipped_bytes_never_reach_outside_of_ram),
	{}
};

static struct kunit_suite loader_bzimage_suite = {
	.name = "covirt-loader-bzimage",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_bzimage_cases,
};

kunit_test_suites(&loader_bzimage_suite);

MODULE_DESCRIPTION("Covirt: bzImage loader tests");
MODULE_LICENSE("GPL");
