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
#define PHDR_SIZE	56
#define PIE_ALIGN	COVIRT_SIZE_2M

/* Field offsets and values. */
enum {
	EHDR_CLASS	= 4,
	EHDR_DATA	= 5,
	EHDR_TYPE	= 16,
	EHDR_MACHINE	= 18,
	EHDR_ENTRY	= 24,
	EHDR_PHOFF	= 32,
	EHDR_PHENTSIZE	= 54,
	EHDR_PHNUM	= 56,

	PHDR_TYPE	= 0,
	PHDR_FLAGS	= 4,
	PHDR_OFFSET	= 8,
	PHDR_VADDR	= 16,
	PHDR_PADDR	= 24,
	PHDR_FILESZ	= 32,
	PHDR_MEMSZ	= 40,
	PHDR_ALIGN	= 48,

	ELFCLASS64	= 2,
	ELFDATA2LSB	= 1,
	ET_EXEC		= 2,
	ET_DYN		= 3,
	EM_X86_64	= 62,
	PT_LOAD		= 1,
	PT_DYNAMIC	= 2,
	PT_INTERP	= 3,
	PF_X		= 1,
};

static int elf64_fail(struct elf *elf, const char *reason)
{
	return loading_fail(elf->loading, -ENOEXEC, reason);
}

static bool elf64_match(const struct loader_request *request)
{
	return request->kernel_len >= 4 && !memcmp(request->kernel, "\177ELF", 4);
}

static int elf64_check_header(struct elf *elf)
{
	const struct image *image = &elf->image;
	u16 type;

	if (!image_holds(image, 0, EHDR_SIZE))
		return elf64_fail(elf, "ELF file is truncated inside its header");
	if (image->data[EHDR_CLASS] != ELFCLASS64 || image->data[EHDR_DATA] != ELFDATA2LSB ||
	    image_u16(image, EHDR_MACHINE) != EM_X86_64)
		return elf64_fail(elf, foreign_elf_reason(image));
	if (foreign_is_vmlinux(image))
		return elf64_fail(elf,
				  "image is a vmlinux, which does not boot by itself: use the bzImage that is made of it (arch/x86/boot/bzImage, or /boot/vmlinuz-...)");
	type = image_u16(image, EHDR_TYPE);
	if (type != ET_EXEC && type != ET_DYN)
		return elf64_fail(elf, "ELF file is neither an executable nor a static PIE");
	if (image_u16(image, EHDR_PHENTSIZE) != PHDR_SIZE)
		return elf64_fail(elf, "ELF program headers have a wrong size");

	elf->pie = type == ET_DYN;
	elf->phoff = image_u64(image, EHDR_PHOFF);
	elf->phnum = image_u16(image, EHDR_PHNUM);
	if (!image_holds(image, elf->phoff, (u64)elf->phnum * PHDR_SIZE))
		return elf64_fail(elf, "ELF file is truncated inside its program headers");
	return 0;
}

/* A PIE's p_paddr means nothing: it moves as a whole, by its virtual addresses. */
static int elf64_add_segment(struct elf *elf, u64 phdr)
{
	const struct image *image = &elf->image;
	u64 align = image_u64(image, phdr + PHDR_ALIGN);
	struct elf_segment segment = {
		.offset = image_u64(image, phdr + PHDR_OFFSET),
		.filesz = image_u64(image, phdr + PHDR_FILESZ),
		.memsz = image_u64(image, phdr + PHDR_MEMSZ),
		.vaddr = image_u64(image, phdr + PHDR_VADDR),
		.gpa = image_u64(image, phdr + (elf->pie ? PHDR_VADDR : PHDR_PADDR)),
		.exec = image_u32(image, phdr + PHDR_FLAGS) & PF_X,
	};

	if (segment.filesz > segment.memsz)
		return elf64_fail(elf, "ELF segment is larger in the file than in memory");
	if (!image_holds(image, segment.offset, segment.filesz))
		return elf64_fail(elf, "ELF file is truncated inside a segment");
	if (segment.memsz > ~segment.vaddr || segment.memsz > ~segment.gpa)
		return elf64_fail(elf, "ELF segment wraps around the address space");
	if (elf->pie && align > PIE_ALIGN)
		return elf64_fail(elf, "ELF segment wants more than 2 MiB alignment");
	if (!segment.memsz)
		return 0;
	if (elf->nr == ELF_SEGMENTS_MAX)
		return elf64_fail(elf, "ELF file has more than 16 loadable segments");
	elf->segment[elf->nr++] = segment;
	return 0;
}

static int elf64_read_phdr(struct elf *elf, u64 phdr)
{
	const struct image *image = &elf->image;

	switch (image_u32(image, phdr + PHDR_TYPE)) {
	case PT_LOAD:
		return elf64_add_segment(elf, phdr);
	case PT_INTERP:
		return elf64_fail(elf, "ELF file wants a dynamic linker: link it statically");
	case PT_DYNAMIC:
		elf->dynamic_offset = image_u64(image, phdr + PHDR_OFFSET);
		elf->dynamic_len = image_u64(image, phdr + PHDR_FILESZ);
		if (!image_holds(image, elf->dynamic_offset, elf->dynamic_len))
			return elf64_fail(elf, "ELF file is truncated inside its dynamic section");
		return 0;
	default:
		return 0;
	}
}

static bool elf64_overlaps(const struct elf_segment *a, const struct elf_segment *b)
{
	return a->gpa < b->gpa + b->memsz && b->gpa < a->gpa + a->memsz;
}

static int elf64_check_overlap(struct elf *elf)
{
	u32 i, j;

	for (i = 0; i < elf->nr; i++)
		for (j = 0; j < i; j++)
			if (elf64_overlaps(&elf->segment[i], &elf->segment[j]))
				return elf64_fail(elf, "ELF segments overlap in memory");
	return 0;
}

static int elf64_read_segments(struct elf *elf)
{
	u64 start = ~0ULL;
	u64 end = 0;
	int err;
	u32 i;

	for (i = 0; i < elf->phnum; i++) {
		err = elf64_read_phdr(elf, elf->phoff + (u64)i * PHDR_SIZE);
		if (err)
			return err;
	}
	if (!elf->nr)
		return elf64_fail(elf, "ELF file has no loadable segment");
	for (i = 0; i < elf->nr; i++) {
		start = min(start, elf->segment[i].gpa);
		end = max(end, elf->segment[i].gpa + elf->segment[i].memsz);
	}
	elf->span = (struct gpa_range){ start, end - start };
	return elf64_check_overlap(elf);
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

static int elf64_place_exec(struct elf *elf)
{
	const struct covirt_gpmap *map = elf->loading->request->map;
	u32 i;

	if (elf->span.gpa < HIGH_START)
		return loading_fail(elf->loading, -EINVAL,
				    "image is linked below 1 MiB: boot structures lie there");
	for (i = 0; i < elf->nr; i++)
		if (!guest_ram_covers(map, elf->segment[i].gpa, elf->segment[i].memsz))
			return loading_fail(elf->loading, -EINVAL,
					    "image is linked where the enclave has no RAM: use layout packed, more memory, or link it as static PIE");
	return 0;
}

static int elf64_find_entry(struct elf *elf, gpa_t *rip)
{
	u64 entry = image_u64(&elf->image, EHDR_ENTRY);
	const struct elf_segment *segment = elf_find(elf, entry, 1);

	if (!segment || !segment->exec)
		return elf64_fail(elf, "ELF entry point is not inside an executable segment");
	*rip = segment->gpa + (entry - segment->vaddr);
	return 0;
}

/* Everything that can be wrong is found here, before the first byte is written. */
static int elf64_check(struct elf *elf, gpa_t *rip)
{
	int err;

	err = elf64_check_header(elf);
	if (err)
		return err;
	err = elf64_read_segments(elf);
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

	err = elf->pie ? elf64_place_pie(elf) : elf64_place_exec(elf);
	if (err)
		return err;
	return guest_ram_place_initrd(elf->loading, ~0ULL, elf->span);
}

static int elf64_write(struct elf *elf)
{
	struct loading *loading = elf->loading;
	const struct elf_segment *segment;
	int err;

	for (segment = elf->segment; segment < elf->segment + elf->nr; segment++) {
		err = guest_ram_write(loading, segment->gpa, elf->image.data + segment->offset,
				      segment->filesz);
		if (err)
			return err;
	}
	err = elf64_relocate(elf, true);
	if (err)
		return err;
	return guest_ram_write(loading, loading->initrd.gpa, loading->request->initrd,
			       loading->initrd.len);
}

/* A position-independent one lies in one piece, of others each segment wherever it says. */
static u64 elf64_need(const struct elf *elf)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < elf->nr; i++)
		bytes += elf->segment[i].memsz;
	return elf->pie ? elf->span.len : bytes;
}

static int elf64_open(struct elf *elf, struct loading *loading, gpa_t *rip)
{
	*elf = (struct elf) {
		.loading = loading,
		.image = { loading->request->kernel, loading->request->kernel_len },
	};
	return elf64_check(elf, rip);
}

static int elf64_check_image(struct loading *loading)
{
	struct elf elf;
	gpa_t rip;
	int err;

	err = elf64_open(&elf, loading, &rip);
	if (!err)
		loading->need = elf64_need(&elf);
	return err;
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
	.match = elf64_match,
	.check = elf64_check_image,
	.load = elf64_load,
};
