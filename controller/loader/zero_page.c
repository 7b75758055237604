// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling the zero page. Whatever is not told stays 0, and 0 means "there is
 * none": no screen, no EFI, no disks, no APM.
 */
#include "guest_ram.h"
#include "memory_map.h"
#include "zero_page.h"

#define LOADER_TYPE_OTHER	0xff
#define SETUP_DATA_RNG_SEED	9

struct e820_entry {
	u64 start;
	u64 len;
	u32 type;
} __packed;

/* Node of the list that SETUP_DATA begins. */
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

/*
 * Entries that do not fit into the zero page go to a node of their own, as far as Linux has room.
 */
#define E820_MORE_MAX		3072
#define SETUP_DATA_E820_EXT	1

struct setup_data_e820 {
	u64 next;
	u32 type;
	u32 len;
	struct e820_entry entry[];
};

static u64 more_size(u32 nr)
{
	return ALIGN(sizeof(struct setup_data_e820) + nr * sizeof(struct e820_entry),
		     COVIRT_PAGE_SIZE);
}

static_assert(LOW_TABLES + COVIRT_PAGE_SIZE + sizeof(struct setup_data_e820) +
	      (E820_MORE_MAX + 1) * sizeof(struct e820_entry) < LOW_TABLES_END);

/**
 * struct e820 - a memory map while it is filled
 * @page: the zero page
 * @more: what has no room there, or NULL
 * @nr:   entries so far
 */
struct e820 {
	u8 *page;
	struct setup_data_e820 *more;
	u32 nr;
};

static void e820_add(struct e820 *map, const struct told_range *line)
{
	const struct e820_entry entry = { line->range.gpa, line->range.len, line->type };
	u32 nr = map->nr++;

	if (nr < ZERO_E820_MAX) {
		memcpy(map->page + ZERO_E820_TABLE + nr * sizeof(entry), &entry, sizeof(entry));
		map->page[ZERO_E820_COUNT] = nr + 1;
	} else {
		map->more->entry[nr - ZERO_E820_MAX] = entry;
		map->more->len += sizeof(entry);
	}
}

static void e820_fill(const struct loading *loading, struct e820 *map)
{
	struct told_walk walk = {};
	struct told_range line;

	while (memory_map_next(loading->request->map, &walk, &line))
		e820_add(map, &line);
}

/* Room at the end of that of the boot page tables. */
static int more_place(struct loading *loading, struct e820 *map, u32 nr)
{
	const struct loader_request *request = loading->request;

	if (nr > E820_MORE_MAX)
		return loading_fail(loading, -EINVAL,
				    "enclave memory is in more pieces than Linux's memory map takes: use layout packed");
	loading->tables_end -= more_size(nr);
	map->more = request->mem(request->ctx, loading->tables_end, more_size(nr));
	if (!map->more)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	*map->more = (struct setup_data_e820) { .type = SETUP_DATA_E820_EXT };
	return 0;
}

static int e820_write(struct loading *loading, u8 *page)
{
	u32 nr = memory_map_lines(loading->request->map);
	struct e820 map = { .page = page };
	int err = 0;

	if (nr > ZERO_E820_MAX)
		err = more_place(loading, &map, nr - ZERO_E820_MAX);
	if (!err)
		e820_fill(loading, &map);
	return err;
}

static int setup_data_write(struct loading *loading)
{
	struct setup_data seed = { .type = SETUP_DATA_RNG_SEED, .len = sizeof(seed.data) };

	if (loading->tables_end < LOW_TABLES_END)
		seed.next = loading->tables_end;
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
 * @setup:   the kernel's setup header, at most SETUP_HEADER_MAX - SETUP_HEADER bytes
 * @kernel:  where the kernel was loaded
 *
 * Return: 0 or a negative errno.
 */
int zero_page_write(struct loading *loading, const struct image *setup, gpa_t kernel)
{
	const struct loader_request *request = loading->request;
	u8 *page = request->mem(request->ctx, LOW_PARAMS, ZERO_PAGE_SIZE);
	int err;

	if (!page)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	memset(page, 0, ZERO_PAGE_SIZE);
	memcpy(page + SETUP_HEADER, setup->data, setup->len);
	header_write(loading, page, kernel);
	err = e820_write(loading, page);
	if (err)
		return err;
	return setup_data_write(loading);
}
