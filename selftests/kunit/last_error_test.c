// SPDX-License-Identifier: GPL-2.0-only
/* last_error: a writer finds its own refusal, though others are refused meanwhile. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "controller/enclave/last_error.h"

#define ME	100
#define OTHER	200

static struct last_error errors;
static char page[PAGE_SIZE];

static int last_error_test_begin(struct kunit *test)
{
	last_error_init(&errors);
	return 0;
}

static const char *read_by(pid_t reader)
{
	page[last_error_print(&errors, reader, page)] = '\0';
	return page;
}

static void nothing_is_told_before_an_error(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, read_by(ME), "");
	last_error_forget(&errors, ME);
	KUNIT_EXPECT_STREQ(test, read_by(ME), "");
}

static void number_writer_errno_and_text_are_told(struct kunit *test)
{
	last_error_note(&errors, ME, -EINVAL, "%s takes %d", "cpus", 7);
	KUNIT_EXPECT_STREQ(test, read_by(ME), "1 100 22 cpus takes 7\n");
}

static void each_writer_finds_its_own(struct kunit *test)
{
	last_error_note(&errors, ME, -EINVAL, "mine");
	last_error_note(&errors, OTHER, -EBUSY, "another's");
	KUNIT_EXPECT_STREQ(test, read_by(ME), "1 100 22 mine\n");
	KUNIT_EXPECT_STREQ(test, read_by(OTHER), "2 200 16 another's\n");
	last_error_note(&errors, ME, -ENOMEM, "mine again");
	KUNIT_EXPECT_STREQ(test, read_by(ME), "3 100 12 mine again\n");
	KUNIT_EXPECT_STREQ(test, read_by(OTHER), "2 200 16 another's\n");
}

static void a_stranger_finds_the_newest(struct kunit *test)
{
	last_error_note(&errors, OTHER, -EBUSY, "older");
	last_error_note(&errors, ME, -EINVAL, "newer");
	KUNIT_EXPECT_STREQ(test, read_by(ME + 1), "2 100 22 newer\n");
}

static void who_writes_again_does_not_find_the_old_one(struct kunit *test)
{
	last_error_note(&errors, OTHER, -EBUSY, "another's");
	last_error_note(&errors, ME, -EINVAL, "mine");
	last_error_forget(&errors, ME);
	KUNIT_EXPECT_STREQ(test, read_by(ME), "1 200 16 another's\n");
	last_error_note(&errors, ME, -EINVAL, "mine again");
	KUNIT_EXPECT_STREQ(test, read_by(ME), "3 100 22 mine again\n");
}

static void the_oldest_goes_when_there_is_no_room(struct kunit *test)
{
	pid_t writer;

	for (writer = 1; writer <= LAST_ERROR_WRITERS; writer++)
		last_error_note(&errors, writer, -EINVAL, "writer %d", writer);
	KUNIT_EXPECT_STREQ(test, read_by(1), "1 1 22 writer 1\n");
	last_error_note(&errors, ME, -EINVAL, "mine");
	KUNIT_EXPECT_STREQ(test, read_by(1), "9 100 22 mine\n");
	KUNIT_EXPECT_STREQ(test, read_by(2), "2 2 22 writer 2\n");
}

static void a_long_text_is_cut(struct kunit *test)
{
	char *text = kunit_kzalloc(test, 2 * LAST_ERROR_TEXT, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', 2 * LAST_ERROR_TEXT - 1);
	last_error_note(&errors, ME, -EINVAL, "%s", text);
	KUNIT_EXPECT_EQ(test, strlen(read_by(ME)), strlen("1 100 22 ") + LAST_ERROR_TEXT);
}

static struct kunit_case last_error_test_cases[] = {
	KUNIT_CASE(nothing_is_told_before_an_error),
	KUNIT_CASE(number_writer_errno_and_text_are_told),
	KUNIT_CASE(each_writer_finds_its_own),
	KUNIT_CASE(a_stranger_finds_the_newest),
	KUNIT_CASE(who_writes_again_does_not_find_the_old_one),
	KUNIT_CASE(the_oldest_goes_when_there_is_no_room),
	KUNIT_CASE(a_long_text_is_cut),
	{}
};

static struct kunit_suite last_error_test_suite = {
	.name = "covirt-last-error",
	.init = last_error_test_begin,
	.test_cases = last_error_test_cases,
};

kunit_test_suite(last_error_test_suite);
