// SPDX-License-Identifier: GPL-2.0-only
/* Multiboot 1 images: what is placed where, what is told, and what is refused with which words. */
#include <linux/module.h>

#include "selftests/kunit/loader_fixed.h"

#define HEADER		0x180		/* in the file */
#define FLAGS		(HEADER + 4)
#define MAGIC		0x1badb002

/* Fields of a header that places a flat image. */
enum {
	F_ADDR		= HEADER + 12,
	F_LOAD		= HEADER + 16,
	F_LOAD_END	= HEADER + 20,
	F_BSS_END	= HEADER + 24,
	F_ENTRY		= HEADER + 28,
};

static void put_magic(struct fixture *fx, u32 off, u32 flags)
{
	image_put(fx, off, MAGIC, 4);
	image_put(fx, off + 4, flags, 4);
	image_put(fx, off + 8, -(MAGIC + flags), 4);
}

static void make_elf_multiboot(struct fixture *fx, const struct elf_kind *kind)
{
	make_elf(fx, kind);
	put_magic(fx, HEADER, 3);
}

/* The header lies at 4 MiB, and so does what follows it in the file. */
static void make_flat(struct fixture *fx)
{
	memset(fx->image, 0, IMAGE_MAX);
	memset(fx->image + HEADER, 0x90, TEXT_LEN);
	put_magic(fx, HEADER, 0x10003);
	image_put(fx, F_ADDR, ADDR, 4);
	image_put(fx, F_LOAD, ADDR, 4);
	image_put(fx, F_LOAD_END, ADDR + TEXT_LEN, 4);
	image_put(fx, F_BSS_END, ADDR + MEM_LEN, 4);
	image_put(fx, F_ENTRY, ADDR + 0x40, 4);
	fx->request.kernel_len = HEADER + TEXT_LEN;
}

static void an_elf_file_of_either_class_goes_where_it_is_linked(struct kunit *test)
{
	static const struct elf_kind *const kinds[] = { &elf32, &elf64 };
	struct fixture *fx = test->priv;
	u32 i;

	fixture_memory(test, packed_ram);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		make_elf_multiboot(fx, kinds[i]);
		fixture_expect(test, 0, NULL);
		expect_text(test, TEXT_OFF);
		expect_entry_32(test, ADDR + 0x40);
		KUNIT_EXPECT_EQ(test, fx->entry.rax, 0x2badb002ULL);
		memset(fixture_mem(fx, ADDR, TEXT_LEN), 0, TEXT_LEN);
	}
}

static void a_flat_image_goes_where_its_header_says(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_flat(fx);
	fixture_expect(test, 0, NULL);
	expect_text(test, HEADER);
	expect_entry_32(test, ADDR + 0x40);
	KUNIT_EXPECT_EQ(test, fx->entry.rax, 0x2badb002ULL);
	/* All of the file, also what lies before the header, and no BSS. */
	image_put(fx, F_ADDR, ADDR + 0x80, 4);
	image_put(fx, F_LOAD_END, 0, 4);
	image_put(fx, F_BSS_END, 0, 4);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, ADDR, 0x80 + TEXT_LEN),
				     fx->image + HEADER - 0x80, 0x80 + TEXT_LEN), 0);
}

/* A kernel that is linked at an upper half and loaded at 4 MiB; GRUB enters either address. */
static void the_entry_may_be_virtual_or_physical(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_elf_multiboot(fx, &elf64);
	image_put(fx, elf64.ehdr + elf64.vaddr, 0xffffffff80000000ULL, 8);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, ADDR + 0x40);
	image_put(fx, 24, 0xffffffff80000050ULL, 8);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, ADDR + 0x50);
}

static void expect_line(struct kunit *test, u32 n, u64 start, u64 len, u32 type)
{
	struct fixture *fx = test->priv;
	gpa_t line = MAP + n * 24;

	KUNIT_EXPECT_EQ(test, ram_u32(fx, line), 20U);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, line + 4), start);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, line + 12), len);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, line + 20), type);
}

static void the_memory_is_told(struct kunit *test)
{
	static const struct region ram[] = { { MIB, 7 * MIB }, { GIB, 2 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_elf_multiboot(fx, &elf32);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS), 0x24dU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 4), 512U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 8), 7U * 1024);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 44), 4U * 24);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 48), (u32)MAP);
	expect_line(test, 0, 0, LOW_RAM_LEN, 1);
	expect_line(test, 1, LOW_RAM_LEN, LOW_MEMORY - LOW_RAM_LEN, 3);
	expect_line(test, 2, MIB, 7 * MIB, 1);
	expect_line(test, 3, GIB, 2 * MIB, 1);
}

static const char *told_text(struct fixture *fx, u32 field)
{
	return fixture_mem(fx, ram_u32(fx, PARAMS + field), 16);
}

static void words_and_the_initrd_are_told(struct kunit *test)
{
	struct fixture *fx = test->priv;
	gpa_t module, start;

	fixture_memory(test, packed_ram);
	make_elf_multiboot(fx, &elf32);
	fx->request.cmdline = "smptest a=b";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x123;
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_STREQ(test, told_text(fx, 16), "smptest a=b");
	KUNIT_EXPECT_STREQ(test, told_text(fx, 64), "Covirt");
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 20), 1U);
	module = ram_u32(fx, PARAMS + 24);
	start = ram_u32(fx, module);
	KUNIT_EXPECT_EQ(test, start, 8 * MIB - 0x1000);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, module + 4) - start, 0x123ULL);
	KUNIT_EXPECT_STREQ(test, (char *)fixture_mem(fx, ram_u32(fx, module + 8), 7), "initrd");
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, start, 0x123), fx->image, 0x123), 0);
	/* The EBDA, in which kernels look for the ACPI tables. */
	KUNIT_EXPECT_EQ(test, (ram_u32(fx, 0x40e) & 0xffff) << 4, (u32)RSDP);
}

static void the_initrd_lies_below_4_gib(struct kunit *test)
{
	static const struct region ram[] = { { MIB, 7 * MIB }, { 4 * GIB, 2 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_elf_multiboot(fx, &elf32);
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x123;
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ram_u32(fx, PARAMS + 24)), 8U * MIB - 0x1000);
}

static void without_memory_at_1_mib_there_is_no_upper_memory(struct kunit *test)
{
	static const struct region ram[] = { { 4 * MIB, 4 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_elf_multiboot(fx, &elf32);
	fixture_expect(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, PARAMS + 8), 0U);
}

/* The header counts only where it lies in the first 8 KiB, as a whole, at a multiple of 4. */
static void the_header_is_found_where_it_may_be(struct kunit *test)
{
	static const struct { u32 at; bool found; } places[] = {
		{ 0, true }, { 4, true }, { 8192 - 12, true }, { 8192 - 8, false }, { 6, false },
	};
	struct loader_verdict verdict;
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		memset(fx->image, 0, IMAGE_MAX);
		put_magic(fx, places[i].at, 3);
		KUNIT_EXPECT_EQ(test, loader_check(fx->image, 16384, NULL, &verdict), -ENOEXEC);
		KUNIT_EXPECT_EQ(test, !!strstr(verdict.reason, "multiboot image is no ELF file"),
				places[i].found);
	}
}

static const struct change elf_changes[] = {
	{ "nothing", FLAGS, 4, 3, 0 },
	{ "a video mode is required", FLAGS, 4, 7, -ENOEXEC, "requires a video mode" },
	{ "something unknown is required", FLAGS, 4, 0x8003, -ENOEXEC, "requires" },
	{ "something unknown is wished", FLAGS, 4, 0xfffe0003, 0 },
	{ "entry outside", 24, 4, ADDR + MEM_LEN, -ENOEXEC, "entry point is not inside" },
	{ "entry before", 24, 4, ADDR - 1, -ENOEXEC, "entry point is not inside" },
	{ "another machine", 18, 2, 40, -ENOEXEC, "not for x86" },
	{ "a file for x32", 18, 2, 62, 0 },
	{ "big endian", 5, 1, 2, -ENOEXEC, "not for x86" },
	{ "class unknown", 4, 1, 3, -ENOEXEC, "not for x86" },
	{ "segment behind the end", 52 + 4, 4, TEXT_OFF + 1, -ENOEXEC, "truncated" },
	{ "linked below 1 MiB", 52 + 12, 4, 0x8000, -EINVAL, "below 1 MiB" },
	{ "linked outside of RAM", 52 + 12, 4, 16 * MIB, -EINVAL, "use layout packed" },
	{ "linked up to the end of 4 GiB", 52 + 12, 4, 0xffffd000, -EINVAL, "use layout packed" },
	{ "linked beyond 4 GiB", 52 + 12, 4, 0xffffe000, -ENOEXEC, "beyond 4 GiB" },
};

KUNIT_ARRAY_PARAM(elf_change, elf_changes, change_desc);

static void apply_change(struct fixture *fx, const struct change *change)
{
	image_put(fx, change->off, change->val, change->size);
	if (change->off == FLAGS)
		put_magic(fx, HEADER, change->val);
}

static void an_elf_file_is_refused_with_a_reason(struct kunit *test)
{
	const struct change *change = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_elf_multiboot(fx, &elf32);
	apply_change(fx, change);
	fixture_expect(test, change->err, change->reason);
}

static const struct change flat_changes[] = {
	{ "nothing", F_ENTRY, 4, ADDR, 0 },
	{ "header before what is loaded", F_ADDR, 4, ADDR - 4, -ENOEXEC, "lies before" },
	{ "what is loaded before the file", F_LOAD, 4, ADDR - HEADER - 4, -ENOEXEC, "lies before" },
	{ "ends before it begins", F_LOAD_END, 4, ADDR - 1, -ENOEXEC, "ends before" },
	{ "ends behind the file", F_LOAD_END, 4, ADDR + TEXT_LEN + 1, -ENOEXEC, "truncated" },
	{ "BSS ends in the data", F_BSS_END, 4, ADDR + TEXT_LEN - 1, -ENOEXEC, "BSS" },
	{ "entry outside", F_ENTRY, 4, ADDR + MEM_LEN, -ENOEXEC, "entry point is not inside" },
	{ "larger than the enclave", F_BSS_END, 4, 64 * MIB, -EINVAL, "use layout packed" },
};

KUNIT_ARRAY_PARAM(flat_change, flat_changes, change_desc);

static void a_flat_image_is_refused_with_a_reason(struct kunit *test)
{
	const struct change *change = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, packed_ram);
	make_flat(fx);
	apply_change(fx, change);
	fixture_expect(test, change->err, change->reason);
}

static void a_truncated_image_is_refused_at_every_length(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 len;

	fixture_memory(test, packed_ram);
	make_flat(fx);
	for (len = 1; len < HEADER + TEXT_LEN; len++) {
		fx->request.kernel_len = len;
		fixture_expect(test, -ENOEXEC, "");
	}
	fx->request.kernel_len = HEADER + 12;
	fixture_expect(test, -ENOEXEC, "inside its multiboot header");
}

static void memory_that_is_not_accessible_is_refused(struct kunit *test)
{
	static const struct region ram[] = { { MIB, 7 * MIB, true }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_flat(fx);
	fixture_expect(test, -EFAULT, "not accessible");
}

static struct kunit_case multiboot_cases[] = {
	KUNIT_CASE(an_elf_file_of_either_class_goes_where_it_is_linked),
	KUNIT_CASE(a_flat_image_goes_where_its_header_says),
	KUNIT_CASE(the_entry_may_be_virtual_or_physical),
	KUNIT_CASE(the_memory_is_told),
	KUNIT_CASE(words_and_the_initrd_are_told),
	KUNIT_CASE(the_initrd_lies_below_4_gib),
	KUNIT_CASE(without_memory_at_1_mib_there_is_no_upper_memory),
	KUNIT_CASE(the_header_is_found_where_it_may_be),
	KUNIT_CASE_PARAM(an_elf_file_is_refused_with_a_reason, elf_change_gen_params),
	KUNIT_CASE_PARAM(a_flat_image_is_refused_with_a_reason, flat_change_gen_params),
	KUNIT_CASE(a_truncated_image_is_refused_at_every_length),
	KUNIT_CASE(memory_that_is_not_accessible_is_refused),
	{}
};

static struct kunit_suite multiboot_suite = {
	.name = "covirt-loader-multiboot",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = multiboot_cases,
};

kunit_test_suites(&multiboot_suite);

MODULE_DESCRIPTION("Covirt: multiboot loader tests");
MODULE_LICENSE("GPL");
