/* SPDX-License-Identifier: GPL-2.0-only */
/* Protocols by which a kernel is entered in 32-bit mode: what they have in common. */
#ifndef COVIRT_LOADER_ENTRY_32_H
#define COVIRT_LOADER_ENTRY_32_H

#include "elf.h"

/**
 * struct entry_32 - what one of them has of its own
 * @read:       finds everything that can be wrong, before the first byte is written
 * @write_info: writes the information for the kernel, when all else has been written
 * @rax:        EAX at the entry
 * @rbx:        EBX: where the information lies
 */
struct entry_32 {
	elf_reader *read;
	int (*write_info)(struct loading *loading);
	u32 rax;
	gpa_t rbx;
};

int entry_32_load(struct loading *loading, const struct entry_32 *protocol);

#endif /* COVIRT_LOADER_ENTRY_32_H */
