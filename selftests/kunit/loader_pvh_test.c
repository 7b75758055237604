// SPDX-License-Identifier: GPL-2.0-only
/* PVH images: which note counts, what is told, what is refused; the order of recognition. */
#include <linux/module.h>

#include "selftests/kunit/loader_fixed.h"

#define NOTE		0x180	/* in the file; 20 bytes */
#define NOTE_DESC	(NOTE + 16)
#define MULTIBOOT	0x1c0

static void put_note(struct fixture *fx, u32 at, const char *name, u32 type, u64 desc, u32 len)
{
	image_put(fx, at, 4, 4);
	image_put(fx, at + 4, len, 4);
	image_put(fx, at + 8, type, 4);
	memcpy(fx->image + at + 12, name, 4);
	image_put(fx, at + 16, desc, len);
}

static void make_pvh(struct fixture *fx, const struct elf_kind *kind)
{
	make_elf(fx, kind);
	image_put(fx, kind->phnum, 2, 2);
	put_segment(fx, kind, 1, 4, NOTE, ADDR, 20, 20);
	put_note(fx, NOTE, "Xen", 18, ADDR + 0x80, 4);
}

static void the_note_names_the_entry(struct kunit *test)
{
	static const struct elf_kind *const kinds[] = { &elf32, &elf64 };
	struct fixture *fx = test->priv;
	u32 i;

	fixture_memory(test, packed_ram);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		make_pvh(fx, kinds[i]);
		fixture_expect(test, 0, NULL);
		expect_text(test, TEXT_OFF);
		expect_entry_32(test, ADDR + 0x80);
		KUNIT_EXPECT_EQ(test, fx->entry.rax, 0ULL);
		memset(fixture_mem(fx, ADDR, TEXT_LEN), 0, TEXT_LEN);
	}
}

/* As Linux has it: behind other notes, of eight bytes. */
static void other_notes_are_passed(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	image_put(fx, 64 + 56 + elf64.filesz, 72, 8);
	put_note(fx, NOTE, "Xen", 6, 0x11223344, 3);
	put_note(fx, NOTE + 20, "GNU", 18, 0x11223344, 4);
	put_note(fx, NOTE + 40, "Xen", 18, ADDR + 0x90, 8);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, ADDR + 0x90);
}

/* An alignment of eight moves what follows a name, and the next note. */
static void notes_may_be_aligned_to_eight_bytes(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	image_put(fx, 64 + 56 + elf64.filesz, 48, 8);
	image_put(fx, 64 + 56 + elf64.align, 8, 8);
	put_note(fx, NOTE, "GNU", 5, 0, 4);
	put_note(fx, NOTE + 24, "Xen", 18, ADDR + 0xa0, 8);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, ADDR + 0xa0);
}

static void the_enclave_is_told(struct kunit *test)
{
	struct fixture *fx = test->priv;
	gpa_t module;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	fx->request.cmdline = "a b";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x123;
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS), 0x336ec578U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 4), 1U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 8), 0U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 12), 1U);
	KUNIT_EXPECT_STREQ(test, (char *)fixture_mem(fx, ram_u64(fx, PARAMS + 24), 4), "a b");
	KUNIT_EXPECT_EQ(test, ram_u64(fx, PARAMS + 32), (u64)RSDP);
	module = ram_u64(fx, PARAMS + 16);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, module), 8 * MIB - 0x1000);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, module + 8), 0x123ULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, module + 16), 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, PARAMS + 40), (u64)MAP);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 48), 3U);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, MAP + 24), (u64)LOW_RAM_LEN);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, MAP + 24 + 16), 3U);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, MAP + 48), MIB);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, MAP + 56), 7 * MIB);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, MAP + 64), 1U);
}

static const struct change changes[] = {
	{ "nothing", NOTE_DESC, 4, ADDR, 0 },
	{ "entry outside", NOTE_DESC, 4, ADDR + MEM_LEN, -ENOEXEC, "PVH entry point" },
	{ "segment behind the end", 64 + 8, 8, TEXT_OFF + 1, -ENOEXEC, "truncated" },
	{ "linked outside of RAM", 64 + 24, 8, 16 * MIB, -ENOEXEC, "PVH entry point" },
	{ "linked beyond 4 GiB", 64 + 24, 8, 0xffffe000, -ENOEXEC, "beyond 4 GiB" },
	{ "more memory than there is", 64 + 40, 8, 64 * MIB, -EINVAL, "use layout packed" },
	{ "shared object", 16, 2, 3, 0 },
};

KUNIT_ARRAY_PARAM(change, changes, change_desc);

static void a_broken_image_is_refused_with_a_reason(struct kunit *test)
{
	const struct change *change = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	image_put(fx, change->off, change->val, change->size);
	fixture_expect(test, change->err, change->reason);
}

/* The protocol of the image, or NULL; it is the file alone that is looked at. */
static const char *recognized(struct fixture *fx)
{
	struct loader_verdict verdict;

	loader_check(fx->image, fx->request.kernel_len, NULL, &verdict);
	return verdict.protocol ? verdict.protocol : "none";
}

/* Notes that name no entry leave the image to other protocols. */
static void a_note_that_is_not_whole_does_not_count(struct kunit *test)
{
	static const struct change notes[] = {
		{ "another type", NOTE + 8, 4, 17 },
		{ "another name", NOTE + 12, 1, 'x' },
		{ "a longer name", NOTE, 4, 5 },
		{ "three bytes", NOTE + 4, 4, 3 },
		{ "more bytes than there are", NOTE + 4, 4, 8 },
		{ "enormous", NOTE + 4, 4, ~0U },
		{ "an enormous name", NOTE, 4, ~0U },
		{ "cut", 64 + 56 + 32, 8, 18 },
		{ "behind the end", 64 + 56 + 8, 8, ~0ULL },
		{ "no PT_NOTE", 64 + 56, 4, 6 },
	};
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(notes); i++) {
		make_pvh(fx, &elf64);
		KUNIT_EXPECT_STREQ(test, recognized(fx), "pvh");
		image_put(fx, notes[i].off, notes[i].val, notes[i].size);
		KUNIT_EXPECT_STREQ(test, recognized(fx), "covirt");
	}
}

/* An image that is made for several protocols boots by the first of them. */
static void the_order_of_recognition_is_the_documented_one(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_pvh(fx, &elf64);
	image_put(fx, MULTIBOOT, 0x1badb002, 4);
	image_put(fx, MULTIBOOT + 4, 3, 4);
	image_put(fx, MULTIBOOT + 8, -(0x1badb002 + 3), 4);
	KUNIT_EXPECT_STREQ(test, recognized(fx), "pvh");
	image_put(fx, NOTE + 8, 17, 4);
	KUNIT_EXPECT_STREQ(test, recognized(fx), "multiboot");
	image_put(fx, MULTIBOOT + 8, 0, 4);
	KUNIT_EXPECT_STREQ(test, recognized(fx), "covirt");
}

#define NAMES_OFF	0x400	/* of the names of sections */
#define SECTIONS_OFF	0x480	/* of their headers */

/* Linux's own protocol tells it more; PVH is there for who asks for it, with the TSC's words. */
static void a_vmlinux_boots_by_pvh_only_when_asked_to(struct kunit *test)
{
	static const char name[] = "\0.x86_cpu_dev.init";
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	image_put(fx, 40, SECTIONS_OFF, 8);
	image_put(fx, 58, 64, 2);
	image_put(fx, 60, 1, 2);
	image_put(fx, SECTIONS_OFF + 24, NAMES_OFF, 8);
	image_put(fx, SECTIONS_OFF + 32, sizeof(name), 8);
	memcpy(fx->image + NAMES_OFF, name, sizeof(name));
	fx->request.kernel_len = SECTIONS_OFF + 64;
	KUNIT_EXPECT_STRNEQ(test, recognized(fx), "pvh");
	fx->request.protocol = "pvh";
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_STREQ(test, (char *)fixture_mem(fx, 0x3000, 64),
			   "tsc=reliable tsc_early_khz=2500000");
}

/* Pieces of an identity layout, each with its line, as many as low memory has room for. */
static void a_long_memory_map_is_told(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct covirt_extent extent = {
		.len = 2 * MIB, .access = COVIRT_RWX, .memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};
	u32 i;

	fixture_memory(test, packed_ram);
	make_pvh(fx, &elf64);
	for (i = 0; i < 200; i++) {
		extent.gpa = (i + 1) * 8 * MIB + 4 * MIB;
		extent.hpa = extent.gpa + (GIB << 14);
		KUNIT_ASSERT_EQ(test, gpmap_insert(&fx->map, &extent), 0);
	}
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 48), 203U);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, MAP + 24 * 202), 200 * 8 * MIB + 4 * MIB);
}

static struct kunit_case pvh_cases[] = {
	KUNIT_CASE(the_note_names_the_entry),
	KUNIT_CASE(other_notes_are_passed),
	KUNIT_CASE(notes_may_be_aligned_to_eight_bytes),
	KUNIT_CASE(the_enclave_is_told),
	KUNIT_CASE_PARAM(a_broken_image_is_refused_with_a_reason, change_gen_params),
	KUNIT_CASE(a_note_that_is_not_whole_does_not_count),
	KUNIT_CASE(the_order_of_recognition_is_the_documented_one),
	KUNIT_CASE(a_vmlinux_boots_by_pvh_only_when_asked_to),
	KUNIT_CASE(a_long_memory_map_is_told),
	{}
};

static struct kunit_suite pvh_suite = {
	.name = "covirt-loader-pvh",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = pvh_cases,
};

kunit_test_suites(&pvh_suite);

MODULE_DESCRIPTION("Covirt: PVH loader tests");
MODULE_LICENSE("GPL");
