// SPDX-License-Identifier: GPL-2.0-only
/* The enclave's ACPI tables, found and walked as a kernel does. */
#include <linux/module.h>

#include "controller/loader/acpi.h"
#include "selftests/kunit/loader_fixture.h"

#define RSDP		0x80000
#define ACPI_LEN	0x20000

enum { XSDT_OF_RSDP = 24, DSDT_OF_FADT = 140, ACPI_ENTRIES = 36, MADT_ENTRIES = 44 };

static const struct region no_ram[] = { {} };

static u32 at_u32(const u8 *at)
{
	u32 val;

	memcpy(&val, at, sizeof(val));
	return val;
}

static u64 at_u64(const u8 *at)
{
	u64 val;

	memcpy(&val, at, sizeof(val));
	return val;
}

static u8 sum(const u8 *byte, u32 len)
{
	u8 total = 0;

	while (len--)
		total += *byte++;
	return total;
}

static void build(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct loading loading = { .request = &fx->request };

	if (!fx->nr)
		fixture_memory(test, no_ram);
	KUNIT_ASSERT_EQ(test, acpi_write_tables(&loading), 0);
	KUNIT_ASSERT_TRUE(test, fixture_guards_intact(fx));
	KUNIT_ASSERT_EQ(test, loading.rsdp, (gpa_t)RSDP);
}

static u8 *table_at(struct kunit *test, gpa_t gpa)
{
	KUNIT_ASSERT_GE(test, gpa, (gpa_t)RSDP);
	KUNIT_ASSERT_LT(test, gpa, (gpa_t)RSDP + ACPI_LEN);
	return fixture_mem(test->priv, gpa, 36);
}

/* The XSDT's table of that name; its checksum is looked at on the way. */
static u8 *find_table(struct kunit *test, const char *name)
{
	struct fixture *fx = test->priv;
	gpa_t xsdt = ram_u64(fx, RSDP + XSDT_OF_RSDP);
	u32 len = ram_u32(fx, xsdt + 4);
	u32 at;
	u8 *table;

	for (at = ACPI_ENTRIES; at + 8 <= len; at += 8) {
		table = table_at(test, ram_u64(fx, xsdt + at));
		KUNIT_EXPECT_EQ(test, (int)sum(table, at_u32(table + 4)), 0);
		if (!memcmp(table, name, 4))
			return table;
	}
	KUNIT_FAIL(test, "no %s", name);
	return NULL;
}

static void the_root_leads_to_every_table(struct kunit *test)
{
	struct fixture *fx = test->priv;
	const u8 *rsdp, *xsdt, *fadt, *dsdt;

	build(test);
	rsdp = fixture_mem(fx, RSDP, 36);
	KUNIT_EXPECT_EQ(test, memcmp(rsdp, "RSD PTR ", 8), 0);
	KUNIT_EXPECT_EQ(test, (int)rsdp[15], 2);
	KUNIT_EXPECT_EQ(test, (int)sum(rsdp, 20), 0);
	KUNIT_EXPECT_EQ(test, (int)sum(rsdp, 36), 0);

	xsdt = table_at(test, ram_u64(fx, RSDP + XSDT_OF_RSDP));
	KUNIT_EXPECT_EQ(test, memcmp(xsdt, "XSDT", 4), 0);
	KUNIT_EXPECT_EQ(test, (int)sum(xsdt, at_u32(xsdt + 4)), 0);

	fadt = find_table(test, "FACP");
	KUNIT_ASSERT_TRUE(test, fadt && find_table(test, "APIC"));
	dsdt = table_at(test, at_u64(fadt + DSDT_OF_FADT));
	KUNIT_EXPECT_EQ(test, memcmp(dsdt, "DSDT", 4), 0);
	KUNIT_EXPECT_EQ(test, (int)sum(dsdt, at_u32(dsdt + 4)), 0);
	KUNIT_EXPECT_EQ(test, (u64)at_u32(fadt + 40), at_u64(fadt + DSDT_OF_FADT));
}

struct fadt_case {
	const char *name;
	u32 off;
	u32 size;
	u64 val;
};

static const struct fadt_case fadt_cases[] = {
	{ "length of revision 6", 4, 4, 276 },
	{ "revision 6", 8, 1, 6 },
	{ "no SCI", 46, 2, 0 },
	{ "no SMI command port", 48, 4, 0 },
	{ "no PM1a event block", 56, 4, 0 },
	{ "no PM1a control block", 64, 4, 0 },
	{ "no PM timer", 76, 4, 0 },
	{ "the century's register", 108, 1, 0x32 },
	{ "no VGA, no 8042, no ISA devices", 109, 2, 0x04 },
	{ "hardware-reduced, headless, physical ids, reset, no buttons", 112, 4, 0x181471 },
	{ "reset register is a byte-wide port", 116, 4, 0x01000801 },
	{ "reset register 0xcf9", 120, 8, 0xcf9 },
	{ "reset value", 128, 1, 6 },
	{ "sleep control register is a byte-wide port", 244, 4, 0x01000801 },
	{ "sleep control register 0x604", 248, 8, 0x604 },
	{ "sleep status register 0x605", 260, 8, 0x605 },
};

static void fadt_desc(const struct fadt_case *fc, char *desc)
{
	strscpy(desc, fc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fadt, fadt_cases, fadt_desc);

static void the_fadt_says(struct kunit *test)
{
	const struct fadt_case *fc = test->param_value;
	const u8 *fadt;
	u64 val = 0;

	build(test);
	fadt = find_table(test, "FACP");
	KUNIT_ASSERT_TRUE(test, fadt);
	memcpy(&val, fadt + fc->off, fc->size);
	KUNIT_EXPECT_EQ(test, val, fc->val);
}

struct madt_case {
	const char *name;
	u32 nr;
	u32 announced;
	apicid_t apicid[COVIRT_MAX_CPUS];
};

static const struct madt_case madt_cases[] = {
	{ "one CPU", 1, 0, { 3 } },
	{ "last id of a short entry", 1, 0, { 254 } },
	{ "first id of a long entry", 1, 0, { 255 } },
	{ "one CPU and one more to come", 1, 1, { 3, 4 } },
	{ "two CPUs and two more to come", 2, 2, { 3, 300, 301, 5 } },
	{ "short and long mixed", 4, 0, { 0, 255, 7, 70000 } },
	{ "as many as there can be", COVIRT_MAX_CPUS, 0,
	  { 1000, 1001, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xfffffffe } },
};

static void madt_desc(const struct madt_case *mc, char *desc)
{
	strscpy(desc, mc->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(madt, madt_cases, madt_desc);

/* Entry of CPU @n; returns its length. */
static u32 expect_cpu(struct kunit *test, const u8 *entry, const struct madt_case *mc, u32 n)
{
	apicid_t apicid = mc->apicid[n];
	bool is_short = apicid < 255;

	KUNIT_EXPECT_EQ(test, (int)entry[0], is_short ? 0 : 9);
	KUNIT_EXPECT_EQ(test, (int)entry[1], is_short ? 8 : 16);
	KUNIT_EXPECT_EQ(test, is_short ? entry[3] : at_u32(entry + 4), apicid);
	KUNIT_EXPECT_EQ(test, is_short ? entry[2] : at_u32(entry + 12), n);
	KUNIT_EXPECT_EQ(test, at_u32(entry + (is_short ? 4 : 8)), n < mc->nr ? 1U : 2U);
	return entry[1];
}

/* The MADT of a single CPU begins with an address override: see acpi_fill_madt(). */
static u32 expect_address(struct kunit *test, const u8 *entry)
{
	KUNIT_EXPECT_EQ(test, (int)entry[0], 5);
	KUNIT_EXPECT_EQ(test, at_u64(entry + 4), 0xfee00000ULL);
	return entry[1];
}

/* Each CPU has an entry, and there is nothing else: no IOAPIC, no overrides of IRQs. */
static void the_madt_lists_each_cpu_once(struct kunit *test)
{
	const struct madt_case *mc = test->param_value;
	struct fixture *fx = test->priv;
	const u8 *madt;
	u32 at = MADT_ENTRIES;
	u32 n;

	fx->request.nr_cpus = mc->nr;
	fx->request.nr_announced = mc->announced;
	memcpy(fx->request.apicid, mc->apicid, sizeof(mc->apicid));
	build(test);
	madt = find_table(test, "APIC");
	KUNIT_ASSERT_TRUE(test, madt);
	KUNIT_EXPECT_EQ(test, at_u32(madt + 36), 0xfee00000U);
	KUNIT_EXPECT_EQ(test, at_u32(madt + 40), 0U);
	if (mc->nr + mc->announced == 1)
		at += expect_address(test, madt + at);
	for (n = 0; n < mc->nr + mc->announced; n++)
		at += expect_cpu(test, madt + at, mc, n);
	KUNIT_EXPECT_EQ(test, at, at_u32(madt + 4));
}

static const u8 *find_bytes(const u8 *in, u32 in_len, const char *what, u32 len)
{
	u32 i;

	for (i = 0; i + len <= in_len; i++)
		if (!memcmp(in + i, what, len))
			return in + i;
	return NULL;
}

static const struct {
	const char *hid;
	const char *io;
} devices[] = {
	{ "_HID\x0c\x41\xd0\x05\x01", "\x47\x01\xf8\x03\xf8\x03\x01\x08\x79" },	/* COM1 */
	{ "_HID\x0c\x41\xd0\x0b", "\x47\x01\x70\x00\x70\x00\x01\x02\x79" },	/* RTC */
};

/* Package lengths must nest: each ends where its parent ends, the last with the table. */
static void the_dsdt_describes_devices_without_interrupts(struct kunit *test)
{
	const u8 *fadt, *dsdt, *end, *at, *scope, *scope_end;
	u32 i;

	build(test);
	fadt = find_table(test, "FACP");
	KUNIT_ASSERT_TRUE(test, fadt);
	dsdt = table_at(test, at_u64(fadt + DSDT_OF_FADT));
	end = dsdt + at_u32(dsdt + 4);

	at = find_bytes(dsdt, end - dsdt, "_S5_\x12", 5);
	KUNIT_ASSERT_TRUE(test, at);
	KUNIT_EXPECT_EQ(test, memcmp(at + 6, "\x04\x0a\x05", 3), 0);
	scope = at + 5 + at[5];
	for (i = 0; i < ARRAY_SIZE(devices); i++, scope = scope_end) {
		KUNIT_ASSERT_EQ(test, memcmp(scope, "\x10", 1), 0);
		KUNIT_ASSERT_EQ(test, memcmp(scope + 2, "\\_SB_\x5b\x82", 7), 0);
		scope_end = scope + 1 + scope[1];
		KUNIT_ASSERT_TRUE(test, scope_end <= end);
		KUNIT_EXPECT_TRUE(test, scope + 9 + scope[9] == scope_end);
		KUNIT_EXPECT_TRUE(test, find_bytes(scope, scope_end - scope, devices[i].hid,
						   strlen(devices[i].hid)));
		at = find_bytes(scope, scope_end - scope, "_CRS\x11", 5);
		KUNIT_ASSERT_TRUE(test, at);
		KUNIT_EXPECT_TRUE(test, at + 5 + at[5] == scope_end);
		/* Only these ports, and the end tag. */
		KUNIT_EXPECT_EQ(test, memcmp(scope_end - 10, devices[i].io, 9), 0);
		KUNIT_EXPECT_TRUE(test, at + 8 == scope_end - 10);
	}
	KUNIT_EXPECT_TRUE(test, scope == end);
}

static struct kunit_case acpi_cases[] = {
	KUNIT_CASE(the_root_leads_to_every_table),
	KUNIT_CASE_PARAM(the_fadt_says, fadt_gen_params),
	KUNIT_CASE_PARAM(the_madt_lists_each_cpu_once, madt_gen_params),
	KUNIT_CASE(the_dsdt_describes_devices_without_interrupts),
	{}
};

static struct kunit_suite acpi_suite = {
	.name = "covirt-acpi",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = acpi_cases,
};

kunit_test_suites(&acpi_suite);

MODULE_DESCRIPTION("Covirt: ACPI table tests");
MODULE_LICENSE("GPL");
