/* SPDX-License-Identifier: GPL-2.0-only */
/* From 64-bit mode to PAE paging, whose PDPTEs the processor loads by itself. */
#ifndef PAYLOAD_PAE_H
#define PAYLOAD_PAE_H

#define PAE_PAGE	0x7000	/* of the loader's boot stack, which is not used any more */

#ifndef __ASSEMBLER__

#include "core/base.h"

extern const u8 pae_begin[], pae_end[];
extern u64 pae_directory[512];

#endif /* __ASSEMBLER__ */

#endif /* PAYLOAD_PAE_H */
