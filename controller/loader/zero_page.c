// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling the zero page. Whatever is not told stays 0, and 0 means "there is
 * none": no screen, no EFI, no disks, no APM.
 */
#include "guest_ram.h"
#include "zero_page.h"

#define LOADER_TYPE_OTHER	0xff
#define SETUP_DATA_RNG_SEED	9

enum e820_type {
	E820_RAM	= 1,
	E820_ACPI	= 3,
};

struct e820_entry {
	u64 start;
	u64 len;
	u32 type;
} __packed;

/* One node of the list that SETUP_DATA begins. */
struct setup_data {
	u64 next;
	u32 type;
	u32 len;
	u8 data[LOADER_SEED_BYTES];
};

static_assert(sizeof(struct e820_entry) == 20);
static_assert(ZERO_E820_TABLE + ZERO_E820_MAX * sizeof(struct e820_entry) <= ZERO_PAGE_SIZE);

static void put_u32(u8 *page, u32 off, u32 val)
{
	memcpy(page + off, &val, sizeof(val));
}

static void put_u64(u8 *page, u32 off, u64 val)
{
	memcpy(page + off, &val, sizeof(val));
}

static bool e820_add(u8 *page, u64 start, u64 end, enum e820_type type)
{
	const struct e820_entry entry = { start, end - start, type };
	u8 count = page[ZERO_E820_COUNT];

	if (start >= end)
		return true;
	if (count == ZERO_E820_MAX)
		return false;
	memcpy(page + ZERO_E820_TABLE + count * sizeof(entry), &entry, sizeof(entry));
	page[ZERO_E820_COUNT] = count + 1;
	return true;
}

/* The low window is RAM, but for the ACPI tables in it; the rest is the RAM from 1 MiB on. */
static int e820_write(struct loading *loading, u8 *page)
{
	struct gpa_range run;
	u32 cursor = 0;
	bool fits;

	fits = e820_add(page, 0, LOW_ACPI, E820_RAM) &&
	       e820_add(page, LOW_ACPI, LOW_END, E820_ACPI);
	while (fits && guest_ram_next(loading->request->map, &cursor, &run))
		fits = e820_add(page, max(run.gpa, (gpa_t)HIGH_START), run.gpa + run.len,
				E820_RAM);
	if (!fits)
		return loading_fail(loading, -EINVAL,
				    "enclave memory is in too many pieces for Linux's memory map");
	return 0;
}

static int setup_data_write(struct loading *loading)
{
	struct setup_data seed = { .type = SETUP_DATA_RNG_SEED, .len = sizeof(seed.data) };

	memcpy(seed.data, loading->request->rng_seed, sizeof(seed.data));
	return guest_ram_write(loading, LOW_SETUP_DATA, &seed, sizeof(seed));
}

static void header_write(const struct loading *loading, u8 *page, gpa_t kernel)
{
	const struct gpa_range *initrd = &loading->initrd;

	page[SETUP_LOADER_TYPE] = LOADER_TYPE_OTHER;
	page[SETUP_LOADFLAGS] = LOADFLAG_HIGH;
	put_u32(page, SETUP_CODE32_START, kernel);
	put_u32(page, SETUP_CMDLINE, LOW_CMDLINE);
	put_u32(page, ZERO_CMDLINE_HIGH, 0);
	put_u32(page, SETUP_INITRD, initrd->gpa);
	put_u32(page, ZERO_INITRD_HIGH, initrd->gpa >> 32);
	put_u32(page, SETUP_INITRD_SIZE, initrd->len);
	put_u32(page, ZERO_INITRD_SIZE_HIGH, initrd->len >> 32);
	put_u64(page, SETUP_DATA, LOW_SETUP_DATA);
	put_u64(page, ZERO_RSDP, loading->rsdp);
}

/**
 * zero_page_write() - write the zero page to LOW_PARAMS, and the RNG seed
 * @loading: the loading, its RSDP and initrd placed
 * @image:   the bzImage
 * @header:  its checked header
 * @kernel:  where the kernel was loaded
 *
 * Return: 0 or a negative errno.
 */
int zero_page_write(struct loading *loading, const struct image *image,
		    const struct setup_header *header, gpa_t kernel)
{
	const struct loader_request *request = loading->request;
	u8 *page = request->mem(request->ctx, LOW_PARAMS, ZERO_PAGE_SIZE);
	int err;

	if (!page)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	memset(page, 0, ZERO_PAGE_SIZE);
	memcpy(page + SETUP_HEADER, image->data + SETUP_HEADER, header->end - SETUP_HEADER);
	header_write(loading, page, kernel);
	err = e820_write(loading, page);
	if (err)
		return err;
	return setup_data_write(loading);
}
