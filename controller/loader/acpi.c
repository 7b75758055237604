// SPDX-License-Identifier: GPL-2.0-only
/*
 * The enclave's ACPI tables (ACPI 6.3): RSDP, XSDT, FADT, DSDT, MADT, at fixed
 * places in [LOW_ACPI, LOW_END). Hardware-reduced: no PM registers, no SCI, no legacy
 * devices but a serial port and a clock. A reset and a sleep register are there, which the
 * hypervisor takes.
 */
#include "acpi.h"
#include "core/cmos.h"
#include "core/ioapic.h"

/* Offsets from LOW_ACPI. */
#define AT_RSDP		0x0000
#define AT_XSDT		0x0040
#define AT_FADT		0x0100
#define AT_DSDT		0x0300
#define AT_MADT		0x0400

#define PORT_RESET		0xcf9
#define RESET_VALUE		0x06
#define PORT_SLEEP_CONTROL	0x604
#define PORT_SLEEP_STATUS	0x605
#define APIC_BASE		0xfee00000

/**
 * struct acpi_header - the header of every table but the RSDP, 5.2.6
 * @signature: its name
 * @length:    bytes, this header included
 * @revision:  of the table's layout
 * @checksum:  makes the sum of all bytes 0
 * @oem:       OEM id (6 bytes) and OEM table id (8 bytes)
 * @oem_revision: 1
 * @creator:   creator id
 * @creator_revision: 1
 */
struct acpi_header {
	char signature[4];
	u32 length;
	u8 revision;
	u8 checksum;
	char oem[14];
	u32 oem_revision;
	char creator[4];
	u32 creator_revision;
} __packed;

/* 5.2.5.3 */
struct acpi_rsdp {
	char signature[8];
	u8 checksum;		/* of the first 20 bytes */
	char oem[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
	u8 extended_checksum;
	u8 reserved[3];
} __packed;

/* 5.2.8 */
struct acpi_xsdt {
	struct acpi_header header;
	u64 table[2];
} __packed;

/* Generic address structure, 5.2.3.2 */
struct acpi_address {
	u8 space;
	u8 bit_width;
	u8 bit_offset;
	u8 access_size;
	u64 address;
} __packed;

/* 5.2.9; what a hardware-reduced platform leaves 0 is summed up as "none" */
struct acpi_fadt {
	struct acpi_header header;
	u32 facs;
	u32 dsdt;
	u8 none0;
	u8 profile;
	u8 none1[62];
	u8 century;
	u16 boot_arch;
	u8 none2;
	u32 flags;
	struct acpi_address reset;
	u8 reset_value;
	u16 arm_boot_arch;
	u8 minor_revision;
	u64 x_facs;
	u64 x_dsdt;
	u8 none3[96];
	struct acpi_address sleep_control;
	struct acpi_address sleep_status;
	char hypervisor[8];
} __packed;

static_assert(offsetof(struct acpi_fadt, boot_arch) == 109);
static_assert(offsetof(struct acpi_fadt, reset) == 116);
static_assert(offsetof(struct acpi_fadt, x_dsdt) == 140);
static_assert(offsetof(struct acpi_fadt, sleep_control) == 244);
static_assert(sizeof(struct acpi_fadt) == 276);

enum {
	SPACE_IO		= 1,
	ACCESS_BYTE		= 1,
	PROFILE_SERVER		= 4,

	BOOT_NO_VGA		= 0x04,	/* 5.2.9.3; no bit: no 8042 and no ISA devices */

	FADT_WBINVD		= 0x000001,	/* 5.2.9, table 5-35 */
	FADT_NO_POWER_BUTTON	= 0x000010,
	FADT_NO_SLEEP_BUTTON	= 0x000020,
	FADT_NO_RTC_WAKE	= 0x000040,
	FADT_RESET		= 0x000400,
	FADT_HEADLESS		= 0x001000,
	FADT_APIC_PHYSICAL	= 0x080000,
	FADT_HW_REDUCED		= 0x100000,

	MADT_LAPIC		= 0,
	MADT_IOAPIC		= 1,
	MADT_LAPIC_ADDRESS	= 5,
	MADT_X2APIC		= 9,
	MADT_ENABLED		= 1,
	MADT_ONLINE_CAPABLE	= 2,	/* not there yet: 5.2.12.2 */
	LAPIC_IDS		= 255,	/* ids below are told by the short entry: 5.2.12.12 */
};

/* 5.2.12 */
struct acpi_madt {
	struct acpi_header header;
	u32 apic_base;
	u32 flags;
	u8 entry[];
} __packed;

/* 5.2.12.2 */
struct madt_lapic {
	u8 type;
	u8 length;
	u8 uid;
	u8 apicid;
	u32 flags;
} __packed;

/* 5.2.12.3 */
struct madt_ioapic {
	u8 type;
	u8 length;
	u8 id;
	u8 reserved;
	u32 address;
	u32 first_interrupt;
} __packed;

/* 5.2.12.8 */
struct madt_lapic_address {
	u8 type;
	u8 length;
	u16 reserved;
	u64 address;
} __packed;

/* 5.2.12.12 */
struct madt_x2apic {
	u8 type;
	u8 length;
	u16 reserved;
	u32 apicid;
	u32 flags;
	u32 uid;
} __packed;

/* A package's length that is told in two bytes, themselves included: 20.2.4. */
#define LONG_PACKAGE(length)	(0x40 | ((length) & 0x0f)), ((length) >> 4)

#define COM1_PORTS	0x47, 0x01, 0xf8, 0x03, 0xf8, 0x03, 1, 8
#define END_TAG		0x79, 0x00

/*
 * The DSDT's AML, 20.2. COM1 has an interrupt only for those who say by \_PIC that they use the
 * I/O APIC: others, and all of them where there is none, could not have it delivered. The 8250
 * driver polls by timer then. The real-time clock has no alarms, and no interrupt. With that
 * device Linux takes the date a second time, once it counts by the TSC: what it missed until then,
 * while it counted its ticks, is made up for.
 */
static const u8 dsdt_aml[] = {
	/* Name (\_S5, Package (4) { 5, 0, 0, 0 }): 5 goes to the sleep control register */
	0x08, '\\', '_', 'S', '5', '_',
	0x12, 7, 4, 0x0a, 5, 0x00, 0x00, 0x00,
	/* Name (PICM, Zero) */
	0x08, 'P', 'I', 'C', 'M', 0x00,
	/* Method (_PIC, 1) { Store (Arg0, PICM) } */
	0x14, 12, '_', 'P', 'I', 'C', 1, 0x70, 0x68, 'P', 'I', 'C', 'M',
	/* Scope (\_SB) */
	0x10, LONG_PACKAGE(84), '\\', '_', 'S', 'B', '_',
	/*   Device (COM1) */
	0x5b, 0x82, LONG_PACKAGE(75), 'C', 'O', 'M', '1',
	/*     Name (_HID, EisaId ("PNP0501")) */
	0x08, '_', 'H', 'I', 'D', 0x0c, 0x41, 0xd0, 0x05, 0x01,
	/*     Name (_UID, One) */
	0x08, '_', 'U', 'I', 'D', 0x01,
	/*     Name (_STA, 0x0f): present, enabled, shown, working */
	0x08, '_', 'S', 'T', 'A', 0x0a, 0x0f,
	/*     Method (_CRS) */
	0x14, 45, '_', 'C', 'R', 'S', 0,
	/*       If (PICM) */
	0xa0, 23, 'P', 'I', 'C', 'M',
	/*         Return (ResourceTemplate () {
	 *             IO (Decode16, 0x3f8, 0x3f8, 1, 8) IRQNoFlags () {4} })
	 */
	0xa4, 0x11, 16, 0x0a, 13, COM1_PORTS, 0x22, BIT(IOAPIC_COM1), 0x00, END_TAG,
	/*       Return (ResourceTemplate () { IO (Decode16, 0x3f8, 0x3f8, 1, 8) }) */
	0xa4, 0x11, 13, 0x0a, 10, COM1_PORTS, END_TAG,
	/* Scope (\_SB) */
	0x10, 49, '\\', '_', 'S', 'B', '_',
	/*   Device (RTC) */
	0x5b, 0x82, 41, 'R', 'T', 'C', '_',
	/*     Name (_HID, EisaId ("PNP0B00")) */
	0x08, '_', 'H', 'I', 'D', 0x0c, 0x41, 0xd0, 0x0b, 0x00,
	/*     Name (_STA, 0x0f) */
	0x08, '_', 'S', 'T', 'A', 0x0a, 0x0f,
	/*     Name (_CRS, ResourceTemplate () { IO (Decode16, 0x70, 0x70, 1, 2) }) */
	0x08, '_', 'C', 'R', 'S', 0x11, 13, 0x0a, 10,
	0x47, 0x01, CMOS_PORTS, 0x00, CMOS_PORTS, 0x00, 1, CMOS_NR_PORTS, 0x79, 0x00,
};

static_assert(AT_DSDT + sizeof(struct acpi_header) + sizeof(dsdt_aml) <= AT_MADT);
static_assert(AT_MADT + sizeof(struct acpi_madt) + sizeof(struct madt_lapic_address) +
	      COVIRT_MAX_CPUS * sizeof(struct madt_x2apic) + sizeof(struct madt_ioapic) <=
	      LOW_END - LOW_ACPI);

static u8 acpi_checksum(const void *table, u32 len)
{
	const u8 *byte = table;
	u8 sum = 0;

	while (len--)
		sum += *byte++;
	return -sum;
}

/* Fill the header of a table whose body is complete. */
static void acpi_finish(struct acpi_header *header, const char *signature, u8 revision, u32 len)
{
	memcpy(header->signature, signature, sizeof(header->signature));
	memcpy(header->oem, "COVIRTCOVIRT  ", sizeof(header->oem));
	memcpy(header->creator, "CVRT", sizeof(header->creator));
	header->length = len;
	header->revision = revision;
	header->oem_revision = 1;
	header->creator_revision = 1;
	header->checksum = 0;
	header->checksum = acpi_checksum(header, len);
}

static void acpi_fill_rsdp(struct acpi_rsdp *rsdp)
{
	*rsdp = (struct acpi_rsdp){
		.revision = 2,
		.length = sizeof(*rsdp),
		.xsdt = LOW_ACPI + AT_XSDT,
	};
	memcpy(rsdp->signature, "RSD PTR ", sizeof(rsdp->signature));
	memcpy(rsdp->oem, "COVIRT", sizeof(rsdp->oem));
	rsdp->checksum = acpi_checksum(rsdp, offsetof(struct acpi_rsdp, length));
	rsdp->extended_checksum = acpi_checksum(rsdp, sizeof(*rsdp));
}

static void acpi_fill_xsdt(struct acpi_xsdt *xsdt)
{
	xsdt->table[0] = LOW_ACPI + AT_FADT;
	xsdt->table[1] = LOW_ACPI + AT_MADT;
	acpi_finish(&xsdt->header, "XSDT", 1, sizeof(*xsdt));
}

static struct acpi_address acpi_port(u16 port)
{
	return (struct acpi_address){ SPACE_IO, 8, 0, ACCESS_BYTE, port };
}

/*
 * APIC_PHYSICAL: a kernel that finds its APIC in xAPIC mode must not address CPUs by logical
 * ids, of which they have none (irq/avic_posted/xapic.c).
 */
static void acpi_fill_fadt(struct acpi_fadt *fadt)
{
	*fadt = (struct acpi_fadt){
		.dsdt = LOW_ACPI + AT_DSDT,
		.profile = PROFILE_SERVER,
		.century = CMOS_CENTURY,
		.boot_arch = BOOT_NO_VGA,
		.flags = FADT_WBINVD | FADT_NO_POWER_BUTTON | FADT_NO_SLEEP_BUTTON |
			 FADT_NO_RTC_WAKE | FADT_RESET | FADT_HEADLESS | FADT_APIC_PHYSICAL |
			 FADT_HW_REDUCED,
		.reset = acpi_port(PORT_RESET),
		.reset_value = RESET_VALUE,
		.minor_revision = 3,
		.x_dsdt = LOW_ACPI + AT_DSDT,
		.sleep_control = acpi_port(PORT_SLEEP_CONTROL),
		.sleep_status = acpi_port(PORT_SLEEP_STATUS),
	};
	memcpy(fadt->hypervisor, "COVIRT\0\0", sizeof(fadt->hypervisor));
	acpi_finish(&fadt->header, "FACP", 6, sizeof(*fadt));
}

static void acpi_fill_dsdt(struct acpi_header *dsdt)
{
	memcpy(dsdt + 1, dsdt_aml, sizeof(dsdt_aml));
	acpi_finish(dsdt, "DSDT", 2, sizeof(*dsdt) + sizeof(dsdt_aml));
}

static u32 madt_add_lapic(u8 *at, u32 uid, apicid_t apicid, u32 flags)
{
	const struct madt_lapic entry = {
		MADT_LAPIC, sizeof(entry), uid, apicid, flags
	};

	memcpy(at, &entry, sizeof(entry));
	return sizeof(entry);
}

static u32 madt_add_x2apic(u8 *at, u32 uid, apicid_t apicid, u32 flags)
{
	const struct madt_x2apic entry = {
		MADT_X2APIC, sizeof(entry), 0, apicid, flags, uid
	};

	memcpy(at, &entry, sizeof(entry));
	return sizeof(entry);
}

static u32 madt_add_cpu(u8 *at, const struct loader_request *request, u32 n)
{
	u32 flags = n < request->nr_cpus ? MADT_ENABLED : MADT_ONLINE_CAPABLE;
	apicid_t apicid = request->apicid[n];

	return apicid < LAPIC_IDS ? madt_add_lapic(at, n, apicid, flags) :
				    madt_add_x2apic(at, n, apicid, flags);
}

static u32 madt_add_ioapic(u8 *at)
{
	const struct madt_ioapic entry = { MADT_IOAPIC, sizeof(entry), .address = IOAPIC_PAGE };

	memcpy(at, &entry, sizeof(entry));
	return sizeof(entry);
}

static u32 madt_add_address(u8 *at)
{
	const struct madt_lapic_address entry = {
		MADT_LAPIC_ADDRESS, sizeof(entry), 0, APIC_BASE
	};

	memcpy(at, &entry, sizeof(entry));
	return sizeof(entry);
}

/*
 * Each CPU has one entry, never two, because Linux 6.1 would count both. There are no 8259s.
 *
 * Linux (6.9 and later) uses further CPUs only if the MADT looks like a multiprocessor table. Then
 * it leaves x2APIC mode on only if it is built to run under KVM (core/cpuid_policy.c). The address
 * entry, though it says nothing new, keeps it from that, so that any Linux runs on one CPU without
 * leaving it, unless there is an I/O APIC.
 */
static void acpi_fill_madt(struct acpi_madt *madt, const struct loader_request *request)
{
	u32 nr = request->nr_cpus + request->nr_announced;
	u32 len = nr == 1 ? madt_add_address(madt->entry) : 0;
	u32 n;

	madt->apic_base = APIC_BASE;
	madt->flags = 0;
	for (n = 0; n < nr; n++)
		len += madt_add_cpu(madt->entry + len, request, n);
	if (request->have_ioapic)
		len += madt_add_ioapic(madt->entry + len);
	acpi_finish(&madt->header, "APIC", 5, sizeof(*madt) + len);
}

/**
 * acpi_write_tables() - write the ACPI tables of an enclave
 * @loading: the loading; receives the place of the RSDP in loading::rsdp
 *
 * Return: 0; -EFAULT if low memory is missing.
 */
int acpi_write_tables(struct loading *loading)
{
	const struct loader_request *request = loading->request;
	u8 *base = request->mem(request->ctx, LOW_ACPI, LOW_END - LOW_ACPI);

	if (!base)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	acpi_fill_rsdp((struct acpi_rsdp *)(base + AT_RSDP));
	acpi_fill_xsdt((struct acpi_xsdt *)(base + AT_XSDT));
	acpi_fill_fadt((struct acpi_fadt *)(base + AT_FADT));
	acpi_fill_dsdt((struct acpi_header *)(base + AT_DSDT));
	acpi_fill_madt((struct acpi_madt *)(base + AT_MADT), request);
	loading->rsdp = LOW_ACPI + AT_RSDP;
	return 0;
}
