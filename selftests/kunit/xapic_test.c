// SPDX-License-Identifier: GPL-2.0-only
/* Policy for writes to an APIC in memory, and the targets of its ICR. */
#include <kunit/test.h>

#include "core/linux/layout.h"
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"
#include "irq/avic_posted/permit.h"
#include "irq/avic_posted/xapic.h"
#include "selftests/kunit/new_map.h"

/* SDM vol. 3, table 12-1: what is in no line here is reserved or read-only. */
static const struct {
	u32 offset;
	enum xapic_action action;
} registers[] = {
	{ 0x020, XAPIC_IGNORE },	/* id */
	{ 0x080, XAPIC_PASS },		/* task priority */
	{ 0x0b0, XAPIC_PASS },		/* EOI */
	{ 0x0d0, XAPIC_IGNORE },	/* logical destination */
	{ 0x0e0, XAPIC_IGNORE },	/* destination format */
	{ 0x0f0, XAPIC_SVR },		/* spurious interrupt vector */
	{ 0x280, XAPIC_PASS },		/* error status */
	{ 0x2f0, XAPIC_LVT },		/* LVT CMCI */
	{ 0x300, XAPIC_ICR },		/* interrupt command */
	{ 0x310, XAPIC_PASS },		/* its second half */
	{ 0x320, XAPIC_LVT },		/* LVT timer */
	{ 0x330, XAPIC_LVT },		/* LVT thermal sensor */
	{ 0x340, XAPIC_LVT },		/* LVT performance monitoring counters */
	{ 0x350, XAPIC_LVT },		/* LVT LINT0 */
	{ 0x360, XAPIC_LVT },		/* LVT LINT1 */
	{ 0x370, XAPIC_LVT },		/* LVT error */
	{ 0x380, XAPIC_PASS },		/* initial count */
	{ 0x3e0, XAPIC_PASS },		/* divide configuration */
};

static enum xapic_action reference_action(u32 offset)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(registers); i++)
		if (registers[i].offset == offset)
			return registers[i].action;
	return XAPIC_REFUSE;
}

static void every_byte_of_the_page_has_the_action_of_its_register(struct kunit *test)
{
	u32 offset;

	for (offset = 0; offset < COVIRT_PAGE_SIZE; offset++)
		KUNIT_EXPECT_EQ_MSG(test, xapic_write_action(offset), reference_action(offset),
				    "offset %x", offset);
}

/* As in x2APIC mode, by the number of the MSR. */
static void what_is_filtered_as_local_vector_is_one(struct kunit *test)
{
	u32 offset;

	for (offset = 0; offset < COVIRT_PAGE_SIZE; offset++) {
		u64 smi = 0x200;

		if (xapic_write_action(offset) == XAPIC_LVT)
			KUNIT_EXPECT_FALSE_MSG(test, lvt_filter(APIC_MSR + offset / APIC_STRIDE,
								&smi), "offset %x", offset);
	}
}

#define SELF	1

static const struct covirt_config enclave = {
	.present = 7,
	.boot = 0,
	.cpu = { { .guest_apicid = 2 }, { .guest_apicid = 3 }, { .guest_apicid = 254 } },
};

/* Eight bits of destination; no CPU of ours has a logical id: SDM vol. 3, 12.6.2. */
static u32 reference_targets(u32 dest, bool logical)
{
	u32 index, targets = 0;

	for (index = 0; index < 3; index++)
		if (dest == 255 || (!logical && enclave.cpu[index].guest_apicid == dest))
			targets += 1U << index;
	return targets;
}

static void destinations_mean_the_cpus_that_accept_them(struct kunit *test)
{
	u32 dest, logical;

	for (logical = 0; logical < 2; logical++)
		for (dest = 0; dest < 256; dest++) {
			u64 value = xapic_icr(dest << 24 | 0xabcdef, 0x4055 | logical << 11);
			u32 want = reference_targets(dest, logical);
			struct ipi ipi = {};
			bool got = icr_permit(value, &enclave, SELF, &ipi);

			KUNIT_EXPECT_EQ_MSG(test, got, want != 0, "%u to %u", logical, dest);
			KUNIT_EXPECT_EQ_MSG(test, ipi.targets, want, "%u to %u", logical, dest);
		}
}

static void the_first_half_of_the_icr_stays_what_it_is(struct kunit *test)
{
	u32 bit;

	for (bit = 0; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, (u32)xapic_icr(0, 1U << bit), 1U << bit);
}

static void the_guest_reads_the_registers_and_cannot_write_them(struct kunit *test)
{
	struct covirt_gpmap *map = new_map_of(test, 1);
	const struct covirt_extent *page;

	KUNIT_ASSERT_EQ(test, layout_add_apic(map), 0);
	page = gpmap_find(map, 0xfee00000);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page->gpa, 0xfee00000ULL);
	KUNIT_EXPECT_EQ(test, page->hpa, 0xfee00000ULL);
	KUNIT_EXPECT_EQ(test, page->len, 4096ULL);
	KUNIT_EXPECT_EQ(test, page->access, COVIRT_READ);
	KUNIT_EXPECT_EQ(test, page->memtype, COVIRT_MT_UC);
	KUNIT_EXPECT_EQ(test, page->kind, COVIRT_KIND_MMIO);
	KUNIT_EXPECT_EQ(test, layout_add_apic(map), -EEXIST);
}

static struct kunit_case xapic_cases[] = {
	KUNIT_CASE(every_byte_of_the_page_has_the_action_of_its_register),
	KUNIT_CASE(what_is_filtered_as_local_vector_is_one),
	KUNIT_CASE(destinations_mean_the_cpus_that_accept_them),
	KUNIT_CASE(the_first_half_of_the_icr_stays_what_it_is),
	KUNIT_CASE(the_guest_reads_the_registers_and_cannot_write_them),
	{}
};

static struct kunit_suite xapic_suite = {
	.name = "covirt-xapic",
	.test_cases = xapic_cases,
};

kunit_test_suites(&xapic_suite);
