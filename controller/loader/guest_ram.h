/* SPDX-License-Identifier: GPL-2.0-only */
/* The enclave's RAM as the loader sees it: finding room in it, writing to it. */
#ifndef COVIRT_LOADER_GUEST_RAM_H
#define COVIRT_LOADER_GUEST_RAM_H

#include "loading.h"

/**
 * struct ram_wish - where something may be placed
 * @len:   bytes, not 0
 * @align: power of two
 * @min:   lowest address
 * @end:   first address beyond
 * @avoid: must not be touched; length 0 for nothing
 */
struct ram_wish {
	u64 len;
	u64 align;
	gpa_t min;
	gpa_t end;
	struct gpa_range avoid;
};

bool guest_ram_next(const struct covirt_gpmap *map, u32 *cursor, struct gpa_range *run);
bool guest_ram_covers(const struct covirt_gpmap *map, gpa_t gpa, u64 len);
bool guest_ram_lowest(const struct covirt_gpmap *map, const struct ram_wish *wish, gpa_t *gpa);
bool guest_ram_highest(const struct covirt_gpmap *map, const struct ram_wish *wish, gpa_t *gpa);
int guest_ram_write(struct loading *loading, gpa_t gpa, const void *from, u64 len);
int guest_ram_place_initrd(struct loading *loading, gpa_t end, struct gpa_range kernel);
int guest_ram_write_initrd(struct loading *loading);

#endif /* COVIRT_LOADER_GUEST_RAM_H */
