// SPDX-License-Identifier: GPL-2.0-only
/* The ICR filter: a CPU may interrupt those of its enclave, and others along routes. */
#include <kunit/test.h>

#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"
#include "irq/avic_posted/permit.h"

/* Three CPUs, whose indexes are not in a row; the sender's is the second of them. */
#define SELF_INDEX	2
#define PRESENT		(BIT(0) | BIT(SELF_INDEX) | BIT(7))
#define SELF		0x25	/* cluster 2, bit 5 */
#define HARDWARE	0x40000000	/* in hardware's ids, which are in no ICR value */

/* Index 1 was in the enclave once. */
static const apicid_t host_ids[] = { [0] = 0x26, [1] = 0x27, [SELF_INDEX] = SELF, [7] = 0x131 };
static const apicid_t own_ids[] = { [0] = 1, [1] = 3, [SELF_INDEX] = 0, [7] = 2 };

static struct covirt_config enclave;

static void enclave_fill(const apicid_t *ids)
{
	u32 index, rest;

	enclave = (struct covirt_config) { .present = PRESENT };
	for_each_index(index, rest, PRESENT | BIT(1)) {
		enclave.cpu[index].apicid = HARDWARE | ids[index];
		enclave.cpu[index].guest_apicid = ids[index];
	}
	for_each_index(index, rest, PRESENT)
		icr_enter_cpu(&enclave, &enclave.cpu[index]);
}

static int enclave_init(struct kunit *test)
{
	enclave_fill(host_ids);
	return 0;
}

static u64 icr_value(u32 dest, u32 shorthand, bool logical, u32 mode, u32 vector)
{
	return (u64)dest << 32 | shorthand << 18 | (u32)logical << 11 | mode << 8 | vector;
}

static void icr_decodes_every_field(struct kunit *test)
{
	struct icr icr = icr_decode(icr_value(0x12345678, ICR_ALL, true, ICR_NMI, 0xfe));

	KUNIT_EXPECT_EQ(test, icr.dest, 0x12345678U);
	KUNIT_EXPECT_EQ(test, icr.shorthand, ICR_ALL);
	KUNIT_EXPECT_TRUE(test, icr.logical);
	KUNIT_EXPECT_FALSE(test, icr.deassert);
	KUNIT_EXPECT_EQ(test, icr.mode, ICR_NMI);
	KUNIT_EXPECT_EQ(test, icr.vector, 0xfe);
	KUNIT_EXPECT_TRUE(test, icr_decode(BIT(15)).deassert);
	KUNIT_EXPECT_FALSE(test, icr_decode(BIT(15) | BIT(14)).deassert);
}

/*
 * The reference asks from the other side: does the local APIC with this id
 * accept the message (SDM vol. 3, 12.6.2 and 12.12.9)?
 */
static bool apic_accepts(u32 apicid, u32 dest, bool logical)
{
	u32 ldr = (apicid / 16) * 0x10000 + (1 << apicid % 16);

	if (dest == 0xffffffff)
		return true;
	if (!logical)
		return apicid == dest;
	return dest / 0x10000 == ldr / 0x10000 && dest % 0x10000 & ldr % 0x10000;
}

#define NR_APICS	0x200	/* all that a destination of the test can name */

static int member(u32 apicid)
{
	u32 index;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (enclave.present >> index & 1 && enclave.cpu[index].guest_apicid == apicid)
			return index;
	return -1;
}

/* -1 if somebody outside, or nobody, is meant, else the mask of CPU indexes. */
static s64 reference_destination(u32 dest, bool logical)
{
	s64 targets = 0;
	u32 id;

	for (id = 0; id < NR_APICS; id++) {
		if (!apic_accepts(id, dest, logical))
			continue;
		if (member(id) >= 0)
			targets |= BIT(member(id));
		else if (dest != 0xffffffff)
			return -1;
	}
	return targets ?: -1;
}

static s64 reference_targets(u32 dest, u32 shorthand, bool logical)
{
	if (shorthand == ICR_SELF)
		return BIT(SELF_INDEX);
	if (shorthand == ICR_ALL)
		return enclave.present;
	if (shorthand == ICR_ALL_BUT_SELF)
		return enclave.present - BIT(SELF_INDEX);
	return reference_destination(dest, logical);
}

static bool reference_mode(u32 mode, u32 vector, u32 shorthand, s64 targets)
{
	if (mode == ICR_FIXED)
		return vector >= 16;
	if (mode == ICR_NMI)
		return shorthand != ICR_SELF;
	if (mode == ICR_INIT || mode == ICR_STARTUP)
		return !(targets & BIT(SELF_INDEX));
	return false;
}

/* Plain is what the filter would have sent to this one CPU, and all of that. */
static void compare_plain(struct kunit *test, u64 value, bool permitted,
			  const struct ipi *ipi)
{
	apicid_t target;
	bool plain = icr_plain(value, value >> 32, &enclave, &target);
	bool want = permitted && ipi->mode == ICR_FIXED && !ipi->route &&
		    hweight32(ipi->targets) == 1 &&
		    icr_decode(value).shorthand == ICR_NO_SHORTHAND;

	KUNIT_ASSERT_EQ_MSG(test, plain, want, "ICR %llx", value);
	if (plain)
		KUNIT_ASSERT_EQ_MSG(test, BIT(member(target ^ HARDWARE)), ipi->targets, "ICR %llx",
				    value);
}

static void compare(struct kunit *test, u32 dest, u32 shorthand, bool logical, u32 mode, u32 vector)
{
	s64 targets = reference_targets(dest, shorthand, logical);
	bool want = targets >= 0 && reference_mode(mode, vector, shorthand, targets);
	u64 value = icr_value(dest, shorthand, logical, mode, vector);
	struct ipi ipi = {};
	bool got = icr_permit(value, &enclave, SELF_INDEX, &ipi);

	KUNIT_ASSERT_EQ_MSG(test, got, want, "ICR %llx", value);
	compare_plain(test, value, got, &ipi);
	if (!got)
		return;
	KUNIT_ASSERT_EQ_MSG(test, ipi.targets, (u32)targets, "ICR %llx", value);
	KUNIT_ASSERT_EQ_MSG(test, ipi.mode, mode, "ICR %llx", value);
	KUNIT_ASSERT_EQ_MSG(test, ipi.vector, vector, "ICR %llx", value);
}

static void compare_modes(struct kunit *test, u32 dest, u32 shorthand, bool logical)
{
	static const u8 vectors[] = { 0, 1, 15, 16, 0x40, 255 };
	u32 mode, i;

	for (mode = 0; mode < 8; mode++)
		for (i = 0; i < ARRAY_SIZE(vectors); i++)
			compare(test, dest, shorthand, logical, mode, vectors[i]);
}

/* Destinations: every APIC id, every logical id of the first clusters, sets, and the odd ones. */
static void compare_destinations(struct kunit *test)
{
	static const u32 odd[] = {
		0xffffffff, 0xfffffffe, 0xffff, 0xffff0000, 0x2ffff, 0x20060, 0x200e0, 0x20040,
		0x20020, 0x130002, 0x130003, 0x80000000, 0x20000, 0x10020, 0x7fffffff,
		HARDWARE | SELF, HARDWARE, 0x7, 0xf,
	};
	u32 n;

	for (n = 0; n < NR_APICS; n++) {
		compare_modes(test, n, ICR_NO_SHORTHAND, false);
		compare_modes(test, n, ICR_NO_SHORTHAND, true);
		compare_modes(test, (n / 16) << 16 | BIT(n % 16), ICR_NO_SHORTHAND, true);
	}
	for (n = 0; n < ARRAY_SIZE(odd); n++) {
		compare_modes(test, odd[n], ICR_NO_SHORTHAND, false);
		compare_modes(test, odd[n], ICR_NO_SHORTHAND, true);
	}
}

static void icr_agrees_with_the_reference_by_destination(struct kunit *test)
{
	compare_destinations(test);
}

static void icr_agrees_with_the_reference_by_own_ids(struct kunit *test)
{
	enclave_fill(own_ids);
	compare_destinations(test);
}

/* Of two CPUs with the same lowest bits one is not plain; both are reached, and nobody else is. */
static void icr_of_ids_that_have_one_slot(struct kunit *test)
{
	static const apicid_t ids[] = { [0] = 0x3, [1] = 0x203, [SELF_INDEX] = 0x5, [7] = 0x103 };
	struct ipi ipi = {};
	apicid_t target;
	u32 index, rest;

	enclave_fill(ids);
	for_each_index(index, rest, PRESENT) {
		u64 value = icr_value(ids[index], ICR_NO_SHORTHAND, false, ICR_FIXED, 0x40);

		KUNIT_ASSERT_TRUE(test, icr_permit(value, &enclave, SELF_INDEX, &ipi));
		KUNIT_EXPECT_EQ(test, ipi.targets, (u32)BIT(index));
		if (icr_plain(value, ids[index], &enclave, &target))
			KUNIT_EXPECT_EQ(test, target, HARDWARE | ids[index]);
	}
	KUNIT_EXPECT_FALSE(test, icr_plain(0x40, 0x203, &enclave, &target));
	KUNIT_EXPECT_FALSE(test, icr_plain(0x40, 0x303, &enclave, &target));
	KUNIT_EXPECT_FALSE(test, icr_plain(0x40, 0xffffffff, &enclave, &target));
}

static void icr_agrees_with_the_reference_by_shorthand(struct kunit *test)
{
	u32 shorthand;

	for (shorthand = ICR_SELF; shorthand <= ICR_ALL_BUT_SELF; shorthand++) {
		compare_modes(test, 0, shorthand, false);
		compare_modes(test, 0x12345678, shorthand, true);
	}
}

static void icr_finds_members_and_strangers(struct kunit *test)
{
	struct ipi ipi;

	KUNIT_EXPECT_TRUE(test, icr_permit(icr_value(0x26, 0, false, ICR_NMI, 0), &enclave,
					   SELF_INDEX, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.targets, (u32)BIT(0));
	KUNIT_EXPECT_TRUE(test, icr_permit(icr_value(0x20060, 0, true, ICR_FIXED, 0x31), &enclave,
					   SELF_INDEX, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.targets, (u32)(BIT(0) | BIT(SELF_INDEX)));
	/* Not any more, or never in the enclave. */
	KUNIT_EXPECT_FALSE(test, icr_permit(icr_value(0x27, 0, false, ICR_FIXED, 0x31), &enclave,
					    SELF_INDEX, &ipi));
	KUNIT_EXPECT_FALSE(test, icr_permit(icr_value(0, 0, false, ICR_FIXED, 0x31), &enclave,
					    SELF_INDEX, &ipi));
	KUNIT_EXPECT_FALSE(test, icr_permit(icr_value(0x200e0, 0, true, ICR_FIXED, 0x31), &enclave,
					    SELF_INDEX, &ipi));
}

/* Linux ends its INIT with a level-triggered one that is not asserted. */
static void icr_of_an_inits_end_reaches_nobody(struct kunit *test)
{
	u64 end = icr_value(0x26, 0, false, ICR_INIT, 0) | BIT(15);
	struct ipi ipi;

	KUNIT_ASSERT_TRUE(test, icr_permit(end, &enclave, SELF_INDEX, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.targets, 0U);
	KUNIT_ASSERT_TRUE(test, icr_permit(end | BIT(14), &enclave, SELF_INDEX, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.targets, (u32)BIT(0));
}

static void icr_ignores_level_trigger_and_reserved_bits(struct kunit *test)
{
	u64 self = icr_value(SELF, ICR_NO_SHORTHAND, false, ICR_FIXED, 0x40);
	u64 other = icr_value(SELF + 2, ICR_NO_SHORTHAND, false, ICR_FIXED, 0x40);
	u64 noise = BIT(12) | BIT(13) | BIT(14) | BIT(15) | GENMASK_ULL(31, 20);
	struct ipi ipi;

	KUNIT_EXPECT_TRUE(test, icr_permit(self | noise, &enclave, SELF_INDEX, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.vector, 0x40);
	KUNIT_EXPECT_FALSE(test, icr_permit(other | noise, &enclave, SELF_INDEX, &ipi));
}

/* A CPU that is alone: to everyone else is to nobody, which is no offence. */
static void icr_of_a_single_cpu(struct kunit *test)
{
	static const struct covirt_config single = {
		.present = 1, .cpu = { { .guest_apicid = 3 } },
	};
	struct ipi ipi;

	KUNIT_EXPECT_TRUE(test, icr_permit(icr_value(0, ICR_ALL_BUT_SELF, false, ICR_NMI, 0),
					   &single, 0, &ipi));
	KUNIT_EXPECT_EQ(test, ipi.targets, 0U);
	KUNIT_EXPECT_FALSE(test, icr_permit(icr_value(0, 0, false, ICR_NMI, 0), &single, 0,
					    &ipi));
}

/* From index SELF_INDEX to APIC 3, from index 7 to APIC 4, and one that was revoked. */
static const struct covirt_config routed = {
	.present = BIT(SELF_INDEX) | BIT(7),
	.cpu = {
		[SELF_INDEX] = { .guest_apicid = SELF },
		[7] = { .guest_apicid = 0x131 },
	},
	.nr_routes = 3,
	.route = {
		{ .icr = 0, .target = 0x300000040, .senders = BIT(SELF_INDEX) },
		{ .icr = 0x300000050, .target = 0x100000022, .senders = BIT(SELF_INDEX) },
		{ .icr = 0x400000050, .senders = BIT(7) },
		{ .icr = 0x500000050, .target = 0x500000050, .senders = BIT(SELF_INDEX) },
	},
};

static const struct covirt_route *route_taken(u64 value, u32 self)
{
	struct ipi ipi = {};

	return icr_permit(value, &routed, self, &ipi) ? ipi.route : NULL;
}

static void icr_follows_a_route_for_who_may(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, route_taken(0x300000050, SELF_INDEX), &routed.route[1]);
	KUNIT_EXPECT_PTR_EQ(test, route_taken(0x300004050, SELF_INDEX), &routed.route[1]);
	KUNIT_EXPECT_PTR_EQ(test, route_taken(0x400000050, 7), &routed.route[2]);
	KUNIT_EXPECT_NULL(test, route_taken(0x300000050, 7));
	KUNIT_EXPECT_NULL(test, route_taken(0x400000050, SELF_INDEX));
}

static void icr_follows_a_route_in_no_other_way(struct kunit *test)
{
	u32 mode;

	KUNIT_EXPECT_NULL(test, route_taken(0x300000051, SELF_INDEX));
	KUNIT_EXPECT_NULL(test, route_taken(0x300000040, SELF_INDEX));	/* revoked */
	KUNIT_EXPECT_NULL(test, route_taken(0x500000050, SELF_INDEX));	/* not counted */
	KUNIT_EXPECT_NULL(test, route_taken(0x300000850, SELF_INDEX));	/* logical */
	for (mode = ICR_LOWEST; mode <= ICR_EXTINT; mode++)
		KUNIT_EXPECT_NULL(test, route_taken(0x300000050 | mode << 8, SELF_INDEX));
	KUNIT_EXPECT_NULL(test, route_taken(0x300040050, SELF_INDEX));	/* to itself */
	KUNIT_EXPECT_NULL(test, route_taken(SELF * BIT_ULL(32) | 0x50, SELF_INDEX));
}

/* nr_routes is believed up to the size of the table, and not beyond. */
static void icr_reads_no_more_routes_than_there_are(struct kunit *test)
{
	struct covirt_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct ipi ipi;

	KUNIT_ASSERT_NOT_NULL(test, config);
	config->present = BIT(0);
	config->nr_routes = U32_MAX;
	config->route[COVIRT_MAX_ROUTES - 1] = (struct covirt_route) { 0x300000050, 1, BIT(0) };
	KUNIT_EXPECT_TRUE(test, icr_permit(0x300000050, config, 0, &ipi));
	KUNIT_EXPECT_FALSE(test, icr_permit(0x300000051, config, 0, &ipi));
}

#define MASKED	BIT(16)
#define MODE(m)	((u64)(m) << 8)

static const struct {
	const char *what;
	u32 msr;
	u64 value;
	bool pass;
	u64 out;
} lvt_cases[] = {
	{ "error, fixed", 0x837, 0xfe, true, 0xfe },
	{ "performance, fixed", 0x834, 0xf0, true, 0xf0 },
	{ "performance, NMI", 0x834, MODE(ICR_NMI), false },
	{ "performance, NMI, masked", 0x834, MODE(ICR_NMI) | MASKED, true, MODE(ICR_NMI) | MASKED },
	{ "thermal, SMI", 0x833, MODE(ICR_SMI), false },
	{ "thermal, SMI, masked", 0x833, MODE(ICR_SMI) | MASKED, false },
	{ "thermal, INIT", 0x833, MODE(ICR_INIT), false },
	{ "CMCI, ExtINT", 0x82f, MODE(ICR_EXTINT), false },
	{ "LINT0, ExtINT", 0x835, MODE(ICR_EXTINT), true, MODE(ICR_EXTINT) | MASKED },
	{ "LINT0, fixed", 0x835, 0x30, true, 0x30 | MASKED },
	{ "LINT1, NMI", 0x836, MODE(ICR_NMI), true, MODE(ICR_NMI) | MASKED },
	{ "LINT1, INIT", 0x836, MODE(ICR_INIT) | MASKED, false },
	{ "LINT0, SMI", 0x835, MODE(ICR_SMI), false },
	{ "timer, TSC deadline", 0x832, 0x40 | BIT(18), true, 0x40 | BIT(18) },
	{ "timer, reserved bit", 0x832, 0x20ec | BIT(17) | MASKED, false },
	{ "timer, periodic, masked, delivery pending", 0x832, 0x10ec | BIT(17) | MASKED, true,
	  0x10ec | BIT(17) | MASKED },
	{ "timer, SMI", 0x832, MODE(ICR_SMI) | 0x40, false },
	{ "timer, NMI", 0x832, MODE(ICR_NMI) | 0x40, false },
	{ "timer, NMI, masked", 0x832, MODE(ICR_NMI) | MASKED, false },
	{ "timer, ExtINT", 0x832, MODE(ICR_EXTINT), false },
	{ "timer, vector of an exception", 0x832, 14, true, 14 | MASKED },
	{ "timer, first vector of interrupts", 0x832, 16, true, 16 },
	{ "error, vector of an exception", 0x837, 2, true, 2 | MASKED },
};

static void lvt_refuses_what_leaves_the_cpu_and_masks_the_pins(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lvt_cases); i++) {
		u64 value = lvt_cases[i].value;
		bool pass = lvt_filter(lvt_cases[i].msr, &value);

		KUNIT_EXPECT_EQ_MSG(test, pass, lvt_cases[i].pass, "%s", lvt_cases[i].what);
		if (pass)
			KUNIT_EXPECT_EQ_MSG(test, value, lvt_cases[i].out, "%s",
					    lvt_cases[i].what);
	}
}

static void svr_has_no_vector_of_an_exception(struct kunit *test)
{
	u64 vector;

	for (vector = 0; vector < 256; vector++) {
		KUNIT_EXPECT_EQ(test, svr_filter(0x100 | vector),
				vector < 16 ? 0x1ffULL : 0x100 | vector);
		KUNIT_EXPECT_EQ(test, svr_filter(BIT_ULL(40) | vector) >> 8, BIT_ULL(32));
	}
}

static struct kunit_case icr_cases[] = {
	KUNIT_CASE(icr_decodes_every_field),
	KUNIT_CASE(icr_agrees_with_the_reference_by_destination),
	KUNIT_CASE(icr_agrees_with_the_reference_by_own_ids),
	KUNIT_CASE(icr_of_ids_that_have_one_slot),
	KUNIT_CASE(icr_agrees_with_the_reference_by_shorthand),
	KUNIT_CASE(icr_finds_members_and_strangers),
	KUNIT_CASE(icr_of_an_inits_end_reaches_nobody),
	KUNIT_CASE(icr_ignores_level_trigger_and_reserved_bits),
	KUNIT_CASE(icr_of_a_single_cpu),
	KUNIT_CASE(icr_follows_a_route_for_who_may),
	KUNIT_CASE(icr_follows_a_route_in_no_other_way),
	KUNIT_CASE(icr_reads_no_more_routes_than_there_are),
	KUNIT_CASE(lvt_refuses_what_leaves_the_cpu_and_masks_the_pins),
	KUNIT_CASE(svr_has_no_vector_of_an_exception),
	{}
};

static struct kunit_suite icr_suite = {
	.name = "covirt-icr",
	.init = enclave_init,
	.test_cases = icr_cases,
};

kunit_test_suites(&icr_suite);
