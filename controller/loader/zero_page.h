/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's boot_params ("zero page", Documentation/x86/zero-page in Linux). */
#ifndef COVIRT_LOADER_ZERO_PAGE_H
#define COVIRT_LOADER_ZERO_PAGE_H

#include "image.h"
#include "loading.h"

/**
 * struct setup_header - the setup header of a bzImage, as far as a loader reads it
 * @end:         where it ends in the file; also in the zero page
 * @payload:     file offset of the protected-mode kernel
 * @payload_len: its length in bytes
 * @init_size:   bytes that the kernel needs from its load address on, before
 *               it has read the memory map
 * @pref_address: where it wants to be
 * @alignment:   where else it may be: multiples of this, if it is relocatable
 * @initrd_end:  first address that the initrd must not reach
 * @kernel_end:  first address that the kernel must not reach
 * @cmdline_max: characters that its command line may have
 * @relocatable: it may be loaded elsewhere than at @pref_address
 */
struct setup_header {
	u32 end;
	u64 payload;
	u64 payload_len;
	u32 init_size;
	u64 pref_address;
	u32 alignment;
	u64 initrd_end;
	u64 kernel_end;
	u32 cmdline_max;
	bool relocatable;
};

/* Offsets in the zero page; those from SETUP_HEADER on are offsets in the file too. */
enum {
	ZERO_RSDP		= 0x070,
	ZERO_INITRD_HIGH	= 0x0c0,
	ZERO_INITRD_SIZE_HIGH	= 0x0c4,
	ZERO_CMDLINE_HIGH	= 0x0c8,
	ZERO_E820_COUNT		= 0x1e8,
	SETUP_HEADER		= 0x1f1,
	SETUP_SECTS		= 0x1f1,
	SETUP_SYSSIZE		= 0x1f4,
	SETUP_BOOT_FLAG		= 0x1fe,
	SETUP_JUMP_LEN		= 0x201,
	SETUP_MAGIC		= 0x202,
	SETUP_VERSION		= 0x206,
	SETUP_LOADER_TYPE	= 0x210,
	SETUP_LOADFLAGS		= 0x211,
	SETUP_CODE32_START	= 0x214,
	SETUP_INITRD		= 0x218,
	SETUP_INITRD_SIZE	= 0x21c,
	SETUP_CMDLINE		= 0x228,
	SETUP_INITRD_MAX	= 0x22c,
	SETUP_ALIGNMENT		= 0x230,
	SETUP_RELOCATABLE	= 0x234,
	SETUP_XLOADFLAGS	= 0x236,
	SETUP_CMDLINE_SIZE	= 0x238,
	SETUP_DATA		= 0x250,
	SETUP_PREF_ADDRESS	= 0x258,
	SETUP_INIT_SIZE		= 0x260,
	SETUP_HEADER_MIN	= 0x264,	/* end of the last field that is read */
	SETUP_HEADER_MAX	= 0x290,	/* the zero page has room up to here */
	ZERO_E820_TABLE		= 0x2d0,
	ZERO_E820_MAX		= 128,
	ZERO_PAGE_SIZE		= 0x1000,

	LOADFLAG_HIGH		= 0x01,
};

int zero_page_write(struct loading *loading, const struct image *image,
		    const struct setup_header *header, gpa_t kernel);

#endif /* COVIRT_LOADER_ZERO_PAGE_H */
