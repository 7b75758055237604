// SPDX-License-Identifier: GPL-2.0-only
/* Steps of the loader that all formats share: requests, command line, boot page tables. */
#include <linux/module.h>

#include "controller/loader/boot_cpu.h"
#include "controller/loader/cmdline.h"
#include "controller/loader/linux_apicid.h"
#include "controller/loader/memory_map.h"
#include "selftests/kunit/loader_fixture.h"

#define CMDLINE		0x3000
#define TABLES		0x8000
#define TABLES_END	0x80000
#define PTE_PRESENT	1ULL
#define PTE_WRITE	2ULL
#define PTE_LARGE	0x80ULL
#define PTE_NX		BIT_ULL(63)
#define PTE_ADDR	0x000ffffffffff000ULL

static const struct region some_ram[] = { { GIB, 4 * MIB }, {} };
static const struct region no_ram[] = { {} };

struct request_case {
	const char *name;
	u32 nr_cpus;
	const char *image;
	u64 image_len;
	bool no_low_memory;
	int err;
	const char *reason;
};

static const struct request_case request_cases[] = {
	{ "empty image", 1, "", 0, false, -ENOEXEC, "empty" },
	{ "one byte", 1, "\177", 1, false, -ENOEXEC, "neither" },
	{ "script", 1, "#!/bin/sh\n", 10, false, -ENOEXEC, "a script" },
	{ "text file", 1, "words\n", 6, false, -ENOEXEC, "neither" },
	{ "gzip", 1, "\037\213\010", 3, false, -ENOEXEC, "gzip file: 'covirtctl run' unpacks" },
	{ "xz", 1, "\3757zXZ\0", 6, false, -ENOEXEC, "xz file: 'covirtctl run' unpacks" },
	{ "zstd", 1, "\050\265\057\375", 4, false, -ENOEXEC, "zstd file: 'covirtctl run' unpacks" },
	{ "PE", 1, "MZ\220\0", 4, false, -ENOEXEC, "program for EFI: use a Linux bzImage" },
	{ "cpio", 1, "070701", 6, false, -ENOEXEC, "initrd: name the kernel" },
	{ "multiboot", 1, "\372\353\0\0\002\260\255\033", 8, false, -ENOEXEC,
	  "checksum is wrong" },
	{ "multiboot2", 1, "\326\120\122\350", 4, false, -ENOEXEC,
	  "a multiboot2 header, whose checksum is wrong" },
	{ "multiboot2 elsewhere", 1, "xxxx\326\120\122\350", 8, false, -ENOEXEC, "neither" },
	{ "ELF magic only", 1, "\177ELF", 4, false, -ENOEXEC, "truncated" },
	{ "no CPU", 0, "x", 1, false, -EINVAL, "no CPU" },
	{ "too many CPUs", COVIRT_MAX_CPUS + 1, "x", 1, false, -EINVAL, "too many" },
	{ "no low memory", 1, "x", 1, true, -EINVAL, "640 KiB" },
};

static void request_desc(const struct request_case *rc, char *desc)
{
	strscpy(desc, rc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, request_cases, request_desc);

static void a_bad_request_is_refused_with_a_reason(struct kunit *test)
{
	const struct request_case *rc = test->param_value;
	struct fixture *fx = test->priv;

	fixture_memory(test, some_ram);
	if (rc->no_low_memory)
		KUNIT_ASSERT_EQ(test, gpmap_remove(&fx->map, 0x1000, 0x1000), 0);
	fx->request.nr_cpus = rc->nr_cpus;
	fx->request.kernel = rc->image;
	fx->request.kernel_len = rc->image_len;
	fixture_expect(test, rc->err, rc->reason);
}

struct cmdline_case {
	const char *name;
	const char *user;
	u64 tsc_khz;
	u32 max;
	bool add_tsc;
	const char *want;	/* NULL: refused */
};

static const struct cmdline_case cmdline_cases[] = {
	{ "as it is", "quiet panic=-1", 2000, 2047, false, "quiet panic=-1" },
	{ "what the TSC is, in front", "quiet", 2999999, 2047, true,
	  "tsc=reliable tsc_early_khz=2999999 quiet" },
	{ "what the TSC is, alone", "", 1, 2047, true, "tsc=reliable tsc_early_khz=1" },
	{ "no command line", NULL, 1, 2047, true, "tsc=reliable tsc_early_khz=1" },
	{ "largest frequency", "", ~0ULL, 2047, true,
	  "tsc=reliable tsc_early_khz=18446744073709551615" },
	{ "frequency unknown", "quiet", 0, 2047, true, "quiet" },
	{ "the user's frequency wins", "a tsc_early_khz=5 b", 7, 2047, true,
	  "tsc=reliable a tsc_early_khz=5 b" },
	{ "the user's frequency wins at the start", "tsc_early_khz=5", 7, 2047, true,
	  "tsc=reliable tsc_early_khz=5" },
	{ "part of another word does not count", "x.tsc_early_khz=5 xtsc=y", 7, 2047, true,
	  "tsc=reliable tsc_early_khz=7 x.tsc_early_khz=5 xtsc=y" },
	{ "the user's distrust wins", "a tsc=unstable", 7, 2047, true,
	  "tsc_early_khz=7 a tsc=unstable" },
	{ "the user says both", "tsc=nowatchdog tsc_early_khz=5", 7, 2047, true,
	  "tsc=nowatchdog tsc_early_khz=5" },
	{ "init's arguments stay behind", "a -- b", 7, 2047, true,
	  "tsc=reliable tsc_early_khz=7 a -- b" },
	{ "just fits", "abc", 7, 3, false, "abc" },
	{ "one character too long", "abcd", 7, 3, false, NULL },
	{ "just fits with the TSC", "abc", 7, 32, true, "tsc=reliable tsc_early_khz=7 abc" },
	{ "too long with the TSC", "abcd", 7, 32, true, NULL },
	{ "nothing fits", "", 7, 0, true, NULL },
};

static void cmdline_desc(const struct cmdline_case *cc, char *desc)
{
	strscpy(desc, cc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cmdline, cmdline_cases, cmdline_desc);

static void the_command_line_becomes(struct kunit *test)
{
	const struct cmdline_case *cc = test->param_value;
	struct fixture *fx = test->priv;
	struct loading loading = { .request = &fx->request };
	int err;

	fixture_memory(test, no_ram);
	memset(fixture_mem(fx, CMDLINE, 2048), 0xff, 2048);
	fx->request.cmdline = cc->user;
	fx->request.tsc_khz = cc->tsc_khz;
	err = cmdline_write(&loading, cc->max, cc->add_tsc);
	KUNIT_ASSERT_EQ(test, err, cc->want ? 0 : -EINVAL);
	if (cc->want)
		KUNIT_EXPECT_EQ(test, strcmp(fixture_mem(fx, CMDLINE, 2048), cc->want), 0);
	else
		KUNIT_EXPECT_TRUE(test, loading.reason && strstr(loading.reason, "shorten"));
}

/* 2047 characters whatever the kernel says; the NUL is the 2048th byte, and no byte follows. */
static void the_command_line_has_a_limit_of_its_own(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct loading loading = { .request = &fx->request };
	char *text = (char *)fx->image;

	fixture_memory(test, no_ram);
	fx->request.cmdline = text;
	memset(text, 'x', 2047);
	KUNIT_EXPECT_EQ(test, cmdline_write(&loading, ~0U, false), 0);
	KUNIT_EXPECT_EQ(test, strcmp(fixture_mem(fx, CMDLINE, 2048), text), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, CMDLINE + 2048), 0U);
	text[2047] = 'x';
	KUNIT_EXPECT_EQ(test, cmdline_write(&loading, ~0U, false), -EINVAL);
}

/* The reference walk: where @gva leads, or ~0 if it leads nowhere. */
static u64 walk(struct fixture *fx, u64 gva)
{
	u64 table = fx->entry.cr3;
	u64 entry, page;
	u32 shift;

	for (shift = 39; shift >= 12; shift -= 9) {
		if (table < TABLES || table >= TABLES_END)
			return ~0ULL;
		entry = ram_u64(fx, table + 8 * (gva >> shift & 511));
		if (!(entry & PTE_PRESENT) || !(entry & PTE_WRITE) || (entry & PTE_NX))
			return ~0ULL;
		if (shift == 12 || (entry & PTE_LARGE && shift <= 30)) {
			page = (1ULL << shift) - 1;
			if (entry & PTE_ADDR & page)
				return ~0ULL;	/* reserved bits */
			return (entry & PTE_ADDR) | (gva & page);
		}
		table = entry & PTE_ADDR;
	}
	return ~0ULL;
}

static int prepare_cpu(struct fixture *fx)
{
	struct loading loading = { .request = &fx->request, .entry = &fx->entry,
				   .tables_end = TABLES_END };
	int err = boot_cpu_prepare(&loading, 0x1234);

	fx->reason = loading.reason;
	return err;
}

struct map_case {
	const char *name;
	struct region ram[4];
	u64 absent;	/* an address that must not be mapped */
	int err;	/* with 2 MiB pages */
	int err_1g;	/* with 1 GiB pages */
};

static const struct map_case map_cases[] = {
	{ "identity: a little memory", { { GIB, 4 * MIB, true } }, 3 * GIB },
	{ "packed: memory from 1 MiB on", { { MIB, 127 * MIB, true } }, 2 * GIB },
	{ "several runs", { { GIB + 6 * MIB, 2 * MIB, true }, { 5 * GIB, 3 * GIB, true },
			    { 700 * GIB, 2 * MIB, true } }, 600 * GIB },
	{ "64 GiB", { { GIB, 64 * GIB, true } }, 90 * GIB },
	{ "as much as 2 MiB pages can", { { GIB, 117 * GIB, true } }, 600 * GIB },
	{ "more than 2 MiB pages can", { { GIB, 118 * GIB, true } }, 600 * GIB, -EINVAL },
	{ "end of the lower half", { { BIT_ULL(47) - 2 * MIB, 2 * MIB, true } }, 2 * GIB },
	{ "across the end of the lower half", { { BIT_ULL(47) - 2 * MIB, 4 * MIB, true } },
	  2 * GIB, -EINVAL, -EINVAL },
	{ "upper half", { { BIT_ULL(47) + 2 * MIB, 4 * MIB, true } }, 2 * GIB, -EINVAL, -EINVAL },
};

static void map_desc(const struct map_case *mc, char *desc)
{
	strscpy(desc, mc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(map, map_cases, map_desc);

static void expect_identity(struct kunit *test, u64 gpa)
{
	KUNIT_EXPECT_EQ(test, walk(test->priv, gpa), gpa);
}

static void expect_all_mapped(struct kunit *test, const struct map_case *mc)
{
	const struct region *region;
	u64 off;

	expect_identity(test, 0);
	expect_identity(test, LOW_MEMORY - 1);
	for (region = mc->ram; region->len; region++) {
		for (off = 0; off < region->len; off += max(region->len / 64, 2 * MIB))
			expect_identity(test, region->gpa + off);
		expect_identity(test, region->gpa + region->len - 1);
	}
	KUNIT_EXPECT_EQ(test, walk(test->priv, mc->absent), ~0ULL);
}

static void every_byte_of_ram_is_mapped_at_its_own_address(struct kunit *test)
{
	const struct map_case *mc = test->param_value;
	struct fixture *fx = test->priv;
	int round, err;

	fixture_memory(test, mc->ram);
	for (round = 0; round < 2; round++) {
		fx->request.have_1g_pages = round;
		err = prepare_cpu(fx);
		KUNIT_ASSERT_TRUE(test, fixture_guards_intact(fx));
		KUNIT_ASSERT_EQ(test, err, round ? mc->err_1g : mc->err);
		if (!err)
			expect_all_mapped(test, mc);
		else
			KUNIT_EXPECT_TRUE(test, fx->reason);
	}
}

/* Page tables that a former co-kernel left behind could point anywhere. */
static void leftovers_of_a_former_run_are_not_followed(struct kunit *test)
{
	static const struct map_case mc = { "", { { GIB, 4 * MIB, true } }, 3 * GIB };
	struct fixture *fx = test->priv;

	fixture_memory(test, mc.ram);
	memset(fixture_mem(fx, 0, LOW_MEMORY), 0xff, LOW_MEMORY);
	fx->request.have_1g_pages = false;
	KUNIT_ASSERT_EQ(test, prepare_cpu(fx), 0);
	KUNIT_ASSERT_TRUE(test, fixture_guards_intact(fx));
	expect_all_mapped(test, &mc);
}

static void memory_that_is_not_accessible_is_refused(struct kunit *test)
{
	static const struct region ram[] = { { GIB, 4 * MIB, true }, {} };
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	memcpy(fx->image, "\177ELF\2\1\1", 7);
	image_put(fx, 16, 3, 2);	/* a PIE of one segment: its own header */
	image_put(fx, 18, 62, 2);
	image_put(fx, 32, 64, 8);
	image_put(fx, 54, 56, 2);
	image_put(fx, 56, 1, 2);
	image_put(fx, 64, 5ULL << 32 | 1, 8);
	image_put(fx, 96, 128, 8);
	image_put(fx, 104, 128, 8);
	fx->request.kernel_len = 256;
	fixture_expect(test, -EFAULT, "not accessible");
}

static void linux_brings_up_cpus_by_their_apic_ids(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, linux_apicid(0), LINUX_APICID_ANY);
	KUNIT_EXPECT_EQ(test, linux_apicid(255), LINUX_APICID_ANY);
	KUNIT_EXPECT_EQ(test, linux_apicid(256), LINUX_APICID_RECENT);
	KUNIT_EXPECT_EQ(test, linux_apicid(32767), LINUX_APICID_RECENT);
	KUNIT_EXPECT_EQ(test, linux_apicid(32768), LINUX_APICID_NONE);
	KUNIT_EXPECT_EQ(test, linux_apicid(~0U), LINUX_APICID_NONE);
}

static void a_memory_map_that_has_no_room_is_refused(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct loading loading = { .request = &fx->request };
	void *room;

	fixture_memory(test, no_ram);
	KUNIT_EXPECT_EQ(test, memory_map_lines(fx->request.map), 2U);
	KUNIT_EXPECT_EQ(test, memory_map_room(&loading, (TABLES_END - TABLES) / 2, &room), 0);
	KUNIT_EXPECT_PTR_EQ(test, room, fixture_mem(fx, TABLES, 1));
	KUNIT_EXPECT_EQ(test, memory_map_room(&loading, (TABLES_END - TABLES) / 2 + 1, &room),
			-EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(loading.reason, "use layout packed"));
}

static void a_protocol_is_known_by_its_name(struct kunit *test)
{
	gpa_t address;
	const char *name;
	u32 i;

	KUNIT_EXPECT_NOT_NULL(test, loader_protocol(0));
	for (i = 0; (name = loader_protocol(i)); i++) {
		KUNIT_EXPECT_PTR_EQ(test, loader_protocol_find(name, &address),
				    loader_protocol_has_address(i) ? NULL : name);
		KUNIT_EXPECT_STRNEQ(test, name, "auto");
	}
	KUNIT_EXPECT_NULL(test, loader_protocol_find("auto", &address));
	KUNIT_EXPECT_NULL(test, loader_protocol_find("", &address));
}

struct address_case {
	const char *text;
	bool good;
	gpa_t address;
};

static const struct address_case address_cases[] = {
	{ "flat@0x100000", true, 0x100000 },
	{ "flat@0x9abcdef0", true, 0x9abcdef0 },
	{ "flat@0xffffffffffffffff", true, ~0ULL },
	{ "flat@0x10000000000000000" },
	{ "flat@0x" },
	{ "flat@0x0" },
	{ "flat@0x0000000000000000" },
	{ "flat@100000" },
	{ "flat@1x100000" },
	{ "flat@0y100000" },
	{ "flat@0x10000g" },
	{ "flat@0x100000 " },
	{ "flat" },
	{ "fla" },
	{ "flat@" },
	{ "covirt@0x100000" },
};

static void address_desc(const struct address_case *ac, char *desc)
{
	strscpy(desc, ac->text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(address, address_cases, address_desc);

static void an_address_stands_behind_the_name(struct kunit *test)
{
	const struct address_case *ac = test->param_value;
	gpa_t address = 1;

	KUNIT_EXPECT_EQ(test, !!loader_protocol_find(ac->text, &address), ac->good);
	if (ac->good)
		KUNIT_EXPECT_EQ(test, address, ac->address);
}

static struct kunit_case loader_cases[] = {
	KUNIT_CASE_PARAM(a_bad_request_is_refused_with_a_reason, request_gen_params),
	KUNIT_CASE_PARAM(the_command_line_becomes, cmdline_gen_params),
	KUNIT_CASE(the_command_line_has_a_limit_of_its_own),
	KUNIT_CASE_PARAM(every_byte_of_ram_is_mapped_at_its_own_address, map_gen_params),
	KUNIT_CASE(leftovers_of_a_former_run_are_not_followed),
	KUNIT_CASE(memory_that_is_not_accessible_is_refused),
	KUNIT_CASE(linux_brings_up_cpus_by_their_apic_ids),
	KUNIT_CASE(a_memory_map_that_has_no_room_is_refused),
	KUNIT_CASE(a_protocol_is_known_by_its_name),
	KUNIT_CASE_PARAM(an_address_stands_behind_the_name, address_gen_params),
	{}
};

static struct kunit_suite loader_suite = {
	.name = "covirt-loader",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_cases,
};

kunit_test_suites(&loader_suite);

MODULE_DESCRIPTION("Covirt: loader tests");
MODULE_LICENSE("GPL");
