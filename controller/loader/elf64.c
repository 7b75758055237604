// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plain ELF64 co-kernels (System V ABI, chapters 4 and 5; AMD64 supplement).
 *
 * ET_EXEC goes to the physical addresses that its program headers name.
 * ET_DYN (a static PIE) goes to a 2 MiB boundary at the start of the largest
 * run of RAM above 1 MiB, and its relative relocations are applied.
 */
#include "boot_cpu.h"
#include "bootinfo.h"
#include "cmdline.h"
#include "elf.h"
#include "elf64_reloc.h"
#include "foreign.h"
#include "guest_ram.h"

#define EHDR_SIZE	64
#define PIE_ALIGN	COVIRT_SIZE_2M

/* Field offsets and values. */
enum {
	EHDR_CLASS	= 4,
	EHDR_DATA	= 5,
	EHDR_MACHINE	= 18,
	ELFCLASS64	= 2,
	ELFDATA2LSB	= 1,
	EM_X86_64	= 62,
};

/* Formats that are tried earlier have refused it; this one says what it is. */
static int elf64_check_kind(struct elf *elf)
{
	const struct image *image = &elf->image;

	if (!image_holds(image, 0, EHDR_SIZE))
		return elf_fail(elf, "ELF file is truncated inside its header");
	if (image->data[EHDR_CLASS] != ELFCLASS64 || image->data[EHDR_DATA] != ELFDATA2LSB ||
	    image_u16(image, EHDR_MACHINE) != EM_X86_64)
		return elf_fail(elf, foreign_elf_reason(image));
	return 0;
}

/* The largest run of RAM above 1 MiB, what lies below cut off. */
static struct gpa_range ram_largest(const struct covirt_gpmap *map)
{
	struct gpa_range best = {};
	struct gpa_range run;
	u32 cursor = 0;
	u64 cut;

	while (guest_ram_next(map, &cursor, &run)) {
		cut = run.gpa < HIGH_START ? HIGH_START - run.gpa : 0;
		if (run.len > cut && run.len - cut > best.len)
			best = (struct gpa_range){ run.gpa + cut, run.len - cut };
	}
	return best;
}

static int elf64_place_pie(struct elf *elf)
{
	struct gpa_range ram = ram_largest(elf->loading->request->map);
	u64 skew = elf->span.gpa & (PIE_ALIGN - 1);
	gpa_t base = ALIGN(ram.gpa, PIE_ALIGN) + skew;
	u64 lost = base - ram.gpa;
	u32 i;

	if (lost > ram.len || elf->span.len > ram.len - lost)
		return loading_fail(elf->loading, -EINVAL,
				    "image does not fit: give the enclave more memory");
	elf->bias = base - elf->span.gpa;
	elf->span.gpa = base;
	for (i = 0; i < elf->nr; i++)
		elf->segment[i].gpa += elf->bias;
	return 0;
}

static int elf64_find_entry(struct elf *elf, gpa_t *rip)
{
	const struct elf_segment *segment = elf_find(elf, elf->entry, 1);

	if (!segment || !segment->exec)
		return elf_fail(elf, "ELF entry point is not inside an executable segment");
	*rip = segment->gpa + (elf->entry - segment->vaddr);
	return 0;
}

/* Everything that can be wrong is found here, before the first byte is written. */
static int elf64_check(struct elf *elf, gpa_t *rip)
{
	int err;

	err = elf64_check_kind(elf);
	if (err)
		return err;
	elf->pie = elf_is_dyn(&elf->image);
	err = elf_read(elf);
	if (err)
		return err;
	err = elf64_find_entry(elf, rip);
	if (err)
		return err;
	return elf64_relocate(elf, false);
}

static int elf64_place(struct elf *elf)
{
	int err;

	if (!elf->pie)
		return elf_place(elf, ~0ULL);
	err = elf64_place_pie(elf);
	return err ? err : guest_ram_place_initrd(elf->loading, ~0ULL, elf->span);
}

static int elf64_write(struct elf *elf)
{
	int err = elf_write(elf);

	return err ? err : elf64_relocate(elf, true);
}

static int elf64_open(struct elf *elf, struct loading *loading, gpa_t *rip)
{
	elf_open(elf, loading);
	return elf64_check(elf, rip);
}

static int elf64_check_image(struct loading *loading)
{
	return elf_check(loading, elf64_open);
}

static int elf64_load(struct loading *loading)
{
	struct elf elf;
	gpa_t rip;
	int err;

	err = elf64_open(&elf, loading, &rip);
	if (err)
		return err;
	err = elf64_place(&elf);
	if (err)
		return err;
	err = cmdline_write(loading, LOADER_CMDLINE_MAX, false);
	if (err)
		return err;
	err = elf64_write(&elf);
	if (err)
		return err;
	err = bootinfo_write(loading, elf.span);
	if (err)
		return err;
	loading->entry->rdi = LOW_PARAMS;
	return boot_cpu_prepare(loading, rip + elf.bias);
}

const struct loader_format elf64_format = {
	.name = "covirt",
	.match = elf_is_file,
	.check = elf64_check_image,
	.load = elf64_load,
};
