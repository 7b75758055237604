/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zero page of Linux (Documentation/x86/boot and zero-page in Linux): each offset
 * below is of the zero page, from 0x1f1 on of a bzImage's file as well.
 */
#ifndef COVIRT_FUZZ_ZERO_PAGE_JUDGE_H
#define COVIRT_FUZZ_ZERO_PAGE_JUDGE_H

#include "load.h"

enum {
	RSDP_ADDR	= 0x070,
	E820_ENTRIES	= 0x1e8,
	HEADER		= 0x1f1,
	SYSSIZE		= 0x1f4,
	JUMP		= 0x201,
	VERSION		= 0x206,
	LOADER_TYPE	= 0x210,
	CODE32_START	= 0x214,
	INITRD		= 0x218,
	INITRD_SIZE	= 0x21c,
	CMDLINE		= 0x228,
	INITRD_MAX	= 0x22c,
	ALIGNMENT	= 0x230,
	RELOCATABLE	= 0x234,
	XLOADFLAGS	= 0x236,
	CMDLINE_SIZE	= 0x238,
	SETUP_DATA	= 0x250,
	PREF_ADDRESS	= 0x258,
	INIT_SIZE	= 0x260,
	HEADER_MAX	= 0x290,
	E820_TABLE	= 0x2d0,
	E820_MAX	= 128,
	PAGE_LEN	= 0x1000,
};

/* Initrd's upper halves: ext_ramdisk_image, ext_ramdisk_size. */
#define INITRD_HIGH		0x0c0
#define INITRD_SIZE_HIGH	0x0c4

const u8 *zero_page_judge(const struct load *load, u32 cmdline_max);
struct place zero_page_initrd(const u8 *page);

#endif /* COVIRT_FUZZ_ZERO_PAGE_JUDGE_H */
