// SPDX-License-Identifier: GPL-2.0-only
/* Layouts make a guest-physical map of memory blocks: see layout.h. */
#include "core/apic.h"
#include "core/ioapic.h"
#include "core/linux/layout.h"

static int blocks_check(const struct covirt_block *block, u32 nr)
{
	hpa_t free_from = 0;
	u32 i;

	if (!nr)
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		hpa_t base = block[i].base;
		u64 len = block[i].len;

		if (!len || !IS_ALIGNED(base | len, COVIRT_SIZE_2M))
			return -EINVAL;
		if (base < free_from || base >= COVIRT_HPA_LIMIT || len > COVIRT_HPA_LIMIT - base)
			return -EINVAL;
		free_from = base + len;
	}
	return 0;
}

static int insert_ram(struct covirt_gpmap *map, gpa_t gpa, hpa_t hpa, u64 len)
{
	const struct covirt_extent ram = {
		.gpa = gpa,
		.hpa = hpa,
		.len = len,
		.access = COVIRT_RWX,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_RAM,
	};

	return len ? gpmap_insert(map, &ram) : 0;
}

/*
 * A PC kernel looks for option ROMs, SMBIOS and ACPI below 1 MiB. It has to
 * find nothing there, and looking must not be a violation.
 */
static int insert_low(struct covirt_gpmap *map, hpa_t low_memory, hpa_t blank_page)
{
	const struct covirt_extent blank = {
		.gpa = COVIRT_LOW_END,
		.hpa = blank_page,
		.len = COVIRT_BLANK_END - COVIRT_LOW_END,
		.access = COVIRT_READ,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_BLANK,
	};
	int err;

	err = insert_ram(map, 0, low_memory, COVIRT_LOW_END);
	if (err)
		return err;
	return gpmap_insert(map, &blank);
}

static int fill_identity(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			 hpa_t blank_page)
{
	const struct covirt_block *last = &block[nr - 1];
	u64 last_len = last->len - COVIRT_SIZE_2M;
	int err;
	u32 i;

	if (nr == 1 && !last_len)
		return -EINVAL;
	err = insert_low(map, last->base + last_len, blank_page);
	for (i = 0; !err && i < nr - 1; i++)
		err = insert_ram(map, block[i].base, block[i].base, block[i].len);
	if (!err)
		err = insert_ram(map, last->base, last->base, last_len);
	return err;
}

/* The part of @block, placed at @gpa, that falls into [first, end), @up added to its address. */
static int insert_part(struct covirt_gpmap *map, gpa_t gpa, const struct covirt_block *block,
		       gpa_t first, gpa_t end, u64 up)
{
	gpa_t from = max(gpa, first), to = min_t(gpa_t, gpa + block->len, end);

	return from < to ? insert_ram(map, from + up, block->base + (from - gpa), to - from) : 0;
}

/* @up: from the hole to the first address behind all that is not in it. */
static int insert_packed(struct covirt_gpmap *map, gpa_t gpa, const struct covirt_block *block,
			 u64 up)
{
	int err;

	err = insert_part(map, gpa, block, COVIRT_BLANK_END, COVIRT_HOLE, 0);
	if (!err)
		err = insert_part(map, gpa, block, COVIRT_HOLE, COVIRT_HOLE_END, up);
	if (!err)
		err = insert_part(map, gpa, block, COVIRT_HOLE_END, ~0ULL, 0);
	return err;
}

static u64 blocks_len(const struct covirt_block *block, u32 nr)
{
	u64 len = 0;

	while (nr--)
		len += block[nr].len;
	return len;
}

static int fill_packed(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
		       hpa_t blank_page)
{
	gpa_t gpa = 0, end = blocks_len(block, nr);
	int err;
	u32 i;

	err = insert_low(map, block[0].base, blank_page);
	for (i = 0; !err && i < nr; i++) {
		err = insert_packed(map, gpa, &block[i], max(end, COVIRT_HOLE_END) - COVIRT_HOLE);
		gpa += block[i].len;
	}
	return err;
}

typedef int (*layout_fill_t)(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			     hpa_t blank_page);

/*
 * Steps that all layouts share: the blocks are checked first, and a failure leaves the map empty.
 */
static int layout_build(layout_fill_t fill, struct covirt_gpmap *map,
			const struct covirt_block *block, u32 nr, hpa_t blank_page)
{
	int err;

	gpmap_clear(map);
	err = blocks_check(block, nr);
	if (err)
		return err;
	err = fill(map, block, nr, blank_page);
	if (err)
		gpmap_clear(map);
	return err;
}

int layout_build_identity(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			  hpa_t blank_page)
{
	return layout_build(fill_identity, map, block, nr, blank_page);
}

int layout_build_packed(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			hpa_t blank_page)
{
	return layout_build(fill_packed, map, block, nr, blank_page);
}

int layout_add_apic(struct covirt_gpmap *map)
{
	const struct covirt_extent registers = {
		.gpa = APIC_PAGE,
		.hpa = APIC_PAGE,
		.len = COVIRT_PAGE_SIZE,
		.access = covirt_apic_access,
		.memtype = COVIRT_MT_UC,
		.kind = COVIRT_KIND_MMIO,
	};

	return gpmap_insert(map, &registers);
}

int layout_add_ioapic(struct covirt_gpmap *map, hpa_t page)
{
	const struct covirt_extent registers = {
		.gpa = IOAPIC_PAGE,
		.hpa = page,
		.len = COVIRT_PAGE_SIZE,
		.access = COVIRT_READ,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_SHARED,
	};

	return gpmap_insert(map, &registers);
}

/*
 * Addresses of a PC that kernels read without asking, and which kernel does. A page there lets any
 * instruction do so without an exit.
 */
static const struct blank_page {
	gpa_t gpa;
	u64 len;
	const char *reason;
} blank_pages[] = {
	{ IOAPIC_PAGE, COVIRT_PAGE_SIZE,
	  "I/O APIC, if there is none: kernels that do not trust the MADT try its address" },
	{ 0xfed00000, COVIRT_PAGE_SIZE,
	  "HPET: its usual address is tried where ACPI names none" },
	{ 0xfed40000, 5 * COVIRT_PAGE_SIZE,
	  "TPM: drivers that are told to probe look at the fixed address of its localities" },
	{ 0xfed80000, 2 * COVIRT_PAGE_SIZE,
	  "registers of the chip set: Linux 6.16 and later read there why the last reset was" },
};

static int insert_blank_page(struct covirt_gpmap *map, const struct blank_page *page,
			     hpa_t blank_page)
{
	const struct covirt_extent blank = {
		.gpa = page->gpa,
		.hpa = blank_page,
		.len = page->len,
		.access = COVIRT_READ,
		.memtype = COVIRT_MT_WB,
		.kind = COVIRT_KIND_BLANK,
	};
	int err = gpmap_insert(map, &blank);

	return err == -EEXIST ? 0 : err;
}

int layout_add_blank_pages(struct covirt_gpmap *map, hpa_t blank_page)
{
	int err = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(blank_pages) && !err; i++)
		err = insert_blank_page(map, &blank_pages[i], blank_page);
	return err;
}

static bool names_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const struct covirt_layout *layout_by_name(const char *name)
{
	u32 i;

	for (i = 0; i < covirt_nr_layouts; i++)
		if (names_equal(covirt_layouts[i].name, name))
			return &covirt_layouts[i];
	return NULL;
}
