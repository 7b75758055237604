/* SPDX-License-Identifier: GPL-2.0-only */
/* Alignment faults whose delivery raises the next one. */
#ifndef PAYLOAD_ALIGNMENT_H
#define PAYLOAD_ALIGNMENT_H

#define ALIGNMENT_PAGE		0x7000	/* of the loader's boot stack, which is not used any more */
#define ALIGNMENT_STACK_TOP	0x8000

#ifndef __ASSEMBLER__

#include "core/base.h"

extern const u8 alignment_begin[], alignment_end[];

#endif /* __ASSEMBLER__ */

#endif /* PAYLOAD_ALIGNMENT_H */
