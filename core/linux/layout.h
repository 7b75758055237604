/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layouts: how an enclave's memory blocks become its guest-physical map.
 *
 * The rules that build a map are in layout.c; the table of those a build
 * offers is in layouts.c, so that a test-only build can link another table.
 */
#ifndef COVIRT_CORE_LAYOUT_H
#define COVIRT_CORE_LAYOUT_H

#include "core/linux/gpmap.h"

/* Real-mode code of the guest (trampolines, boot structures) lives in [0, COVIRT_LOW_END). */
#define COVIRT_LOW_END		0xa0000ULL
/* The blank range, from low memory to 1 MiB: a PC has video memory and, behind it, ROMs there. */
#define COVIRT_SCREEN_END	0xc0000ULL
#define COVIRT_BLANK_END	0x100000ULL

/*
 * Where a PC has no memory, but its I/O APIC and other registers. In the packed layout, what would
 * be there lies behind all else: everything above keeps its place, and with it its large pages.
 */
#define COVIRT_HOLE		0xfec00000ULL
#define COVIRT_HOLE_END		0x100000000ULL

/* Extents that a layout may make of so many blocks: each, the gaps, and those of single pages. */
#define COVIRT_LAYOUT_EXTENTS(nr)	(2 * (nr) + 12)

/* Access rights of a guest to its local APIC's registers, where they are in memory: layouts.c. */
extern const u8 covirt_apic_access;

/**
 * struct covirt_block - one run of host memory that belongs to an enclave
 * @base: host-physical start, multiple of 2 MiB
 * @len:  bytes, multiple of 2 MiB, not 0
 */
struct covirt_block {
	hpa_t base;
	u64 len;
};

/**
 * struct covirt_layout - a named rule
 * @name:  what the user writes into the layout attribute
 * @build: fills @map from @nr blocks and the enclave's blank page.
 *         Returns 0; -EINVAL when the blocks are malformed, unsorted, overlapping
 *         or too little; -EEXIST when a block collides with the low megabyte;
 *         -ENOSPC when there are too many of them. On error the map is empty.
 */
struct covirt_layout {
	const char *name;
	int (*build)(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
		     hpa_t blank_page);
};

extern const struct covirt_layout covirt_layouts[];
extern const u32 covirt_nr_layouts;

/**
 * layout_by_name() - find a layout in covirt_layouts
 * @name: its whole name
 *
 * Return: the layout, or NULL when there is none of that name.
 */
const struct covirt_layout *layout_by_name(const char *name);

/**
 * layout_build_identity() - guest-physical = host-physical
 * @map:        the map to fill; what it held is forgotten
 * @block:      sorted, non-overlapping blocks of at least 4 MiB together
 * @nr:         how many
 * @blank_page: host-physical address of the page that reads like an empty bus
 *
 * All memory appears at its host address, except the last 2 MiB of the last
 * block: their first 640 KiB are low memory [0, COVIRT_LOW_END), their
 * rest is not mapped at all. [COVIRT_LOW_END, COVIRT_BLANK_END) is blank.
 *
 * Return: see struct covirt_layout.
 */
int layout_build_identity(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			  hpa_t blank_page);

/**
 * layout_build_packed() - memory from address 0 upwards
 * @map:        the map to fill; what it held is forgotten
 * @block:      sorted, non-overlapping blocks
 * @nr:         how many
 * @blank_page: host-physical address of the page that reads like an empty bus
 *
 * The blocks stand one after the other from guest-physical 0, whatever gaps
 * lie between them in host memory, except what would stand in [COVIRT_HOLE,
 * COVIRT_HOLE_END): that is put behind the others. [COVIRT_LOW_END,
 * COVIRT_BLANK_END) is blank; the 384 KiB of the first block behind it are not
 * mapped.
 *
 * Return: see struct covirt_layout.
 */
int layout_build_packed(struct covirt_gpmap *map, const struct covirt_block *block, u32 nr,
			hpa_t blank_page);

/**
 * layout_add_apic() - add the registers of the local APIC, where they are in memory
 * @map: from a layout
 *
 * Every CPU finds its own there. Writes of them exit.
 *
 * Return: 0; -EEXIST when the layout has memory there, -ENOSPC when there are too many extents.
 */
int layout_add_apic(struct covirt_gpmap *map);

/**
 * layout_add_ioapic() - add the page of the enclave's I/O APIC
 * @map:  from a layout
 * @page: host-physical address of the page, which the hypervisor writes
 *
 * Writes of the guest exit.
 *
 * Return: 0; -EEXIST when the layout has memory there, -ENOSPC when there are too many extents.
 */
int layout_add_ioapic(struct covirt_gpmap *map, hpa_t page);

/**
 * layout_add_blank_pages() - add pages where kernels look for a PC's chip set
 * @map:        from a layout
 * @blank_page: host-physical address of the page that reads like an empty bus
 *
 * Where the layout has memory there is no such page.
 *
 * Return: 0; -ENOSPC when there are too many extents.
 */
int layout_add_blank_pages(struct covirt_gpmap *map, hpa_t blank_page);

#endif /* COVIRT_CORE_LAYOUT_H */
