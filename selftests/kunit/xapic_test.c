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
	{ 0x0d0, XAPIC_LOGICAL },	/* logical destination */
	{ 0x0e0, XAPIC_LOGICAL },	/* destination format */
	{ 0x0f0, XAPIC_SVR },		/* spurious interrupt vector */
	{ 0x280, XAPIC_PASS },		/* error status */
	{ 0x2f0, XAPIC_LVT },		/* LVT CMCI */
	{ 0x300, XAPIC_ICR },		/* interrupt command */
	{ 0x310, XAPIC_ICR_HIGH },	/* its second half */
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

/* SDM vol. 3, figures 12-8, 12-18, 12-23, 12-10: a value without them an APIC never refuses. */
static const struct {
	u32 reg;
	u32 bits;
} writable[] = {
	{ 0x08, 0xff }, { 0x0b, 0 }, { 0x0f, 0x1ff }, { 0x28, 0 }, { 0x2f, 0x1a7ff },
	{ 0x31, 0xff000000 }, { 0x32, 0x700ff }, { 0x33, 0x1a7ff }, { 0x34, 0x1a7ff },
	{ 0x35, 0x1a7ff }, { 0x36, 0x1a7ff }, { 0x37, 0x1a7ff }, { 0x38, 0xffffffff },
	{ 0x3e, 0xb }, { 0x03, 0 }, { 0x3f, 0 },
};

static void no_reserved_bit_of_a_register_is_writable(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(writable); i++)
		KUNIT_EXPECT_EQ_MSG(test, xapic_writable(writable[i].reg), writable[i].bits,
				    "register %x", writable[i].reg);
}

/* A word for each model, by the bits of the manual's figures: SDM vol. 3, 12.6.2.2. */
static bool reference_accepts(u32 dfr, u32 id, u32 dest)
{
	u32 bit;

	if (dfr == 0x0fffffff && id / 16 != dest / 16)
		return false;
	for (bit = 0; bit < (dfr == 0x0fffffff ? 4 : 8); bit++)
		if (id >> bit & 1 && dest >> bit & 1)
			return true;
	return false;
}

static void each_logical_id_is_that_of_the_cpus_that_have_it(struct kunit *test)
{
	static const u32 formats[] = { 0xffffffff, 0x0fffffff };
	u32 format, id, dest;

	for (format = 0; format < 2; format++)
		for (id = 0; id < 256; id++)
			for (dest = 0; dest < 255; dest++) {
				struct xapic_logical cpus[3] = {
					{ id << 24, formats[format] }, { 0, formats[format] },
					{ id << 24, formats[format] },
				};
				u32 want = reference_accepts(formats[format], id, dest) ? 5 : 0;

				if (xapic_targets(cpus, 3, dest) != want)
					KUNIT_FAIL(test, "format %u, id %x, destination %x",
						   format, id, dest);
			}
}

static void a_cpu_that_has_set_no_logical_id_has_none(struct kunit *test)
{
	const struct xapic_logical cpus[2] = {};
	u32 dest;

	for (dest = 0; dest < 255; dest++)
		KUNIT_EXPECT_EQ(test, xapic_targets(cpus, 2, dest), 0U);
}

static void logical_is_what_names_somebody_by_a_logical_id(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, xapic_is_logical(0x01000000, 0x4831));
	KUNIT_EXPECT_FALSE(test, xapic_is_logical(0x01000000, 0x4031));
	KUNIT_EXPECT_FALSE(test, xapic_is_logical(0xff000000, 0x4831));
	KUNIT_EXPECT_FALSE(test, xapic_is_logical(0x01000000, 0x44831));
	KUNIT_EXPECT_FALSE(test, xapic_is_logical(0x01000000, 0x84831));
	KUNIT_EXPECT_FALSE(test, xapic_is_logical(0x01000000, 0xc4831));
}

/* As icr_permit(), whose targets are known by the destination. */
static void targets_that_are_known_are_permitted_as_others_are(struct kunit *test)
{
	u32 index, low;

	for (index = 0; index < 3; index++)
		for (low = 0; low < 0x8000; low += 0x0f) {
			struct ipi want = {}, got = {};
			u64 value = (u64)enclave.cpu[index].guest_apicid << 32 | (low & ~0x800);
			bool may = icr_permit(value, &enclave, SELF, &want);

			KUNIT_EXPECT_EQ(test, icr_permit_targets(low, BIT(index), SELF, &got), may);
			KUNIT_EXPECT_EQ(test, got.targets, want.targets);
			KUNIT_EXPECT_EQ(test, got.mode, want.mode);
			KUNIT_EXPECT_EQ(test, got.vector, want.vector);
			KUNIT_EXPECT_FALSE(test, icr_permit_targets(low, 0, SELF, &got));
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
	KUNIT_CASE(no_reserved_bit_of_a_register_is_writable),
	KUNIT_CASE(each_logical_id_is_that_of_the_cpus_that_have_it),
	KUNIT_CASE(a_cpu_that_has_set_no_logical_id_has_none),
	KUNIT_CASE(logical_is_what_names_somebody_by_a_logical_id),
	KUNIT_CASE(targets_that_are_known_are_permitted_as_others_are),
	KUNIT_CASE(the_first_half_of_the_icr_stays_what_it_is),
	KUNIT_CASE(the_guest_reads_the_registers_and_cannot_write_them),
	{}
};

static struct kunit_suite xapic_suite = {
	.name = "covirt-xapic",
	.test_cases = xapic_cases,
};

kunit_test_suites(&xapic_suite);
