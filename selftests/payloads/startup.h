/* SPDX-License-Identifier: GPL-2.0-only */
/* The page on which a further CPU begins. */
#ifndef PAYLOAD_STARTUP_H
#define PAYLOAD_STARTUP_H

#define STARTUP_PAGE	0x7000	/* of the loader's boot stack, which is not used any more */
#define STARTUP_PARAMS	8
#define STARTUP_CS	0x10	/* of the loader's GDT: include/uapi/linux/covirt.h */
#define STARTUP_DS	0x18

#ifndef __ASSEMBLER__

#include "core/base.h"

/**
 * struct startup_params - at STARTUP_PARAMS of the page
 * @cr3:       page tables, below 4 GiB
 * @stack:     stack pointer
 * @entry:     where to go in 64-bit mode
 * @gdt_limit: the GDT, as LGDT takes it
 * @gdt_base:  below 4 GiB
 */
struct startup_params {
	u64 cr3;
	u64 stack;
	u64 entry;
	u16 gdt_limit;
	u64 gdt_base;
} __packed;

extern const u8 startup_begin[], startup_end[];

#endif /* __ASSEMBLER__ */

#endif /* PAYLOAD_STARTUP_H */
