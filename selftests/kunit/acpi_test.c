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

static const u8 ioapic_entry[] = { 1, 12, 0, 0, 0x00, 0x00, 0xc0, 0xfe, 0, 0, 0, 0 };

/* Each CPU has an entry, and but for an I/O APIC there is nothing else: no overrides of IRQs. */
static void expect_madt(struct kunit *test, bool ioapic)
{
	const struct madt_case *mc = test->param_value;
	struct fixture *fx = test->priv;
	const u8 *madt;
	u32 at = MADT_ENTRIES;
	u32 n;

	fx->request.have_ioapic = ioapic;
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
	if (ioapic) {
		KUNIT_EXPECT_EQ(test, memcmp(madt + at, ioapic_entry, sizeof(ioapic_entry)), 0);
		at += sizeof(ioapic_entry);
	}
	KUNIT_EXPECT_EQ(test, at, at_u32(madt + 4));
}

static void the_madt_lists_each_cpu_once(struct kunit *test)
{
	expect_madt(test, false);
	expect_madt(test, true);
}

/* --- the DSDT: AML, ACPI 6.3, 20.2 --- */

/* The bytes behind a package's length, and where the package ends. */
struct package {
	const u8 *at;
	const u8 *end;
};

/* The package at @at: its opcode, its length in either form, its name. */
static struct package package_at(struct kunit *test, const u8 *at, const char *op, u32 op_len,
				 const char *name)
{
	const u8 *length = at + op_len;
	u32 more = *length >> 6, len = *length & (more ? 0x0f : 0x3f), name_len = strlen(name);

	KUNIT_ASSERT_EQ(test, memcmp(at, op, op_len), 0);
	KUNIT_ASSERT_LE(test, more, 1U);
	len |= more ? length[1] << 4 : 0;
	KUNIT_ASSERT_EQ(test, memcmp(length + 1 + more, name, name_len), 0);
	return (struct package) { length + 1 + more + name_len, length + len };
}

#define PACKAGE(at, op, name)	package_at(test, at, op, sizeof(op) - 1, name)

static const u8 *expect_bytes(struct kunit *test, const u8 *at, const char *bytes, u32 len)
{
	KUNIT_EXPECT_EQ(test, memcmp(at, bytes, len), 0);
	return at + len;
}

#define BYTES(at, bytes)	expect_bytes(test, at, bytes, sizeof(bytes) - 1)

#define COM1_NAMES	"\x08_HID\x0c\x41\xd0\x05\x01\x08_UID\x01\x08_STA\x0a\x0f"
#define RTC_NAMES	"\x08_HID\x0c\x41\xd0\x0b\x00\x08_STA\x0a\x0f\x08_CRS\x11\x0d\x0a\x0a"
#define ROOT_NAMES	"\x08\\_S5_\x12\x07\x04\x0a\x05\0\0\0\x08PICM\0"
#define COM1_IO		"\x47\x01\xf8\x03\xf8\x03\x01\x08"
#define COM1_IRQ	"\x22\x10\x00"	/* a mask of which bit 4 is set: edge, active high */
#define RTC_IO		"\x47\x01\x70\x00\x70\x00\x01\x02"
#define END_TAG		"\x79\x00"

/* Return (Buffer): the resources in it. */
static const u8 *expect_return(struct kunit *test, const u8 *at, const char *bytes, u32 len)
{
	struct package buffer = PACKAGE(at, "\xa4\x11", "");

	KUNIT_EXPECT_EQ(test, (int)buffer.at[0], 0x0a);
	KUNIT_EXPECT_EQ(test, (u32)buffer.at[1], len);
	at = expect_bytes(test, buffer.at + 2, bytes, len);
	KUNIT_EXPECT_PTR_EQ(test, at, buffer.end);
	return at;
}

/* COM1 has its interrupt only for who has told \_PIC something else than 0. */
static void expect_com1(struct kunit *test, struct package device)
{
	static const char with[] = COM1_IO COM1_IRQ END_TAG, without[] = COM1_IO END_TAG;
	struct package method, condition;
	const u8 *at = BYTES(device.at, COM1_NAMES);

	method = PACKAGE(at, "\x14", "_CRS");
	KUNIT_EXPECT_EQ(test, (int)method.at[0], 0);	/* no argument */
	condition = PACKAGE(method.at + 1, "\xa0", "PICM");
	at = expect_return(test, condition.at, with, sizeof(with) - 1);
	KUNIT_EXPECT_PTR_EQ(test, at, condition.end);
	at = expect_return(test, at, without, sizeof(without) - 1);
	KUNIT_EXPECT_PTR_EQ(test, at, method.end);
	KUNIT_EXPECT_PTR_EQ(test, at, device.end);
}

static void expect_rtc(struct kunit *test, struct package device)
{
	const u8 *at = BYTES(device.at, RTC_NAMES RTC_IO END_TAG);

	KUNIT_EXPECT_PTR_EQ(test, at, device.end);
}

/* Packages nest: each ends where its parent ends, the last with the table. */
static void the_dsdt_describes_two_devices(struct kunit *test)
{
	struct package pic, scope, device;
	const u8 *fadt, *dsdt, *at;

	build(test);
	fadt = find_table(test, "FACP");
	KUNIT_ASSERT_TRUE(test, fadt);
	dsdt = table_at(test, at_u64(fadt + DSDT_OF_FADT));
	at = BYTES(dsdt + ACPI_ENTRIES, ROOT_NAMES);
	pic = PACKAGE(at, "\x14", "_PIC");
	at = BYTES(pic.at, "\x01\x70\x68PICM");	/* its argument is stored */
	KUNIT_EXPECT_PTR_EQ(test, at, pic.end);
	scope = PACKAGE(at, "\x10", "\\_SB_");
	device = PACKAGE(scope.at, "\x5b\x82", "COM1");
	expect_com1(test, device);
	KUNIT_EXPECT_PTR_EQ(test, device.end, scope.end);
	scope = PACKAGE(scope.end, "\x10", "\\_SB_");
	device = PACKAGE(scope.at, "\x5b\x82", "RTC_");
	expect_rtc(test, device);
	KUNIT_EXPECT_PTR_EQ(test, device.end, scope.end);
	KUNIT_EXPECT_PTR_EQ(test, scope.end, dsdt + at_u32(dsdt + 4));
}

static struct kunit_case acpi_cases[] = {
	KUNIT_CASE(the_root_leads_to_every_table),
	KUNIT_CASE_PARAM(the_fadt_says, fadt_gen_params),
	KUNIT_CASE_PARAM(the_madt_lists_each_cpu_once, madt_gen_params),
	KUNIT_CASE(the_dsdt_describes_two_devices),
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
