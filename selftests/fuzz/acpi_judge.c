// SPDX-License-Identifier: GPL-2.0-only
#include "acpi_judge.h"

/* The window that the memory map calls ACPI. */
#define WINDOW		0x80000ULL
#define WINDOW_END	0xa0000ULL
#define TABLES_MAX	8

/* Offsets and values, each from the section named. */
enum {
	RSDP_LEN	= 36,	/* 5.2.5.3 */
	RSDP_V1_LEN	= 20,
	RSDP_XSDT	= 24,

	HEADER_LEN	= 36,	/* 5.2.6 */
	HEADER_LENGTH	= 4,

	FADT_X_DSDT	= 140,	/* 5.2.9 */

	MADT_ENTRIES	= 44,	/* 5.2.12 */
	MADT_LAPIC	= 0,
	MADT_IOAPIC	= 1,
	MADT_ADDRESS	= 5,
	MADT_X2APIC	= 9,
};

/**
 * struct walk - the tables found so far
 * @enclave: where they lie
 * @nr:      how many
 * @gpa:     their places
 * @len:     their lengths
 */
struct walk {
	const struct enclave *enclave;
	u32 nr;
	gpa_t gpa[TABLES_MAX];
	u32 len[TABLES_MAX];
};

static u8 sum(const u8 *byte, u32 len)
{
	u8 total = 0;

	while (len--)
		total += *byte++;
	return total;
}

static void judge_place(const struct walk *walk, gpa_t gpa, u64 len)
{
	u32 i;

	CHECK(gpa >= WINDOW && gpa < WINDOW_END && len <= WINDOW_END - gpa);
	for (i = 0; i < walk->nr; i++)
		CHECK(gpa + len <= walk->gpa[i] || walk->gpa[i] + walk->len[i] <= gpa);
}

/* A further table must be whole, in the window, and apart from all others. */
static const u8 *judge_table(struct walk *walk, gpa_t gpa, const char *name)
{
	const u8 *table = enclave_at(walk->enclave, gpa, HEADER_LEN);
	u32 len = number(table + HEADER_LENGTH, 4);

	CHECK(!memcmp(table, name, 4));
	CHECK(len >= HEADER_LEN);
	judge_place(walk, gpa, len);
	CHECK(!sum(table, len));
	CHECK(walk->nr < TABLES_MAX);
	walk->gpa[walk->nr] = gpa;
	walk->len[walk->nr++] = len;
	return table;
}

static const u8 *judge_rsdp(struct walk *walk, gpa_t gpa)
{
	const u8 *rsdp = enclave_at(walk->enclave, gpa, RSDP_LEN);

	CHECK(!memcmp(rsdp, "RSD PTR ", 8));
	judge_place(walk, gpa, RSDP_LEN);
	CHECK(!sum(rsdp, RSDP_V1_LEN) && !sum(rsdp, RSDP_LEN));
	walk->gpa[walk->nr] = gpa;
	walk->len[walk->nr++] = RSDP_LEN;
	return rsdp;
}

/* An entry of CPU @uid: told once, by the short form where that is enough. */
static void judge_cpu(const u8 *entry, u32 uid, const struct loader_request *request)
{
	apicid_t apicid = request->apicid[uid];
	bool x2apic = apicid >= 255;

	CHECK(entry[0] == (x2apic ? MADT_X2APIC : MADT_LAPIC));
	CHECK(entry[1] == (x2apic ? 16 : 8));
	CHECK((x2apic ? number(entry + 4, 4) : entry[3]) == apicid);
	CHECK((x2apic ? number(entry + 12, 4) : entry[2]) == uid);
	CHECK(number(entry + (x2apic ? 8 : 4), 4) == (uid < request->nr_cpus ? 1 : 2));
}

/* Without an override its interrupts are those of its pins, from 0 on. */
static void judge_ioapic(const u8 *entry)
{
	CHECK(entry[1] == 12);
	CHECK(number(entry + 4, 4) == 0xfec00000 && !number(entry + 8, 4));
}

static void judge_madt(const u8 *madt, const struct loader_request *request)
{
	u32 len = number(madt + HEADER_LENGTH, 4);
	u32 nr = request->nr_cpus + request->nr_announced;
	u32 at, cpus = 0, ioapics = 0;

	for (at = MADT_ENTRIES; at + 2 <= len; at += madt[at + 1]) {
		CHECK(madt[at + 1] >= 2 && madt[at + 1] <= len - at);
		if (madt[at] == MADT_ADDRESS)
			continue;
		if (madt[at] == MADT_IOAPIC) {
			judge_ioapic(madt + at);
			ioapics++;
			continue;
		}
		CHECK(cpus < nr);
		judge_cpu(madt + at, cpus, request);
		cpus++;
	}
	CHECK(at == len);
	CHECK(cpus == nr);
	CHECK(ioapics == request->have_ioapic);
}

/**
 * acpi_judge() - CHECK() what a kernel relies on
 * @enclave: open
 * @rsdp:    where the root pointer is said to lie
 * @request: what the tables have to tell
 */
void acpi_judge(const struct enclave *enclave, gpa_t rsdp, const struct loader_request *request)
{
	struct walk walk = { .enclave = enclave };
	const u8 *xsdt, *fadt;

	xsdt = judge_table(&walk, number(judge_rsdp(&walk, rsdp) + RSDP_XSDT, 8), "XSDT");
	CHECK(number(xsdt + HEADER_LENGTH, 4) == HEADER_LEN + 2 * 8);
	fadt = judge_table(&walk, number(xsdt + HEADER_LEN, 8), "FACP");
	judge_table(&walk, number(fadt + FADT_X_DSDT, 8), "DSDT");
	judge_madt(judge_table(&walk, number(xsdt + HEADER_LEN + 8, 8), "APIC"), request);
}
