/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An image in segments while it is checked and placed: an ELF file of either class, as all loaders
 * of such files read it.
 */
#ifndef COVIRT_LOADER_ELF_H
#define COVIRT_LOADER_ELF_H

#include "image.h"
#include "loading.h"

#define ELF_SEGMENTS_MAX	16

struct elf_layout;

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
 * @layout:  where the fields of its headers lie
 * @pie:     it moves as a whole: ET_DYN, where the format allows it; set before elf_read()
 * @phnum:   program headers
 * @nr:      loadable segments
 * @phoff:   where they begin
 * @entry:   the first instruction, as the file has it
 * @bias:    what placing a PIE added to its addresses (modulo 2^64)
 * @dynamic_offset: where PT_DYNAMIC lies in the file
 * @dynamic_len: its length in bytes, 0 if there is none
 * @span:    from the lowest to the highest byte in memory
 * @segment: the loadable segments
 */
struct elf {
	struct loading *loading;
	struct image image;
	const struct elf_layout *layout;
	bool pie;
	u16 phnum;
	u32 nr;
	u64 phoff;
	u64 entry;
	u64 bias;
	u64 dynamic_offset;
	u64 dynamic_len;
	struct gpa_range span;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
};

/* Opens and reads an image, and finds its first instruction. Returns 0 or what elf_fail() did. */
typedef int elf_reader(struct elf *elf, struct loading *loading, gpa_t *rip);

bool elf_is_dyn(const struct image *image);
bool elf_is_file(const struct loader_request *request);
void elf_open(struct elf *elf, struct loading *loading);
int elf_read_header(struct elf *elf);
int elf_read(struct elf *elf);
int elf_check_below_4g(struct elf *elf);
bool elf_note(const struct elf *elf, const char *name, u32 type, struct image *desc);
const struct elf_segment *elf_find(const struct elf *elf, u64 vaddr, u64 len);
bool elf_has(const struct elf *elf, gpa_t gpa);
bool elf_find_entry(const struct elf *elf, gpa_t *gpa);
u64 elf_need(const struct elf *elf);
int elf_check(struct loading *loading, elf_reader *read);
int elf_place(struct elf *elf, gpa_t initrd_end);
int elf_write(struct elf *elf);

/**
 * elf_fail() - note what is wrong with an image
 * @elf:    the image
 * @reason: a static string
 *
 * Return: -ENOEXEC.
 */
static inline int elf_fail(struct elf *elf, const char *reason)
{
	return loading_fail(elf->loading, -ENOEXEC, reason);
}

#endif /* COVIRT_LOADER_ELF_H */
