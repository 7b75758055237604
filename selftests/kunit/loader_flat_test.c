// SPDX-License-Identifier: GPL-2.0-only
/* Flat images: where they go, and what is refused with which words. */
#include <linux/module.h>

#include "include/uapi/linux/covirt.h"
#include "selftests/kunit/loader_fixture.h"

#define IMAGE_LEN	0x2345

static const struct region ram[] = { { MIB, 3 * MIB }, { 4 * MIB, 4 * MIB }, {} };

static void make_flat(struct kunit *test, gpa_t address)
{
	struct fixture *fx = test->priv;

	fixture_memory(test, ram);
	memset(fx->image, 0xf4, IMAGE_LEN);
	fx->request.kernel_len = IMAGE_LEN;
	fx->request.protocol = "flat";
	fx->request.address = address;
}

static void it_goes_where_the_user_says(struct kunit *test)
{
	const struct covirt_bootinfo *info;
	struct fixture *fx = test->priv;
	gpa_t address = 4 * MIB - 0x1001;

	make_flat(test, address);
	fx->request.cmdline = "hello";
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 0x1234;
	KUNIT_ASSERT_EQ(test, fixture_load(test), 0);
	KUNIT_EXPECT_EQ(test, fx->entry.rip, address);
	KUNIT_EXPECT_EQ(test, fx->entry.mode, (u16)COVIRT_ENTRY_64);
	KUNIT_EXPECT_EQ(test, fx->entry.rdi, 0x2000ULL);
	KUNIT_EXPECT_EQ(test, fx->entry.rsi, 0ULL);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, address), 0xf4f4f4f4U);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, address + IMAGE_LEN - 1), 0xf4U);

	info = fixture_mem(fx, 0x2000, sizeof(*info));
	KUNIT_EXPECT_EQ(test, info->magic, COVIRT_BOOTINFO_MAGIC);
	KUNIT_EXPECT_EQ(test, info->image, address);
	KUNIT_EXPECT_EQ(test, info->image_len, (u64)IMAGE_LEN);
	KUNIT_EXPECT_STREQ(test, (char *)fixture_mem(fx, info->cmdline, 16), "hello");
	KUNIT_EXPECT_EQ(test, info->initrd, 8 * MIB - 0x2000);
	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, info->initrd, 0x1234), fx->image, 0x1234), 0);
}

struct flat_case {
	const char *name;
	gpa_t address;
	int err;
	const char *reason;
};

static const struct flat_case flat_cases[] = {
	{ "first address", MIB, 0, NULL },
	{ "last address", 8 * MIB - IMAGE_LEN, 0, NULL },
	{ "below 1 MiB", MIB - 1, -EINVAL, "below 1 MiB" },
	{ "at 0", 0, -EINVAL, "below 1 MiB" },
	{ "beyond the last address", 8 * MIB - IMAGE_LEN + 1, -EINVAL, "no RAM for all" },
	{ "where nothing is", GIB, -EINVAL, "no RAM for all" },
	{ "around the end", ~0ULL - 0x100, -EINVAL, "no RAM for all" },
};

static void flat_desc(const struct flat_case *fc, char *desc)
{
	strscpy(desc, fc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(flat, flat_cases, flat_desc);

static void it_has_to_lie_in_ram(struct kunit *test)
{
	const struct flat_case *fc = test->param_value;

	make_flat(test, fc->address);
	fixture_expect(test, fc->err, fc->reason);
}

static void its_initrd_needs_room(struct kunit *test)
{
	struct fixture *fx = test->priv;

	make_flat(test, 4 * MIB);
	fx->request.initrd = fx->image;
	fx->request.initrd_len = 7 * MIB;
	fixture_expect(test, -EINVAL, "no room for the initrd");
}

static void it_is_never_guessed(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct loader_verdict verdict;

	make_flat(test, MIB);
	KUNIT_EXPECT_EQ(test, loader_check(fx->image, IMAGE_LEN, "flat", &verdict), 0);
	KUNIT_EXPECT_EQ(test, verdict.need, (u64)IMAGE_LEN);
	KUNIT_EXPECT_EQ(test, loader_check(fx->image, IMAGE_LEN, NULL, &verdict), -ENOEXEC);
	fx->request.protocol = NULL;
	fixture_expect(test, -ENOEXEC, "neither an ELF64 file nor");
}

static struct kunit_case loader_flat_cases[] = {
	KUNIT_CASE(it_goes_where_the_user_says),
	KUNIT_CASE_PARAM(it_has_to_lie_in_ram, flat_gen_params),
	KUNIT_CASE(its_initrd_needs_room),
	KUNIT_CASE(it_is_never_guessed),
	{}
};

static struct kunit_suite loader_flat_suite = {
	.name = "covirt-loader-flat",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = loader_flat_cases,
};

kunit_test_suites(&loader_flat_suite);

MODULE_DESCRIPTION("Covirt: tests of flat images");
MODULE_LICENSE("GPL");
