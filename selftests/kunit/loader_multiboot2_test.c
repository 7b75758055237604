// SPDX-License-Identifier: GPL-2.0-only
/* Multiboot 2: what a kernel finds, and what is refused with which words. */
#include <linux/module.h>

#include "selftests/kunit/loader_fixture.h"

/* The image of these tests: an ELF header, a multiboot2 header, a segment of a page. */
#define HEADER_OFF	0x200
#define TEXT_OFF	0x1000
#define IMAGE_LEN	0x1800
#define LINKED		(2 * MIB)
#define BSS_LEN		0x3000
#define ENTRY_SKIP	0x40
#define INFO		0x8000
#define LOADER_MAGIC	0x36d76289ULL

static const struct region low_ram[] = { { MIB, 7 * MIB }, { 4 * GIB, 2 * MIB }, {} };

/* --- the header --- */

/* File offset of the next tag. */
static u32 tags_end;

static void put_tag(struct fixture *fx, u16 type, u16 flags, u32 size)
{
	image_put(fx, tags_end, type, 2);
	image_put(fx, tags_end + 2, flags, 2);
	image_put(fx, tags_end + 4, size, 4);
	tags_end += ALIGN(size, 8);
}

static void begin_header(void)
{
	tags_end = HEADER_OFF + 16;
}

/* With a last tag, and a checksum that is right. */
static void end_header(struct fixture *fx)
{
	const u32 magic = 0xe85250d6;
	u32 len;

	put_tag(fx, 0, 0, 8);
	len = tags_end - HEADER_OFF;
	image_put(fx, HEADER_OFF, magic, 4);
	image_put(fx, HEADER_OFF + 4, 0, 4);
	image_put(fx, HEADER_OFF + 8, len, 4);
	image_put(fx, HEADER_OFF + 12, (u32)-(magic + len), 4);
}

static void put_address(struct fixture *fx, u32 header, u32 load, u32 load_end, u32 bss_end)
{
	u32 at = tags_end;

	put_tag(fx, 2, 0, 24);
	image_put(fx, at + 8, header, 4);
	image_put(fx, at + 12, load, 4);
	image_put(fx, at + 16, load_end, 4);
	image_put(fx, at + 20, bss_end, 4);
}

static void put_entry(struct fixture *fx, u32 entry)
{
	u32 at = tags_end;

	put_tag(fx, 3, 0, 12);
	image_put(fx, at + 8, entry, 4);
}

static void put_request(struct fixture *fx, u16 flags, u32 first, u32 second)
{
	u32 at = tags_end;

	put_tag(fx, 1, flags, 16);
	image_put(fx, at + 8, first, 4);
	image_put(fx, at + 12, second, 4);
}

/* --- the file around it --- */

/* A segment whose virtual address is not its physical one. */
static void make_elf32(struct fixture *fx)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };

	memcpy(fx->image, ident, sizeof(ident));
	image_put(fx, 16, 2, 2);
	image_put(fx, 18, 3, 2);
	image_put(fx, 24, 0xc0000000 + ENTRY_SKIP, 4);
	image_put(fx, 28, 52, 4);
	image_put(fx, 42, 32, 2);
	image_put(fx, 44, 1, 2);
	image_put(fx, 52, 1, 4);
	image_put(fx, 56, TEXT_OFF, 4);
	image_put(fx, 60, 0xc0000000, 4);
	image_put(fx, 64, LINKED, 4);
	image_put(fx, 68, 0x800, 4);
	image_put(fx, 72, BSS_LEN, 4);
	image_put(fx, 76, 5, 4);
}

static void make_elf64(struct fixture *fx, u64 paddr)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	memset(fx->image, 0, HEADER_OFF);
	memcpy(fx->image, ident, sizeof(ident));
	image_put(fx, 16, 2, 2);
	image_put(fx, 18, 62, 2);
	image_put(fx, 24, paddr + ENTRY_SKIP, 8);
	image_put(fx, 32, 64, 8);
	image_put(fx, 54, 56, 2);
	image_put(fx, 56, 1, 2);
	image_put(fx, 64, 1, 4);
	image_put(fx, 68, 5, 4);
	image_put(fx, 72, TEXT_OFF, 8);
	image_put(fx, 80, 0xffffffff80000000, 8);
	image_put(fx, 88, paddr, 8);
	image_put(fx, 96, 0x800, 8);
	image_put(fx, 104, BSS_LEN, 8);
}

static void make_image(struct kunit *test)
{
	struct fixture *fx = test->priv;

	memset(fx->image + TEXT_OFF, 0x90, IMAGE_LEN - TEXT_OFF);
	fx->request.kernel_len = IMAGE_LEN;
	begin_header();
}

static void make_good(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, low_ram);
	make_image(test);
	make_elf32(fx);
	end_header(fx);
}

/* --- what is found at entry --- */

static void expect_entry(struct kunit *test, u64 rip)
{
	const struct fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, fx->entry.mode, (u16)COVIRT_ENTRY_32);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, rip);
	KUNIT_EXPECT_EQ(test, fx->entry.rax, LOADER_MAGIC);
	KUNIT_EXPECT_EQ(test, fx->entry.rbx, (u64)INFO);
	KUNIT_EXPECT_EQ(test, fx->entry.cr3, 0ULL);
}

static void an_elf_file_goes_to_its_physical_addresses(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_good(test);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_entry(test, LINKED + ENTRY_SKIP);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + 0x7fc), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + 0x800), 0U);
	make_elf64(fx, LINKED + 0x10000);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_entry(test, LINKED + 0x10000 + ENTRY_SKIP);
}

static void the_entry_tag_is_preferred(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_good(test);
	begin_header();
	put_entry(fx, LINKED + 0x123);
	end_header(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_entry(test, LINKED + 0x123);
}

static void a_flat_image_goes_where_its_tag_says(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, low_ram);
	make_image(test);
	put_address(fx, LINKED + 0x100, LINKED, LINKED + 0x1000, LINKED + BSS_LEN);
	put_entry(fx, LINKED + 0xfff);
	end_header(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_entry(test, LINKED + 0xfff);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + 0x100), 0xe85250d6U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + 0xffc), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + 0x1000), 0U);
}

/* From its first byte, up to its last. */
static void a_flat_image_may_be_all_of_the_file(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, low_ram);
	make_image(test);
	put_address(fx, LINKED + HEADER_OFF, ~0U, 0, 0);
	put_entry(fx, LINKED);
	end_header(fx);
	fx->image[0] = 0xf4;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_entry(test, LINKED);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED), 0xf4U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, LINKED + IMAGE_LEN - 4), 0x90909090U);
}

/* The tag of that type, or NULL. Everything must lie in what the information says of itself. */
static const u8 *info_find(struct kunit *test, u32 type)
{
	struct fixture *fx = test->priv;
	u32 total = ram_u32(fx, INFO), off = 8, size;

	KUNIT_EXPECT_EQ(test, ram_u32(fx, INFO + 4), 0U);
	for (; off + 8 <= total; off += ALIGN(size, 8)) {
		size = ram_u32(fx, INFO + off + 4);
		KUNIT_ASSERT_TRUE(test, size >= 8 && off + size <= total);
		if (ram_u32(fx, INFO + off) == type)
			return fixture_mem(fx, INFO + off, size);
	}
	return NULL;
}

static u64 tag_number(const u8 *tag, u32 off, u32 len)
{
	u64 val = 0;

	memcpy(&val, tag + off, len);
	return val;
}

static void the_information_has_what_there_is(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const u8 *tag;

	make_good(test);
	fx->request.cmdline = "one two";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x1234;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);

	tag = info_find(test, 1);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 4, 4), 16ULL);
	KUNIT_EXPECT_STREQ(test, (const char *)tag + 8, "one two");
	tag = info_find(test, 2);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_STREQ(test, (const char *)tag + 8, "Covirt");
	tag = info_find(test, 3);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 8, 4), 8 * MIB - 0x2000);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 12, 4), 8 * MIB - 0x2000 + 0x1234);
	KUNIT_EXPECT_STREQ(test, (const char *)tag + 16, "initrd");
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, 8 * MIB - 0x2000, 0x1234), fx->image, 0x1234),
			0);
	tag = info_find(test, 4);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 8, 4), 512ULL);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 12, 4), 7 * KIB);
	tag = info_find(test, 15);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 4, 4), 44ULL);
	KUNIT_EXPECT_EQ(test, memcmp(tag + 8, "RSD PTR ", 8), 0);
	tag = info_find(test, 0);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_PTR_EQ(test, tag + 8, (u8 *)fixture_mem(fx, INFO, 1) + ram_u32(fx, INFO));
}

static void the_memory_map_has_all_of_it(struct kunit *test)
{
	static const u64 lines[][3] = {
		{ 0, 512 * KIB, 1 }, { 512 * KIB, 128 * KIB, 3 }, { MIB, 7 * MIB, 1 },
		{ 4 * GIB, 2 * MIB, 1 },
	};
	const u8 *tag;
	u32 i;

	make_good(test);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_NULL(test, info_find(test, 3));	/* no initrd, no module */
	tag = info_find(test, 6);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 4, 4), 16 + 24ULL * ARRAY_SIZE(lines));
	KUNIT_EXPECT_EQ(test, tag_number(tag, 8, 8), 24ULL);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		KUNIT_EXPECT_EQ(test, tag_number(tag, 16 + 24 * i, 8), lines[i][0]);
		KUNIT_EXPECT_EQ(test, tag_number(tag, 24 + 24 * i, 8), lines[i][1]);
		KUNIT_EXPECT_EQ(test, tag_number(tag, 32 + 24 * i, 8), lines[i][2]);
	}
}

static void the_initrd_lies_below_4_gib(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_good(test);
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 7 * MIB;
	fixture_expect(test, -EINVAL, "no room for the initrd");
}

/* --- tags --- */

struct tag_case {
	const char *name;
	u16 type;
	u16 flags;
	u32 size;
	const char *reason;	/* NULL: it loads */
};

static const struct tag_case tag_cases[] = {
	{ "modules by pages", 6, 0, 8 },
	{ "EFI boot services", 7, 0, 8 },
	{ "EFI i386 entry", 8, 0, 12 },
	{ "EFI amd64 entry", 9, 0, 12 },
	{ "relocatable", 10, 0, 24 },
	{ "console wanted", 4, 1, 12 },
	{ "console required", 4, 0, 12, "requires a screen, or what this loader does not know" },
	{ "screen wanted", 5, 1, 20 },
	{ "screen required", 5, 0, 20, "requires a screen" },
	{ "unknown, optional", 77, 1, 9 },
	{ "unknown, required", 77, 0, 9, "what this loader does not know" },
	{ "entry without an address", 3, 0, 8, "tag that is too short" },
	{ "address that is cut off", 2, 0, 23, "tag that is too short" },
	{ "empty request", 1, 0, 8 },
	{ "smaller than a tag", 77, 1, 7, "ends before its last tag" },
	{ "of no size", 77, 1, 0, "ends before its last tag" },
	{ "beyond the header", 77, 1, 24, "ends before its last tag" },
	{ "enormous", 77, 1, ~0U, "ends before its last tag" },
};

static void tag_desc(const struct tag_case *tc, char *desc)
{
	strscpy(desc, tc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(tag, tag_cases, tag_desc);

static void a_tag_is_granted_or_refused(struct kunit *test)
{
	const struct tag_case *tc = test->param_value;
	struct fixture *fx = test->priv;
	u32 at;

	make_good(test);
	begin_header();
	at = tags_end;
	put_tag(fx, tc->type, tc->flags, tc->reason && strstr(tc->reason, "ends") ? 8 : tc->size);
	end_header(fx);
	image_put(fx, at + 4, tc->size, 4);
	fixture_expect(test, tc->reason ? -ENOEXEC : 0, tc->reason);
}

struct request_case {
	const char *name;
	u16 flags;
	u32 first;
	u32 second;
	bool refused;
};

static const struct request_case request_cases[] = {
	{ "command line, loader", 0, 1, 2 },
	{ "modules, sizes of memory", 0, 3, 4 },
	{ "memory map, ACPI", 0, 6, 15 },
	{ "a disk", 0, 6, 5, true },
	{ "symbols", 0, 9, 6, true },
	{ "old ACPI", 0, 6, 14, true },
	{ "nothing there is", 0, 6, 99, true },
	{ "nothing there is, optional", 1, 6, 99 },
};

static void request_desc(const struct request_case *rc, char *desc)
{
	strscpy(desc, rc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, request_cases, request_desc);

static void information_is_there_or_refused(struct kunit *test)
{
	const struct request_case *rc = test->param_value;
	struct fixture *fx = test->priv;

	make_good(test);
	begin_header();
	put_request(fx, rc->flags, rc->first, rc->second);
	end_header(fx);
	fixture_expect(test, rc->refused ? -ENOEXEC : 0,
		       "requires information that there is none of");
}

/* --- what is wrong with a header, or the image --- */

static void a_header_is_found_only_where_it_may_be(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_good(test);
	fixture_expect(test, 0, NULL);
	fx->image[HEADER_OFF + 12] ^= 1;
	fixture_expect(test, -ENOEXEC, "a multiboot2 header, whose checksum is wrong");
	fx->request.protocol = "multiboot2";
	fixture_expect(test, -ENOEXEC, "not made for the protocol");
	fx->request.protocol = NULL;
	fx->image[HEADER_OFF + 12] ^= 1;
	memmove(fx->image + HEADER_OFF + 4, fx->image + HEADER_OFF, 32);
	image_put(fx, HEADER_OFF, 0, 4);
	fixture_expect(test, -ENOEXEC, "ELF file is for 32-bit i386");
	memcpy(fx->image + 32768 - 24, fx->image + HEADER_OFF + 4, 24);
	image_put(fx, HEADER_OFF + 4, 0, 4);
	fx->request.kernel_len = 32768;
	fixture_expect(test, 0, NULL);
	fx->request.kernel_len = IMAGE_MAX;
	memmove(fx->image + 32768, fx->image + 32768 - 24, 24);
	image_put(fx, 32768 - 24, 0, 4);
	fixture_expect(test, -ENOEXEC, "ELF file is for 32-bit i386");
}

/* Fields of the header, the checksum put right. */
static void put_field(struct fixture *fx, u32 off, u32 val)
{
	u32 sum = 0, old;
	u32 i;

	image_put(fx, HEADER_OFF + off, val, 4);
	for (i = 0; i < 12; i += 4) {
		memcpy(&old, fx->image + HEADER_OFF + i, 4);
		sum += old;
	}
	image_put(fx, HEADER_OFF + 12, (u32)-sum, 4);
}

static void a_broken_header_is_refused_with_a_reason(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_good(test);
	put_field(fx, 4, 4);
	fixture_expect(test, -ENOEXEC, "not for x86");
	put_field(fx, 4, 0);
	put_field(fx, 8, 15);
	fixture_expect(test, -ENOEXEC, "truncated inside its multiboot2 header");
	put_field(fx, 8, IMAGE_LEN - HEADER_OFF + 1);
	fixture_expect(test, -ENOEXEC, "truncated inside its multiboot2 header");
	put_field(fx, 8, ~0U);
	fixture_expect(test, -ENOEXEC, "truncated inside its multiboot2 header");
	put_field(fx, 8, 16);
	fixture_expect(test, -ENOEXEC, "ends before its last tag");
	put_field(fx, 8, 23);
	fixture_expect(test, -ENOEXEC, "ends before its last tag");
	put_field(fx, 8, 24);
	fixture_expect(test, 0, NULL);
}

struct flat_case {
	const char *name;
	u32 address[4];
	u32 entry;
	const char *reason;
};

static const struct flat_case flat_cases[] = {
	{ "header before the image", { LINKED - 1, LINKED, 0, 0 }, LINKED, "header lies before" },
	{ "image before the file", { LINKED + HEADER_OFF + 1, LINKED, 0, 0 }, LINKED,
	  "header lies before" },
	{ "file below address 0", { HEADER_OFF - 1, ~0U, 0, 0 }, LINKED, "begin below address 0" },
	{ "end before the beginning", { LINKED, LINKED, LINKED - 1, 0 }, LINKED, "ends before" },
	{ "longer than the file", { LINKED, LINKED, LINKED + IMAGE_LEN, 0 }, LINKED, "truncated" },
	{ "BSS ends in the data", { LINKED, LINKED, LINKED + 0x100, LINKED + 0xff }, LINKED,
	  "BSS that ends inside" },
	{ "entry behind the end", { LINKED, LINKED, LINKED + 0x100, 0 }, LINKED + 0x100,
	  "entry point is not inside" },
	{ "entry before the image", { LINKED, LINKED, LINKED + 0x100, 0 }, LINKED - 1,
	  "entry point is not inside" },
};

static void flat_desc(const struct flat_case *fc, char *desc)
{
	strscpy(desc, fc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(flat, flat_cases, flat_desc);

static void a_flat_image_that_contradicts_itself_is_refused(struct kunit *test)
{
	const struct flat_case *fc = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, low_ram);
	make_image(test);
	put_address(fx, fc->address[0], fc->address[1], fc->address[2], fc->address[3]);
	put_entry(fx, fc->entry);
	end_header(fx);
	fixture_expect(test, -ENOEXEC, fc->reason);
}

static void an_image_has_to_say_where_it_goes(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, low_ram);
	make_image(test);
	end_header(fx);
	fixture_expect(test, -ENOEXEC, "no ELF file, and its header has no address tag");
	begin_header();
	put_address(fx, LINKED, LINKED, 0, 0);
	end_header(fx);
	fixture_expect(test, -ENOEXEC, "an address tag, but no entry tag");
	begin_header();
	put_address(fx, 0xffffff00, 0xffffff00, 0, 0);
	put_entry(fx, 0xffffff00);
	end_header(fx);
	fixture_expect(test, -ENOEXEC, "beyond 4 GiB");
	make_elf64(fx, 4 * GIB);
	begin_header();
	end_header(fx);
	fixture_expect(test, -ENOEXEC, "beyond 4 GiB");
	make_elf64(fx, GIB);
	fixture_expect(test, -EINVAL, "where the enclave has no RAM");
	make_elf64(fx, 0x10000);
	fixture_expect(test, -EINVAL, "below 1 MiB");
	make_elf64(fx, LINKED);
	image_put(fx, 24, LINKED - 1, 8);
	fixture_expect(test, -ENOEXEC, "entry point is not inside");
}

/* Each extent a piece of its own: there are more than a page's worth of lines. */
static void many_pieces_are_told(struct kunit *test)
{
	struct covirt_extent piece = {
		.len = COVIRT_PAGE_SIZE,
		.access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};
	struct fixture *fx = test->priv;
	const u8 *tag;
	u32 i;

	make_good(test);
	for (i = 0; i < 240; i++) {
		piece.gpa = 5 * GIB + 2 * i * COVIRT_PAGE_SIZE;
		piece.hpa = piece.gpa;
		KUNIT_ASSERT_EQ(test, gpmap_insert(&fx->map, &piece), 0);
	}
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	tag = info_find(test, 6);
	KUNIT_ASSERT_NOT_NULL(test, tag);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 4, 4), 16 + 24ULL * 244);
	KUNIT_EXPECT_EQ(test, tag_number(tag, 16 + 24 * 243, 8), piece.gpa);
	KUNIT_EXPECT_NOT_NULL(test, info_find(test, 15));
}

static struct kunit_case loader_multiboot2_cases[] = {
	KUNIT_CASE(an_elf_file_goes_to_its_physical_addresses),
	KUNIT_CASE(the_entry_tag_is_preferred),
	KUNIT_CASE(a_flat_image_goes_where_its_tag_says),
	KUNIT_CASE(a_flat_image_may_be_all_of_the_file),
	KUNIT_CASE(the_information_has_what_there_is),
	KUNIT_CASE(the_memory_map_has_all_of_it),
	KUNIT_CASE(the_initrd_lies_below_4_gib),
	KUNIT_CASE_PARAM(a_tag_is_granted_or_refused, tag_gen_params),
	KUNIT_CASE_PARAM(information_is_there_or_refused, request_gen_params),
	KUNIT_CASE(a_header_is_found_only_where_it_may_be),
	KUNIT_CASE(a_broken_header_is_refused_with_a_reason),
	KUNIT_CASE_PARAM(a_flat_image_that_contradicts_itself_is_refused, flat_gen_params),
	KUNIT_CASE(an_image_has_to_say_where_it_goes),
	KUNIT_CASE(many_pieces_are_told),
	{}
};

static struct kunit_suite loader_multiboot2_suite = {
	.name = "covirt-loader-multiboot2",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_multiboot2_cases,
};

kunit_test_suites(&loader_multiboot2_suite);

MODULE_DESCRIPTION("Covirt: multiboot2 loader tests");
MODULE_LICENSE("GPL");
