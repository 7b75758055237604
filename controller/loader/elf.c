// SPDX-License-Identifier: GPL-2.0-only
#include "elf.h"

/**
 * elf_find() - find the segment that holds an address range of the image
 * @elf:   the image
 * @vaddr: address as the image knows it
 * @len:   bytes
 *
 * Return: the segment, or NULL if no single one holds the whole range.
 */
const struct elf_segment *elf_find(const struct elf *elf, u64 vaddr, u64 len)
{
	const struct elf_segment *segment;

	for (segment = elf->segment; segment < elf->segment + elf->nr; segment++)
		if (vaddr >= segment->vaddr && vaddr - segment->vaddr <= segment->memsz &&
		    len <= segment->memsz - (vaddr - segment->vaddr))
			return segment;
	return NULL;
}
