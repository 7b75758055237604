// SPDX-License-Identifier: GPL-2.0-only
/*
 * Relocations of a static PIE (System V ABI, chapter 5; AMD64 supplement,
 * 4.4). Only relative ones make sense without a symbol table.
 */
#include "elf64_reloc.h"
#include "guest_ram.h"

#define DYN_SIZE		16
#define RELA_SIZE		24

enum {
	DT_NULL		= 0,
	DT_NEEDED	= 1,
	DT_PLTRELSZ	= 2,
	DT_RELA		= 7,
	DT_RELASZ	= 8,
	DT_RELAENT	= 9,
	DT_RELSZ	= 18,
	DT_RELRSZ	= 35,

	R_X86_64_NONE		= 0,
	R_X86_64_RELATIVE	= 8,
};

/**
 * struct elf64_rela - the relocation table
 * @vaddr: where it lies, as the image knows it
 * @len:   bytes
 */
struct elf64_rela {
	u64 vaddr;
	u64 len;
};

static int reloc_fail(struct elf *elf, const char *reason)
{
	return loading_fail(elf->loading, -ENOEXEC, reason);
}

/* Handles a tag of the dynamic section. Tags that need no work from a loader are ignored. */
static int reloc_read_tag(struct elf *elf, u64 tag, u64 val, struct elf64_rela *rela)
{
	switch (tag) {
	case DT_NEEDED:
		return reloc_fail(elf,
				  "ELF file needs shared libraries: link it statically");
	case DT_PLTRELSZ:
	case DT_RELSZ:
	case DT_RELRSZ:
		if (val)
			return reloc_fail(elf,
					  "ELF file has PLT, REL or RELR relocations: link it without them");
		return 0;
	case DT_RELAENT:
		if (val != RELA_SIZE)
			return reloc_fail(elf, "ELF relocations have a wrong size");
		return 0;
	case DT_RELA:
		rela->vaddr = val;
		return 0;
	case DT_RELASZ:
		rela->len = val;
		return 0;
	default:
		return 0;
	}
}

static int reloc_read_dynamic(struct elf *elf, struct elf64_rela *rela)
{
	const struct image *image = &elf->image;
	u64 at = elf->dynamic_offset;
	u64 left = elf->dynamic_len / DYN_SIZE;
	u64 tag;
	int err;

	for (; left; left--, at += DYN_SIZE) {
		tag = image_u64(image, at);
		if (tag == DT_NULL)
			break;
		err = reloc_read_tag(elf, tag, image_u64(image, at + 8), rela);
		if (err)
			return err;
	}
	if (rela->len % RELA_SIZE)
		return reloc_fail(elf, "ELF relocation table has a broken length");
	return 0;
}

static int reloc_one(struct elf *elf, u64 at, bool apply)
{
	u64 target = image_u64(&elf->image, at);
	u64 info = image_u64(&elf->image, at + 8);
	u64 val = image_u64(&elf->image, at + 16) + elf->bias;
	const struct elf_segment *segment;

	if (info == R_X86_64_NONE)
		return 0;
	if (info != R_X86_64_RELATIVE)
		return reloc_fail(elf,
				  "ELF file has relocations against symbols: link it as static PIE");
	segment = elf_find(elf, target, sizeof(val));
	if (!segment)
		return reloc_fail(elf, "ELF relocation points outside of the image");
	if (!apply)
		return 0;
	return guest_ram_write(elf->loading, segment->gpa + (target - segment->vaddr), &val,
			       sizeof(val));
}

/* Offset in the file of a range of the image, which must not be in a segment's zero part. */
static bool reloc_file_offset(const struct elf *elf, struct elf64_rela rela, u64 *at)
{
	const struct elf_segment *segment = elf_find(elf, rela.vaddr, rela.len);
	u64 skip;

	if (!segment)
		return false;
	skip = rela.vaddr - segment->vaddr;
	if (skip > segment->filesz || rela.len > segment->filesz - skip)
		return false;
	*at = segment->offset + skip;
	return true;
}

/**
 * elf64_relocate() - check or apply the relocations of a PIE
 * @elf:   the image; for applying placed and written
 * @apply: false only checks them
 *
 * An ET_EXEC image has none.
 *
 * Return: 0 or a negative errno; a table that was checked applies unless
 * memory is not accessible.
 */
int elf64_relocate(struct elf *elf, bool apply)
{
	struct elf64_rela rela = {};
	u64 at, end;
	int err;

	if (!elf->pie || !elf->dynamic_len)
		return 0;
	err = reloc_read_dynamic(elf, &rela);
	if (err || !rela.len)
		return err;
	if (!reloc_file_offset(elf, rela, &at))
		return reloc_fail(elf, "ELF relocation table lies outside of the file");
	for (end = at + rela.len; at < end; at += RELA_SIZE) {
		err = reloc_one(elf, at, apply);
		if (err)
			return err;
	}
	return 0;
}
