/* SPDX-License-Identifier: GPL-2.0-only */
/* An ELF64 image while it is checked and placed. */
#ifndef COVIRT_LOADER_ELF_H
#define COVIRT_LOADER_ELF_H

#include "image.h"
#include "loading.h"

#define ELF_SEGMENTS_MAX	16

/**
 * struct elf_segment - one PT_LOAD
 * @offset: where its bytes lie in the file
 * @filesz: how many
 * @memsz:  its size in memory, at least @filesz; the rest is zero
 * @vaddr:  the address that the image itself uses for it
 * @gpa:    where it goes, guest-physical
 * @exec:   it holds code
 */
struct elf_segment {
	u64 offset;
	u64 filesz;
	u64 memsz;
	u64 vaddr;
	gpa_t gpa;
	bool exec;
};

/**
 * struct elf - an image
 * @loading: the loading it belongs to
 * @image:   the file
 * @pie:     ET_DYN: placed by us
 * @phnum:   program headers
 * @nr:      loadable segments
 * @phoff:   where they begin
 * @bias:    what placing a PIE added to its addresses (modulo 2^64)
 * @dynamic_offset: where PT_DYNAMIC lies in the file
 * @dynamic_len: its length in bytes, 0 if there is none
 * @span:    from the lowest to the highest byte in memory
 * @segment: the loadable segments
 */
struct elf {
	struct loading *loading;
	struct image image;
	bool pie;
	u16 phnum;
	u32 nr;
	u64 phoff;
	u64 bias;
	u64 dynamic_offset;
	u64 dynamic_len;
	struct gpa_range span;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
};

const struct elf_segment *elf_find(const struct elf *elf, u64 vaddr, u64 len);

#endif /* COVIRT_LOADER_ELF_H */
