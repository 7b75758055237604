/* SPDX-License-Identifier: GPL-2.0-only */
/* Images without a header of their own, which a header of multiboot 1 or 2 places. */
#ifndef COVIRT_LOADER_MULTIBOOT_FLAT_H
#define COVIRT_LOADER_MULTIBOOT_FLAT_H

#include "elf.h"

/**
 * struct multiboot_flat - where everything goes, as physical addresses
 * @header:   the multiboot header
 * @load:     the first byte that is loaded
 * @load_end: end of what is loaded; 0 for all of the file
 * @bss_end:  end of what is zero behind that; 0 for nothing
 */
struct multiboot_flat {
	u32 header;
	u32 load;
	u32 load_end;
	u32 bss_end;
};

int multiboot_flat_read(struct elf *elf, u64 header, const struct multiboot_flat *flat);

#endif /* COVIRT_LOADER_MULTIBOOT_FLAT_H */
