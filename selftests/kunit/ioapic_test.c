// SPDX-License-Identifier: GPL-2.0-only
/* The I/O APIC as a kernel reads and writes it, and what its pins send. */
#include <kunit/test.h>

#include "core/ioapic.h"

#define INDEX		0x00
#define DATA		0x10
#define MASKED		0x10000
#define NOBODY		0xeeU

/* A fresh one; the page is what the co-kernel sees. */
struct world {
	struct ioapic ioapic;
	struct ioapic_page page;
};

static struct world *world_new(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, world);
	return world;
}

/* The pin that sends, or NOBODY. */
static u32 store(struct world *world, u32 offset, u32 value)
{
	u32 pin = NOBODY;
	bool sends = ioapic_write(&world->ioapic, &world->page, offset, value, &pin);

	return sends ? pin : NOBODY;
}

static u32 reg_read(struct world *world, u32 index)
{
	store(world, INDEX, index);
	return world->page.data;
}

static u32 reg_write(struct world *world, u32 index, u32 value)
{
	store(world, INDEX, index);
	return store(world, DATA, value);
}

static void it_begins_with_all_pins_masked(struct kunit *test)
{
	struct world *world = world_new(test);
	u32 index;

	KUNIT_EXPECT_EQ(test, world->page.data, 0U);	/* the index is 0: the id */
	KUNIT_EXPECT_EQ(test, reg_read(world, 0x00), 0U);
	KUNIT_EXPECT_EQ(test, reg_read(world, 0x01), 0x00070011U);
	KUNIT_EXPECT_EQ(test, reg_read(world, 0x02), 0U);
	for (index = 0x10; index < 0x20; index++)
		KUNIT_EXPECT_EQ(test, reg_read(world, index), index % 2 ? 0U : (u32)MASKED);
	for (index = 0x20; index < 0x100; index++)
		KUNIT_EXPECT_EQ(test, reg_read(world, index), 0U);
}

/* Bits that are reserved, or set by hardware alone, stay 0. */
static void entries_keep_what_is_written(struct kunit *test)
{
	struct world *world = world_new(test);
	u32 pin;

	for (pin = 0; pin < IOAPIC_PINS; pin++) {
		reg_write(world, 0x10 + 2 * pin, 0x00010030 + pin);
		reg_write(world, 0x11 + 2 * pin, 0x12345678 + pin);
	}
	for (pin = 0; pin < IOAPIC_PINS; pin++) {
		KUNIT_EXPECT_EQ(test, reg_read(world, 0x10 + 2 * pin), 0x00010030 + pin);
		KUNIT_EXPECT_EQ(test, reg_read(world, 0x11 + 2 * pin), 0x12345678 + pin);
	}
	reg_write(world, 0x18, ~0U);
	KUNIT_EXPECT_EQ(test, world->page.data, 0x0001afffU);
	reg_write(world, 0x18, 0);
	KUNIT_EXPECT_EQ(test, world->page.data, 0U);
}

static void other_registers_and_words_ignore_writes(struct kunit *test)
{
	struct world *world = world_new(test), *before = world_new(test);
	u32 index, offset;

	for (index = 0; index < 0x10; index++)
		KUNIT_EXPECT_EQ(test, reg_write(world, index, ~0U), NOBODY);
	for (index = 0x20; index < 0x100; index++)
		KUNIT_EXPECT_EQ(test, reg_write(world, index, ~0U), NOBODY);
	KUNIT_EXPECT_EQ(test, reg_read(world, 0x01), 0x00070011U);
	store(world, INDEX, 0x18);
	*before = *world;
	for (offset = 0; offset < COVIRT_PAGE_SIZE; offset++)
		if (offset != INDEX && offset != DATA)
			KUNIT_EXPECT_EQ(test, store(world, offset, ~0U), NOBODY);
	KUNIT_EXPECT_EQ(test, memcmp(world, before, sizeof(*world)), 0);
}

static void the_index_has_eight_bits(struct kunit *test)
{
	struct world *world = world_new(test);

	store(world, INDEX, 0xffffff01);
	KUNIT_EXPECT_EQ(test, world->page.index, 1U);
	KUNIT_EXPECT_EQ(test, world->page.data, 0x00070011U);
}

static void a_pin_that_is_masked_keeps_its_edge(struct kunit *test)
{
	struct world *world = world_new(test);

	KUNIT_EXPECT_FALSE(test, ioapic_edge(&world->ioapic, 4));
	KUNIT_EXPECT_FALSE(test, ioapic_edge(&world->ioapic, 4));	/* one is as good as two */
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x19, 0x03000000), NOBODY);
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x18, MASKED | 0x31), NOBODY);
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x16, 0x30), NOBODY);	/* another pin */
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x18, 0x31), 4U);
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x18, 0x31), NOBODY);
	KUNIT_EXPECT_TRUE(test, ioapic_edge(&world->ioapic, 4));
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x18, MASKED | 0x31), NOBODY);
	KUNIT_EXPECT_EQ(test, reg_write(world, 0x18, 0x31), NOBODY);	/* that one was sent */
}

static const struct {
	const char *what;
	u32 low, high;
	bool sent;
	u32 dest;
	bool logical, lowest;
} entries[] = {
	{ "an APIC id", 0x31, 0x05000000, true, 5 },
	{ "the first legal vector", 0x10, 0x05000000, true, 5 },
	{ "an illegal vector", 0x0f, 0x05000000, false },
	{ "no vector", 0x00, 0x05000000, false },
	{ "all bits of the id", 0x31, 0xff000000, true, 0xff },
	{ "an extended id", 0x31, 0x18020000, true, 0x118 },
	{ "all its bits", 0x31, 0xfffe0000, true, 0x7fff },
	{ "bits 48:32 say nothing", 0x31, 0x0501ffff, true, 5 },
	{ "a logical id", 0x831, 0x03000000, true, 3, true },
	{ "the lowest priority of them", 0x931, 0x03000000, true, 3, true, true },
	{ "a level, which is taken for an edge", 0x8031, 0x05000000, true, 5 },
	{ "low active", 0x2031, 0x05000000, true, 5 },
	{ "SMI", 0x231, 0x05000000, false },
	{ "a reserved mode", 0x331, 0x05000000, false },
	{ "NMI", 0x431, 0x05000000, false },
	{ "INIT", 0x531, 0x05000000, false },
	{ "a start-up IPI", 0x631, 0x05000000, false },
	{ "ExtINT", 0x731, 0x05000000, false },
};

static void only_ordinary_interrupts_are_sent(struct kunit *test)
{
	struct world *world = world_new(test);
	struct ioapic_message message;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		const char *what = entries[i].what;
		bool sent;

		reg_write(world, 0x18, entries[i].low);
		reg_write(world, 0x19, entries[i].high);
		sent = ioapic_message(&world->ioapic, 4, &message);
		KUNIT_EXPECT_EQ_MSG(test, sent, entries[i].sent, "%s", what);
		if (!sent)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, (u32)message.vector, entries[i].low & 0xff, "%s", what);
		KUNIT_EXPECT_EQ_MSG(test, message.dest, entries[i].dest, "%s", what);
		KUNIT_EXPECT_EQ_MSG(test, message.logical, entries[i].logical, "%s", what);
		KUNIT_EXPECT_EQ_MSG(test, message.lowest, entries[i].lowest, "%s", what);
	}
}

static struct kunit_case ioapic_cases[] = {
	KUNIT_CASE(it_begins_with_all_pins_masked),
	KUNIT_CASE(entries_keep_what_is_written),
	KUNIT_CASE(other_registers_and_words_ignore_writes),
	KUNIT_CASE(the_index_has_eight_bits),
	KUNIT_CASE(a_pin_that_is_masked_keeps_its_edge),
	KUNIT_CASE(only_ordinary_interrupts_are_sent),
	{}
};

static struct kunit_suite ioapic_suite = {
	.name = "covirt-ioapic",
	.test_cases = ioapic_cases,
};

kunit_test_suites(&ioapic_suite);
