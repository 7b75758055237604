/* SPDX-License-Identifier: GPL-2.0-only */
/* Relocations of a static PIE. */
#ifndef COVIRT_LOADER_ELF64_RELOC_H
#define COVIRT_LOADER_ELF64_RELOC_H

#include "elf.h"

int elf64_relocate(struct elf *elf, bool apply);

#endif /* COVIRT_LOADER_ELF64_RELOC_H */
