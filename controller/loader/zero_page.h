/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's boot_params ("zero page", Documentation/x86/zero-page in Linux). */
#ifndef COVIRT_LOADER_ZERO_PAGE_H
#define COVIRT_LOADER_ZERO_PAGE_H

#include "image.h"
#include "loading.h"

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

#define SETUP_BOOT_FLAG_VALUE	0xaa55
#define SETUP_MAGIC_VALUE	0x53726448	/* "HdrS" */

int zero_page_write(struct loading *loading, const struct image *setup, gpa_t kernel);

#endif /* COVIRT_LOADER_ZERO_PAGE_H */
