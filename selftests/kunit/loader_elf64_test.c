// SPDX-License-Identifier: GPL-2.0-only
/* Plain ELF64 images: what is placed where, and what is refused with which words. */
#include <linux/module.h>

#include "include/uapi/linux/covirt.h"
#include "selftests/kunit/loader_fixture.h"
#include "selftests/kunit/random.h"

/* The image of these tests: header, four program headers, then one page per segment. */
#define PHDR(n)		(64 + 56 * (n))
#define TEXT_OFF	0x1000
#define DATA_OFF	0x2000
#define DYN_OFF		0x2100
#define RELA_OFF	0x2400
#define IMAGE_LEN	0x3000
#define BASE		(1 * GIB)
#define BSS_LEN		0x3000
#define ENTRY_SKIP	0x40

/* Fields of a program header. */
enum {
	P_TYPE		= 0,
	P_FLAGS		= 4,
	P_OFFSET	= 8,
	P_VADDR		= 16,
	P_PADDR		= 24,
	P_FILESZ	= 32,
	P_MEMSZ		= 40,
	P_ALIGN		= 48,
};

static const struct region plain_ram[] = { { BASE, 4 * MIB }, {} };

static void put_phdr(struct fixture *fx, u32 n, u32 type, u32 flags, u64 offset, u64 addr,
		     u64 filesz, u64 memsz)
{
	image_put(fx, PHDR(n) + P_TYPE, type, 4);
	image_put(fx, PHDR(n) + P_FLAGS, flags, 4);
	image_put(fx, PHDR(n) + P_OFFSET, offset, 8);
	image_put(fx, PHDR(n) + P_VADDR, addr, 8);
	image_put(fx, PHDR(n) + P_PADDR, addr, 8);
	image_put(fx, PHDR(n) + P_FILESZ, filesz, 8);
	image_put(fx, PHDR(n) + P_MEMSZ, memsz, 8);
	image_put(fx, PHDR(n) + P_ALIGN, 0x1000, 8);
}

static void put_header(struct fixture *fx, u16 type, u64 entry, u16 phnum)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	memcpy(fx->image, ident, sizeof(ident));
	image_put(fx, 16, type, 2);
	image_put(fx, 18, 62, 2);
	image_put(fx, 24, entry, 8);
	image_put(fx, 32, 64, 8);
	image_put(fx, 54, 56, 2);
	image_put(fx, 56, phnum, 2);
	memset(fx->image + TEXT_OFF, 0x90, 0x1000);
	memset(fx->image + DATA_OFF, 0xdd, 0x100);
	fx->request.kernel_len = IMAGE_LEN;
}

/* Two segments at 1 MiB and 1 MiB + 64 KiB behind @base. */
static void make_exec(struct fixture *fx, u64 base)
{
	put_phdr(fx, 0, 1, 5, TEXT_OFF, base + MIB, 0x1000, 0x1000);
	put_phdr(fx, 1, 1, 6, DATA_OFF, base + MIB + 0x10000, 0x100, BSS_LEN);
	put_header(fx, 2, base + MIB + ENTRY_SKIP, 2);
}

static void put_dyn(struct fixture *fx, u32 n, u64 tag, u64 val)
{
	image_put(fx, DYN_OFF + 16 * n, tag, 8);
	image_put(fx, DYN_OFF + 16 * n + 8, val, 8);
}

static void put_rela(struct fixture *fx, u32 n, u64 target, u64 info, u64 addend)
{
	image_put(fx, RELA_OFF + 24 * n, target, 8);
	image_put(fx, RELA_OFF + 24 * n + 8, info, 8);
	image_put(fx, RELA_OFF + 24 * n + 16, addend, 8);
}

/* Linked at 0x3000 with its data at 0x5000: two relocations, in file part and bss. */
static void make_pie(struct fixture *fx)
{
	put_phdr(fx, 0, 1, 5, TEXT_OFF, 0x3000, 0x1000, 0x1000);
	put_phdr(fx, 1, 1, 6, DATA_OFF, 0x5000, 0x1000, 0x1000 + BSS_LEN);
	put_phdr(fx, 2, 2, 6, DYN_OFF, 0x5100, 64, 64);
	put_header(fx, 3, 0x3000 + ENTRY_SKIP, 3);
	put_dyn(fx, 0, 7, 0x5000 + RELA_OFF - DATA_OFF);
	put_dyn(fx, 1, 8, 48);
	put_dyn(fx, 2, 9, 24);
	put_dyn(fx, 3, 0, 0);
	put_rela(fx, 0, 0x5008, 8, 0x3010);
	put_rela(fx, 1, 0x6ff0, 8, 0x5000);
}

static void an_executable_goes_where_it_is_linked(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, plain_ram);
	make_exec(fx, BASE);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, BASE + MIB, 0x1000), fx->image + TEXT_OFF,
				     0x1000), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + MIB + 0x100fc), 0xddddddddU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + MIB + 0x10100), 0U);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, BASE + MIB + ENTRY_SKIP);
}

static void the_entry_state_is_the_documented_one(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const struct covirt_entry *entry = &fx->entry;

	fixture_memory(test, plain_ram);
	make_exec(fx, BASE);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, entry->rdi, 0x2000ULL);
	KUNIT_EXPECT_EQ(test, entry->rsi, 0ULL);
	KUNIT_EXPECT_EQ(test, entry->rsp, 0x8000ULL);
	KUNIT_EXPECT_EQ(test, entry->cr3, 0x8000ULL);
	KUNIT_EXPECT_EQ(test, (int)entry->cs, 0x10);
	KUNIT_EXPECT_EQ(test, (int)entry->ds, 0x18);
	KUNIT_EXPECT_EQ(test, (int)entry->gdt_limit, 31);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, entry->gdt_base), 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, entry->gdt_base + 0x10), 0x00af9b000000ffffULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, entry->gdt_base + 0x18), 0x00cf93000000ffffULL);
}

static void boot_information_describes_the_enclave(struct kunit *test)
{
	static const struct region ram[] = { { BASE, 2 * MIB }, { BASE + 2 * MIB, 2 * MIB },
					     { 4 * GIB, 2 * MIB }, {} };
	const struct covirt_bootinfo *info;
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_exec(fx, BASE);
	fx->request.cmdline = "hello world";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x1234;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);

	info = fixture_mem(fx, 0x2000, sizeof(*info));
	KUNIT_EXPECT_EQ(test, info->magic, COVIRT_BOOTINFO_MAGIC);
	KUNIT_EXPECT_EQ(test, info->version, (u32)COVIRT_BOOTINFO_VERSION);
	KUNIT_EXPECT_EQ(test, (u64)info->size, (u64)sizeof(*info));
	KUNIT_EXPECT_EQ(test, info->tsc_khz, 2500000ULL);
	KUNIT_EXPECT_EQ(test, info->nr_cpus, 1U);
	KUNIT_EXPECT_EQ(test, info->apicid, 3U);
	KUNIT_EXPECT_EQ(test, info->image, BASE + MIB);
	KUNIT_EXPECT_EQ(test, info->image_len, 0x10000ULL + BSS_LEN);
	KUNIT_EXPECT_EQ(test, info->rng_seed[31], (u8)0x77);
	KUNIT_EXPECT_EQ(test, strcmp(fixture_mem(fx, info->cmdline, 16), "hello world"), 0);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, info->rsdp, 8), "RSD PTR ", 8), 0);
	KUNIT_EXPECT_EQ(test, info->initrd, 4 * GIB + 2 * MIB - 0x2000);
	KUNIT_EXPECT_EQ(test, info->initrd_len, 0x1234ULL);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, info->initrd, 0x1234), fx->image, 0x1234), 0);

	KUNIT_ASSERT_EQ(test, info->nr_ranges, 3U);
	KUNIT_EXPECT_EQ(test, info->range[0].len, LOW_MEMORY);
	KUNIT_EXPECT_EQ(test, info->range[1].gpa, BASE);
	KUNIT_EXPECT_EQ(test, info->range[1].len, 4 * MIB);
	KUNIT_EXPECT_EQ(test, info->range[2].gpa, 4 * GIB);
}

struct pie_case {
	const char *name;
	struct region ram[3];
	u64 start;	/* the 2 MiB boundary at which the image's page 0 would be */
};

static const struct pie_case pie_cases[] = {
	{ "one run", { { BASE, 4 * MIB } }, BASE },
	{ "the larger run", { { BASE, 2 * MIB }, { 3 * GIB, 4 * MIB } }, 3 * GIB },
	{ "the first of equal runs", { { BASE, 2 * MIB }, { 3 * GIB, 2 * MIB } }, BASE },
	{ "runs that continue each other count as one",
	  { { BASE, 2 * MIB }, { BASE + 2 * MIB, 2 * MIB } }, BASE },
	{ "packed: RAM from 1 MiB on", { { MIB, 7 * MIB } }, 2 * MIB },
	{ "start rounded up to 2 MiB", { { BASE + 0x1000, 4 * MIB } }, BASE + 2 * MIB },
};

static void pie_desc(const struct pie_case *pc, char *desc)
{
	strscpy(desc, pc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pie, pie_cases, pie_desc);

static void a_pie_goes_to_the_largest_run_and_is_relocated(struct kunit *test)
{
	const struct pie_case *pc = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, pc->ram);
	make_pie(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, pc->start + 0x3000 + ENTRY_SKIP);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, pc->start + 0x3000), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, pc->start + 0x5000), 0xddddddddU);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, pc->start + 0x5008), pc->start + 0x3010);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, pc->start + 0x6ff0), pc->start + 0x5000);
}

static void a_pie_needs_room_behind_a_2_mib_boundary(struct kunit *test)
{
	static const struct region ram[] = { { BASE + 0x1000, MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_pie(fx);
	fixture_expect(test, -EINVAL, "does not fit");
}

static void a_pie_without_relocations_loads(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, plain_ram);
	make_pie(fx);
	image_put(fx, 56, 2, 2);
	fixture_expect(test, 0, NULL);
}

static void a_segment_may_cross_extents(struct kunit *test)
{
	static const struct region ram[] = { { BASE, 2 * MIB }, { BASE + 2 * MIB, 2 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_exec(fx, BASE + MIB - 0x800);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + 2 * MIB - 0x800), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + 2 * MIB - 4), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + 2 * MIB + 0x7fc), 0x90909090U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, BASE + 2 * MIB + 0x800), 0U);
}

/* Cases: a field of a good image is changed, and the loader has to say what is wrong. */
struct mutation {
	const char *name;
	bool pie;
	u32 off;
	u32 size;
	u64 val;
	int err;
	const char *reason;
};

#define HUGE	0xfffffffffffff000ULL

static const struct mutation mutations[] = {
	{ "class 32 of no known machine", 0, 4, 1, 1, -ENOEXEC, "not for x86-64" },
	{ "big endian", 0, 5, 1, 2, -ENOEXEC, "not for x86-64" },
	{ "machine i386", 0, 18, 2, 3, -ENOEXEC, "not for x86-64" },
	{ "machine ARM", 0, 18, 2, 183, -ENOEXEC, "not for x86-64" },
	{ "relocatable object", 0, 16, 2, 1, -ENOEXEC, "neither an executable" },
	{ "core file", 0, 16, 2, 4, -ENOEXEC, "neither an executable" },
	{ "program header size", 0, 54, 2, 32, -ENOEXEC, "wrong size" },
	{ "program headers behind the end", 0, 32, 8, IMAGE_LEN - 8, -ENOEXEC, "program headers" },
	{ "program header offset wraps", 0, 32, 8, HUGE, -ENOEXEC, "program headers" },
	{ "too many program headers", 0, 56, 2, 0xffff, -ENOEXEC, "program headers" },
	{ "no program headers", 0, 56, 2, 0, -ENOEXEC, "no loadable" },
	{ "entry outside", 0, 24, 8, BASE, -ENOEXEC, "entry point" },
	{ "entry in data", 0, 24, 8, BASE + MIB + 0x10000, -ENOEXEC, "entry point" },
	{ "entry at the end", 0, 24, 8, BASE + MIB + 0x1000, -ENOEXEC, "entry point" },
	{ "file size above memory size", 0, PHDR(0) + P_MEMSZ, 8, 0xfff, -ENOEXEC, "larger" },
	{ "offset behind the end", 0, PHDR(0) + P_OFFSET, 8, IMAGE_LEN, -ENOEXEC, "truncated" },
	{ "offset wraps", 0, PHDR(0) + P_OFFSET, 8, HUGE, -ENOEXEC, "truncated" },
	{ "virtual address wraps", 0, PHDR(1) + P_VADDR, 8, HUGE, -ENOEXEC, "wraps" },
	{ "physical address wraps", 0, PHDR(1) + P_PADDR, 8, HUGE, -ENOEXEC, "wraps" },
	{ "memory size wraps", 0, PHDR(1) + P_MEMSZ, 8, ~0ULL, -ENOEXEC, "wraps" },
	{ "segments overlap", 0, PHDR(1) + P_PADDR, 8, BASE + MIB + 0xfff, -ENOEXEC, "overlap" },
	{ "segment contains the other", 0, PHDR(1) + P_PADDR, 8, BASE + MIB - 0x1000, -ENOEXEC,
	  "overlap" },
	{ "dynamic linker wanted", 0, PHDR(1) + P_TYPE, 4, 3, -ENOEXEC, "dynamic linker" },
	{ "linked below 1 MiB", 0, PHDR(0) + P_PADDR, 8, 0x10000, -EINVAL, "below 1 MiB" },
	{ "linked at 0", 0, PHDR(0) + P_PADDR, 8, 0, -EINVAL, "below 1 MiB" },
	{ "linked outside of RAM", 0, PHDR(1) + P_PADDR, 8, 2 * BASE, -EINVAL, "no RAM" },
	{ "bss reaches outside of RAM", 0, PHDR(1) + P_MEMSZ, 8, 3 * MIB, -EINVAL, "no RAM" },
	{ "PIE too large", 1, PHDR(1) + P_MEMSZ, 8, 4 * MIB, -EINVAL, "does not fit" },
	{ "PIE enormous", 1, PHDR(1) + P_MEMSZ, 8, 1ULL << 62, -EINVAL, "does not fit" },
	{ "PIE alignment", 1, PHDR(0) + P_ALIGN, 8, 4 * MIB, -ENOEXEC, "alignment" },
	{ "dynamic section behind the end", 1, PHDR(2) + P_OFFSET, 8, IMAGE_LEN - 1, -ENOEXEC,
	  "dynamic section" },
	{ "dynamic section length wraps", 1, PHDR(2) + P_FILESZ, 8, ~0ULL, -ENOEXEC,
	  "dynamic section" },
	{ "shared library", 1, DYN_OFF + 48, 8, 1, -ENOEXEC, "shared libraries" },
	{ "relocation size", 1, DYN_OFF + 40, 8, 16, -ENOEXEC, "wrong size" },
	{ "relocation table length", 1, DYN_OFF + 24, 8, 47, -ENOEXEC, "broken length" },
	{ "relocation table outside", 1, DYN_OFF + 8, 8, 0x9000, -ENOEXEC, "outside" },
	{ "relocation table in bss", 1, DYN_OFF + 8, 8, 0x6100, -ENOEXEC, "outside" },
	{ "relocation table reaches into bss", 1, DYN_OFF + 24, 8, 24 * 0x90, -ENOEXEC, "outside" },
	{ "relocation table too long", 1, DYN_OFF + 24, 8, 24 * 0x1000, -ENOEXEC, "outside" },
	{ "relocation table length wraps", 1, DYN_OFF + 24, 8, ~0ULL - 15, -ENOEXEC, "outside" },
	{ "relocation against a symbol", 1, RELA_OFF + 8, 8, 1ULL << 32 | 1, -ENOEXEC, "symbols" },
	{ "relocation target outside", 1, RELA_OFF, 8, 0x4000, -ENOEXEC, "points outside" },
	{ "relocation target straddles the end", 1, RELA_OFF, 8, 0x6000 + BSS_LEN - 4, -ENOEXEC,
	  "points outside" },
	{ "relocation target wraps", 1, RELA_OFF, 8, ~0ULL - 3, -ENOEXEC, "points outside" },
	{ "empty relocation", 1, RELA_OFF + 8, 8, 0, 0, NULL },
	{ "unknown program header", 0, PHDR(1) + P_TYPE, 4, 0x6474e551, 0, NULL },
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

	fixture_memory(test, plain_ram);
	if (mutation->pie)
		make_pie(fx);
	else
		make_exec(fx, BASE);
	image_put(fx, mutation->off, mutation->val, mutation->size);
	fixture_expect(test, mutation->err, mutation->reason);
}

static void a_32_bit_image_is_named(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, plain_ram);
	make_exec(fx, BASE);
	image_put(fx, 4, 1, 1);
	image_put(fx, 18, 3, 2);
	fixture_expect(test, -ENOEXEC, "32-bit i386: use one");
	image_put(fx, 0x200, 0x1badb002, 4);
	fixture_expect(test, -ENOEXEC, "checksum is wrong");
}

static void an_image_boots_by_no_protocol_but_its_own(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, plain_ram);
	make_exec(fx, BASE);
	fx->request.protocol = "covirt";
	fixture_expect(test, 0, NULL);
	fx->request.protocol = "linux";
	fixture_expect(test, -ENOEXEC, "the protocol that was asked for");
}

/* Tags whose relocations the loader does not know, each with a length that is not 0. */
static const u64 refused_tags[] = { 2, 18, 35 };

static void tag_desc(const u64 *tag, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "tag %llu", (unsigned long long)*tag);
}

KUNIT_ARRAY_PARAM(tag, refused_tags, tag_desc);

static void other_relocations_are_refused(struct kunit *test)
{
	const u64 *tag = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, plain_ram);
	make_pie(fx);
	put_dyn(fx, 3, *tag, 0);
	fixture_expect(test, 0, NULL);
	put_dyn(fx, 3, *tag, 8);
	fixture_expect(test, -ENOEXEC, "link it without");
}

static void more_segments_than_the_loader_takes_are_refused(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	fixture_memory(test, plain_ram);
	make_exec(fx, BASE);
	for (i = 2; i < 17; i++)
		put_phdr(fx, i, 1, 4, DATA_OFF, BASE + 2 * MIB + i * 0x1000, 8, 8);
	image_put(fx, 56, 16, 2);
	fixture_expect(test, 0, NULL);
	image_put(fx, 56, 17, 2);
	fixture_expect(test, -ENOEXEC, "more than 16");
}

/* Truncated anywhere, an image is refused: its last segment ends with the file. */
static void a_truncated_image_is_refused_at_every_length(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 len;

	fixture_memory(test, plain_ram);
	make_pie(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	for (len = 0; len < IMAGE_LEN; len += len < 0x200 ? 1 : 97) {
		fx->request.kernel_len = len;
		KUNIT_ASSERT_EQ_MSG(test, fixture_load(test), -ENOEXEC, "length %u", len);
	}
}

/* Nothing outside of the enclave's RAM is written, whatever the bytes say. */
static void flipped_bytes_never_reach_outside_of_ram(struct kunit *test)
{
	static const u32 areas[] = { 0x200, PHDR(4), DYN_OFF, IMAGE_LEN };
	struct test_random random = { .state = 64 };
	struct fixture *fx = test->priv;
	u32 round, flips, at;

	fixture_memory(test, plain_ram);
	for (round = 0; round < 4000; round++) {
		make_pie(fx);
		if (round & 1)
			make_exec(fx, BASE);
		for (flips = 1 + test_random_below(&random, 4); flips; flips--) {
			at = test_random_below(&random, areas[round / 2 % ARRAY_SIZE(areas)]);
			fx->image[at] ^= 1 + test_random_below(&random, 255);
		}
		for (at = 0; at < 6; at++)
			if (test_random_one_in(&random, 4))
				image_put(fx, RELA_OFF + 8 * at, test_random_u64(&random), 8);
		fixture_load(test);
	}
}

static struct kunit_case loader_elf64_cases[] = {
	KUNIT_CASE(an_executable_goes_where_it_is_linked),
	KUNIT_CASE(the_entry_state_is_the_documented_one),
	KUNIT_CASE(boot_information_describes_the_enclave),
	KUNIT_CASE_PARAM(a_pie_goes_to_the_largest_run_and_is_relocated, pie_gen_params),
	KUNIT_CASE(a_pie_needs_room_behind_a_2_mib_boundary),
	KUNIT_CASE(a_pie_without_relocations_loads),
	KUNIT_CASE(a_segment_may_cross_extents),
	KUNIT_CASE_PARAM(a_broken_image_is_refused_with_a_reason, mutation_gen_params),
	KUNIT_CASE(a_32_bit_image_is_named),
	KUNIT_CASE(an_image_boots_by_no_protocol_but_its_own),
	KUNIT_CASE_PARAM(other_relocations_are_refused, tag_gen_params),
	KUNIT_CASE(more_segments_than_the_loader_takes_are_refused),
	KUNIT_CASE(a_truncated_image_is_refused_at_every_length),
	KUNIT_CASE(flipped_bytes_never_reach_outside_of_ram),
	{}
};

static struct kunit_suite loader_elf64_suite = {
	.name = "covirt-loader-elf64",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_elf64_cases,
};

kunit_test_suites(&loader_elf64_suite);

MODULE_DESCRIPTION("Covirt: ELF64 loader tests");
MODULE_LICENSE("GPL");
