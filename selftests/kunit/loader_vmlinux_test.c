// SPDX-License-Identifier: GPL-2.0-only
/* ELF images by Linux's 64-bit boot protocol: what they find, where they go, what is refused. */
#include <linux/module.h>

#include "selftests/kunit/loader_fixture.h"

/* The image of these tests: two segments, section headers, and the names of sections. */
#define PHDR(n)		(64 + 56 * (n))
#define NAMES_OFF	0x300
#define SECTIONS_OFF	0x400
#define TEXT_OFF	0x1000
#define DATA_OFF	0x2000
#define IMAGE_LEN	0x2100
#define LINKED		(16 * MIB)
#define DATA_GAP	0x10000
#define BSS_LEN		0x3000
#define ENTRY_SKIP	0x40
#define VIRTUAL		0xffffffff80000000ULL
#define ZERO_PAGE_GPA	0x2000

static const char linux_name[] = ".x86_cpu_dev.init";

static const struct region linked_ram[] = { { MIB, 31 * MIB }, {} };

static void put_phdr(struct fixture *fx, u32 n, u32 flags, u64 offset, u64 paddr, u64 filesz,
		     u64 memsz)
{
	image_put(fx, PHDR(n), 1, 4);
	image_put(fx, PHDR(n) + 4, flags, 4);
	image_put(fx, PHDR(n) + 8, offset, 8);
	image_put(fx, PHDR(n) + 16, VIRTUAL + paddr, 8);
	image_put(fx, PHDR(n) + 24, paddr, 8);
	image_put(fx, PHDR(n) + 32, filesz, 8);
	image_put(fx, PHDR(n) + 40, memsz, 8);
	image_put(fx, PHDR(n) + 48, 0x200000, 8);
}

/* Two section headers, the second of which has the names, one of them @name. */
static void put_sections(struct fixture *fx, const char *name, u32 names_len)
{
	image_put(fx, 40, SECTIONS_OFF, 8);
	image_put(fx, 58, 64, 2);
	image_put(fx, 60, 2, 2);
	image_put(fx, 62, 1, 2);
	image_put(fx, SECTIONS_OFF + 64 + 24, NAMES_OFF, 8);
	image_put(fx, SECTIONS_OFF + 64 + 32, names_len, 8);
	memcpy(fx->image + NAMES_OFF + 1, ".text", 6);
	memcpy(fx->image + NAMES_OFF + 7, name, strlen(name) + 1);
}

/* Not a vmlinux: the protocol has to be asked for. */
static void make_elf(struct fixture *fx, u16 type, u64 linked)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	memcpy(fx->image, ident, sizeof(ident));
	image_put(fx, 16, type, 2);
	image_put(fx, 18, 62, 2);
	image_put(fx, 24, linked + DATA_GAP + ENTRY_SKIP, 8);
	image_put(fx, 32, 64, 8);
	image_put(fx, 54, 56, 2);
	image_put(fx, 56, 2, 2);
	put_phdr(fx, 0, 5, TEXT_OFF, linked, 0x1000, 0x1000);
	put_phdr(fx, 1, 6, DATA_OFF, linked + DATA_GAP, 0x100, BSS_LEN);
	memset(fx->image + TEXT_OFF, 0x90, 0x1000);
	memset(fx->image + DATA_OFF, 0xdd, 0x100);
	fx->request.kernel_len = IMAGE_LEN;
}

static void make_vmlinux(struct fixture *fx)
{
	make_elf(fx, 2, LINKED);
	put_sections(fx, linux_name, 7 + sizeof(linux_name));
}

static void expect_loaded_at(struct kunit *test, gpa_t gpa)
{
	struct fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, fx->entry.rip, gpa + DATA_GAP + ENTRY_SKIP);
	KUNIT_EXPECT_EQ(test, fx->entry.rsi, (u64)ZERO_PAGE_GPA);
	KUNIT_EXPECT_EQ(test, fx->entry.rdi, 0ULL);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, gpa, 0x1000), fx->image + TEXT_OFF, 0x1000),
			0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, gpa + DATA_GAP + 0xfc), 0xddddddddU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, gpa + DATA_GAP + 0x100), 0U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x214), (u32)gpa);
}

static void a_vmlinux_goes_where_it_is_linked(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, linked_ram);
	make_vmlinux(fx);
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_loaded_at(test, LINKED);
}

static void its_zero_page_tells_what_a_bzimage_is_told(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const char *line;

	fixture_memory(test, linked_ram);
	make_vmlinux(fx);
	fx->request.cmdline = "quiet";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x1234;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);

	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x1fe) & 0xffff, 0xaa55U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x202), 0x53726448U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x206) & 0xffff, 0x20fU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x210) & 0xff, 0xffU);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x230), 0x200000U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x238), 2047U);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, ZERO_PAGE_GPA + 0x070), 0x80000ULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, ZERO_PAGE_GPA + 0x250), 0x4000ULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, 0x4000 + 8), 9U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x218), (u32)(32 * MIB - 0x2000));
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x21c), 0x1234U);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, 32 * MIB - 0x2000, 0x1234), fx->image,
				     0x1234), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ZERO_PAGE_GPA + 0x1e8) & 0xff, 3U);
	line = fixture_mem(fx, ram_u32(fx, ZERO_PAGE_GPA + 0x228), 64);
	KUNIT_EXPECT_STREQ(test, line, "tsc=reliable tsc_early_khz=2500000 quiet");
}

struct move_case {
	const char *name;
	u16 type;
	bool is_linux;
	u64 linked;
	struct region ram[3];
	gpa_t to;
};

static const struct move_case move_cases[] = {
	{ "vmlinux to the next RAM", 2, true, LINKED, { { GIB, 4 * MIB } }, GIB },
	{ "vmlinux to a multiple of 2 MiB", 2, true, LINKED, { { GIB + 0x1000, 4 * MIB } },
	  GIB + 2 * MIB },
	{ "vmlinux not below where it is linked", 2, true, LINKED,
	  { { MIB, 7 * MIB }, { GIB, 4 * MIB } }, GIB },
	{ "vmlinux to where there is enough", 2, true, LINKED,
	  { { LINKED, 0x10000 }, { GIB, 4 * MIB } }, GIB },
	{ "PIE as it is linked", 3, false, MIB, { { MIB, 7 * MIB } }, MIB },
	{ "PIE by a multiple of 2 MiB", 3, false, MIB, { { GIB, 4 * MIB } }, GIB + MIB },
	{ "PIE linked at 0", 3, false, 0, { { MIB, 7 * MIB } }, 2 * MIB },
};

static void move_desc(const struct move_case *mc, char *desc)
{
	strscpy(desc, mc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(move, move_cases, move_desc);

static void what_can_move_moves(struct kunit *test)
{
	const struct move_case *mc = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, mc->ram);
	make_elf(fx, mc->type, mc->linked);
	fx->request.protocol = "linux-elf";
	if (mc->is_linux)
		put_sections(fx, linux_name, 7 + sizeof(linux_name));
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	expect_loaded_at(test, mc->to);
}

static void what_cannot_move_needs_its_place(struct kunit *test)
{
	static const struct region ram[] = { { GIB, 4 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_elf(fx, 2, GIB);
	fx->request.protocol = "linux-elf";
	fixture_expect(test, 0, NULL);
	make_elf(fx, 2, LINKED);
	fixture_expect(test, -EINVAL, "is linked where the enclave has no RAM: use layout packed");
	make_elf(fx, 2, 0);
	fixture_expect(test, -EINVAL, "linked below 1 MiB");
}

static void no_room_is_told(struct kunit *test)
{
	static const struct region ram[] = { { MIB, 7 * MIB }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	make_vmlinux(fx);
	fixture_expect(test, -EINVAL, "no room for the kernel at its physical address or above");
	make_elf(fx, 3, 0);
	fx->request.protocol = "linux-elf";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 7 * MIB;
	fixture_expect(test, -EINVAL, "no room for the initrd");
}

static void only_linux_is_told_of_the_tsc(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, linked_ram);
	make_elf(fx, 2, LINKED);
	fx->request.protocol = "linux-elf";
	fx->request.cmdline = "app -- word";
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_STREQ(test, (char *)fixture_mem(fx, 0x3000, 64), "app -- word");
}

static const char *protocol_of(struct fixture *fx)
{
	struct loader_verdict verdict;

	loader_check(fx->image, fx->request.kernel_len, NULL, &verdict);
	return verdict.protocol;
}

/* By a section's name, which has to be there as a whole. */
static void a_vmlinux_is_recognized(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_vmlinux(fx);
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "linux-elf");
	image_put(fx, 24, VIRTUAL + LINKED, 8);	/* as of a plain one */
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "linux-elf");
	put_sections(fx, linux_name, 7 + sizeof(linux_name) - 1);
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "covirt");
	put_sections(fx, ".x86_cpu_dev.initx", 7 + sizeof(linux_name) + 1);
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "covirt");
	put_sections(fx, linux_name, 0xffffffff);
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "covirt");
	image_put(fx, 40, 0xfffffffffffff000, 8);
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "covirt");
}

/* Names are searched up to a bound, whatever length a file claims for them. */
static void names_are_searched_so_far(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const u32 last = 0x8000 - sizeof(linux_name) - 1;	/* of the 0 before the name */

	make_elf(fx, 2, LINKED);
	image_put(fx, 24, VIRTUAL + LINKED, 8);
	put_sections(fx, ".init", 0x9000);
	fx->request.kernel_len = 0xa000;
	memcpy(fx->image + NAMES_OFF + last + 1, linux_name, sizeof(linux_name));
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "linux-elf");
	fx->image[NAMES_OFF + last + 1] = 0;
	memcpy(fx->image + NAMES_OFF + last + 2, linux_name, sizeof(linux_name));
	KUNIT_EXPECT_STREQ(test, protocol_of(fx), "covirt");
}

struct refusal {
	const char *name;
	u32 off;
	u32 size;
	u64 val;
	const char *reason;
};

static const struct refusal refusals[] = {
	{ "entry outside", 24, 8, LINKED + 0x1000, "entry point is not inside a segment" },
	{ "entry behind the last segment", 24, 8, LINKED + DATA_GAP + BSS_LEN,
	  "entry point is not inside a segment" },
	{ "no segment", 56, 2, 0, "no loadable segment" },
	{ "segments overlap", PHDR(1) + 24, 8, LINKED + 0xfff, "overlap" },
	{ "segment behind the end", PHDR(1) + 8, 8, IMAGE_LEN, "truncated inside a segment" },
};

static void refusal_desc(const struct refusal *refusal, char *desc)
{
	strscpy(desc, refusal->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refusal, refusals, refusal_desc);

static void a_broken_one_is_refused_with_a_reason(struct kunit *test)
{
	const struct refusal *refusal = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, linked_ram);
	make_vmlinux(fx);
	fixture_expect(test, 0, NULL);
	image_put(fx, refusal->off, refusal->val, refusal->size);
	fixture_expect(test, -ENOEXEC, refusal->reason);
}

static void a_32_bit_one_is_refused(struct kunit *test)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, linked_ram);
	memset(fx->image, 0, 64 + 32);
	make_elf(fx, 2, LINKED);
	image_put(fx, 4, 1, 1);
	image_put(fx, 18, 3, 2);
	image_put(fx, 28, 52, 4);
	image_put(fx, 42, 32, 2);
	image_put(fx, 44, 1, 2);
	image_put(fx, 52, 1, 4);
	image_put(fx, 56, TEXT_OFF, 4);
	image_put(fx, 60, LINKED, 4);
	image_put(fx, 64, LINKED, 4);
	image_put(fx, 68, 0x1000, 4);
	image_put(fx, 72, 0x1000, 4);
	fx->request.protocol = "linux-elf";
	fixture_expect(test, -ENOEXEC, "begins in 64-bit mode");
}

static void a_truncated_one_is_refused_at_every_length(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 len;

	fixture_memory(test, linked_ram);
	make_elf(fx, 2, LINKED);
	fx->request.protocol = "linux-elf";
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	for (len = 0; len < IMAGE_LEN; len += len < 0x200 ? 1 : 97) {
		fx->request.kernel_len = len;
		KUNIT_ASSERT_EQ_MSG(test, fixture_load(test), -ENOEXEC, "length %u", len);
	}
}

static struct kunit_case loader_vmlinux_cases[] = {
	KUNIT_CASE(a_vmlinux_goes_where_it_is_linked),
	KUNIT_CASE(its_zero_page_tells_what_a_bzimage_is_told),
	KUNIT_CASE_PARAM(what_can_move_moves, move_gen_params),
	KUNIT_CASE(what_cannot_move_needs_its_place),
	KUNIT_CASE(no_room_is_told),
	KUNIT_CASE(only_linux_is_told_of_the_tsc),
	KUNIT_CASE(a_vmlinux_is_recognized),
	KUNIT_CASE(names_are_searched_so_far),
	KUNIT_CASE_PARAM(a_broken_one_is_refused_with_a_reason, refusal_gen_params),
	KUNIT_CASE(a_32_bit_one_is_refused),
	KUNIT_CASE(a_truncated_one_is_refused_at_every_length),
	{}
};

static struct kunit_suite loader_vmlinux_suite = {
	.name = "covirt-loader-vmlinux",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_vmlinux_cases,
};

kunit_test_suites(&loader_vmlinux_suite);

MODULE_DESCRIPTION("Covirt: tests of ELF images by Linux's boot protocol");
MODULE_LICENSE("GPL");
