// SPDX-License-Identifier: GPL-2.0-only
#include <sanitizer/asan_interface.h>

#include "core/linux/layout.h"
#include "enclave.h"

#define MIB		BIT_ULL(20)
#define GIB		BIT_ULL(30)
#define BLANK_PAGE	0x1000
#define INSTANCES	2

/**
 * struct shape - blocks and what a layout makes of them
 * @build: the layout
 * @block: ends with a length of 0
 */
struct shape {
	int (*build)(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
		     hpa_t blank_page);
	struct covirt_block block[5];
};

static const struct shape shapes[] = {
	{ layout_build_packed, { { GIB, 8 * MIB } } },
	{ layout_build_identity, { { 16 * MIB, 64 * MIB } } },
	{ layout_build_packed, { { GIB, 2 * MIB }, { 2 * GIB, 2 * MIB }, { 3 * GIB, 4 * MIB } } },
	{ layout_build_identity,
	  { { 2 * MIB, 2 * MIB }, { 16 * MIB, 4 * MIB }, { 5 * GIB, 8 * MIB } } },
	{ layout_build_identity,
	  { { 16 * MIB, 2 * MIB }, { 18 * MIB, 2 * MIB }, { 24 * MIB, 4 * MIB } } },
	{ layout_build_packed, { { GIB, 2 * MIB } } },
	{ layout_build_identity, { { 2 * MIB, 2 * MIB }, { BIT_ULL(47) - 2 * MIB, 4 * MIB } } },
	{ layout_build_packed, { { GIB, 64 * MIB } } },
	{ layout_build_identity, { { 2 * MIB, 2 * MIB }, { BIT_ULL(47) - 2 * MIB, 8 * MIB } } },
};

static void ram_create(struct enclave_ram *ram, u64 len)
{
	CHECK(posix_memalign((void **)&ram->bytes, COVIRT_PAGE_SIZE, len) == 0);
	memset(ram->bytes, 0, len);
	ram->touched = calloc(1, len / COVIRT_PAGE_SIZE);
	ASAN_POISON_MEMORY_REGION(ram->bytes, len);
}

static struct enclave *enclave_create(const struct shape *shape)
{
	struct enclave *enclave = calloc(1, sizeof(*enclave));
	const struct covirt_extent *extent;
	u32 nr = 0;

	while (shape->block[nr].len)
		nr++;
	gpmap_init(&enclave->map, enclave->room, ENCLAVE_EXTENTS);
	CHECK(shape->build(&enclave->map, shape->block, nr, BLANK_PAGE) == 0);
	for (extent = enclave->map.extent; extent < enclave->map.extent + enclave->map.nr; extent++)
		if (extent->kind == COVIRT_KIND_RAM)
			ram_create(&enclave->ram[extent - enclave->map.extent], extent->len);
	return enclave;
}

/* The enclave of that shape, its RAM all zero; there are two of each. */
struct enclave *enclave_get(u32 shape, u32 instance)
{
	static struct enclave *made[ARRAY_SIZE(shapes)][INSTANCES];
	struct enclave **enclave = &made[shape % ARRAY_SIZE(shapes)][instance];

	if (!*enclave)
		*enclave = enclave_create(&shapes[shape % ARRAY_SIZE(shapes)]);
	return *enclave;
}

/* The RAM extent that holds an address, by looking at each: gpmap_find() is under test, too. */
static const struct covirt_extent *ram_find(const struct enclave *enclave, gpa_t gpa)
{
	const struct covirt_extent *extent;

	for (extent = enclave->map.extent; extent < enclave->map.extent + enclave->map.nr; extent++)
		if (extent->kind == COVIRT_KIND_RAM && gpa >= extent->gpa &&
		    gpa - extent->gpa < extent->len)
			return extent;
	return NULL;
}

/* loader_request::mem. The maps here are right, so a loader never has a reason to ask in vain. */
void *enclave_mem(void *ctx, gpa_t gpa, u64 len)
{
	struct enclave *enclave = ctx;
	const struct covirt_extent *extent = ram_find(enclave, gpa);
	struct enclave_ram *ram;
	u64 off, page;

	CHECK(len && extent && len <= extent->len - (gpa - extent->gpa));
	if (++enclave->requests == enclave->deny)
		return NULL;
	ram = &enclave->ram[extent - enclave->map.extent];
	off = gpa - extent->gpa;
	for (page = off / COVIRT_PAGE_SIZE; page <= (off + len - 1) / COVIRT_PAGE_SIZE; page++)
		ram->touched[page] = 1;
	ASAN_UNPOISON_MEMORY_REGION(ram->bytes + off, len);
	return ram->bytes + off;
}

static void visit_touched(struct enclave *enclave, void (*visit)(u8 *page, u8 *touched))
{
	u32 i;

	for (i = 0; i < enclave->map.nr; i++) {
		struct enclave_ram *ram = &enclave->ram[i];
		u64 pages = ram->bytes ? enclave->map.extent[i].len / COVIRT_PAGE_SIZE : 0;
		u64 page;

		for (page = 0; page < pages; page++)
			if (ram->touched[page])
				visit(ram->bytes + page * COVIRT_PAGE_SIZE, &ram->touched[page]);
	}
}

static void page_open(u8 *page, u8 *touched)
{
	(void)touched;
	ASAN_UNPOISON_MEMORY_REGION(page, COVIRT_PAGE_SIZE);
}

static void page_reset(u8 *page, u8 *touched)
{
	ASAN_UNPOISON_MEMORY_REGION(page, COVIRT_PAGE_SIZE);
	memset(page, 0, COVIRT_PAGE_SIZE);
	ASAN_POISON_MEMORY_REGION(page, COVIRT_PAGE_SIZE);
	*touched = 0;
}

/* The loader is done: from now on all pages that it has touched may be looked at. */
void enclave_open(struct enclave *enclave)
{
	visit_touched(enclave, page_open);
}

void enclave_reset(struct enclave *enclave)
{
	visit_touched(enclave, page_reset);
	enclave->requests = 0;
}

/* Is it all RAM, in one extent or in several that continue each other? */
bool enclave_has(const struct enclave *enclave, gpa_t gpa, u64 len)
{
	const struct covirt_extent *extent;
	u64 part;

	for (; len; len -= part, gpa += part) {
		extent = ram_find(enclave, gpa);
		if (!extent)
			return false;
		part = min(len, extent->len - (gpa - extent->gpa));
	}
	return true;
}

/* For looking only, inside one extent. */
const void *enclave_at(const struct enclave *enclave, gpa_t gpa, u64 len)
{
	const struct covirt_extent *extent = ram_find(enclave, gpa);

	CHECK(extent && len <= extent->len - (gpa - extent->gpa));
	return enclave->ram[extent - enclave->map.extent].bytes + (gpa - extent->gpa);
}

bool enclave_holds(const struct enclave *enclave, gpa_t gpa, const void *bytes, u64 len)
{
	const u8 *from = bytes;
	u64 part;

	for (; len; len -= part, gpa += part, from += part) {
		part = min(len, COVIRT_PAGE_SIZE - gpa % COVIRT_PAGE_SIZE);
		if (memcmp(enclave_at(enclave, gpa, part), from, part))
			return false;
	}
	return true;
}

/* Two of the same shape, both open: was the same written to the same places? */
bool enclave_same(const struct enclave *a, const struct enclave *b)
{
	u32 i;

	for (i = 0; i < a->map.nr; i++) {
		u64 pages = a->ram[i].bytes ? a->map.extent[i].len / COVIRT_PAGE_SIZE : 0;
		u64 page;

		for (page = 0; page < pages; page++) {
			u64 off = page * COVIRT_PAGE_SIZE;

			if (a->ram[i].touched[page] != b->ram[i].touched[page])
				return false;
			if (a->ram[i].touched[page] &&
			    memcmp(a->ram[i].bytes + off, b->ram[i].bytes + off, COVIRT_PAGE_SIZE))
				return false;
		}
	}
	return true;
}
