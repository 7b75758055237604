// SPDX-License-Identifier: GPL-2.0-only
/* ELF files of either class (System V ABI, chapters 4 and 5): header, segments, notes. */
#include "elf.h"
#include "guest_ram.h"

/* Field offsets that both classes share, and values. */
enum {
	EHDR_CLASS	= 4,
	EHDR_DATA	= 5,
	EHDR_TYPE	= 16,
	EHDR_MACHINE	= 18,
	EHDR_ENTRY	= 24,
	EHDR_SHARED	= 24,	/* so far both are alike */
	PHDR_TYPE	= 0,

	ELFCLASS32	= 1,
	ELFCLASS64	= 2,
	ELFDATA2LSB	= 1,
	ET_EXEC		= 2,
	ET_DYN		= 3,
	EM_386		= 3,
	EM_X86_64	= 62,
	PT_LOAD		= 1,
	PT_DYNAMIC	= 2,
	PT_INTERP	= 3,
	PT_NOTE		= 4,
	PF_X		= 1,
};

/* Sizes of the headers of a class, and offsets of the fields in them. */
struct elf_layout {
	bool wide;	/* addresses, offsets and sizes have 64 bits, not 32 */
	u8 ehdr_size;
	u8 phdr_size;
	u8 phoff;
	u8 phentsize;
	u8 phnum;
	u8 flags;	/* in a program header, like all that follow */
	u8 offset;
	u8 vaddr;
	u8 paddr;
	u8 filesz;
	u8 memsz;
	u8 align;
};

static const struct elf_layout layout32 = {
	.ehdr_size = 52, .phdr_size = 32, .phoff = 28, .phentsize = 42, .phnum = 44,
	.flags = 24, .offset = 4, .vaddr = 8, .paddr = 12, .filesz = 16, .memsz = 20, .align = 28,
};

static const struct elf_layout layout64 = {
	.wide = true,
	.ehdr_size = 64, .phdr_size = 56, .phoff = 32, .phentsize = 54, .phnum = 56,
	.flags = 4, .offset = 8, .vaddr = 16, .paddr = 24, .filesz = 32, .memsz = 40, .align = 48,
};

/* The caller has asked image_holds() before. */
static u64 elf_word(const struct elf *elf, u64 off)
{
	return elf->layout->wide ? image_u64(&elf->image, off) : image_u32(&elf->image, off);
}

/**
 * elf_is_file() - does an image begin like an ELF file?
 * @request: the request
 *
 * Return: true if it does; that it is a good one is not said.
 */
bool elf_is_file(const struct loader_request *request)
{
	return request->kernel_len >= 4 && !memcmp(request->kernel, "\177ELF", 4);
}

/**
 * elf_is_dyn() - is it a shared object, or a PIE?
 * @image: an ELF file
 *
 * Return: true if its header says so.
 */
bool elf_is_dyn(const struct image *image)
{
	return image_holds(image, 0, EHDR_SHARED) && image_u16(image, EHDR_TYPE) == ET_DYN;
}

/**
 * elf_open() - begin with an image
 * @elf:     receives it, nothing read yet
 * @loading: the loading
 */
void elf_open(struct elf *elf, struct loading *loading)
{
	*elf = (struct elf){
		.loading = loading,
		.image = { loading->request->kernel, loading->request->kernel_len },
	};
}

static const struct elf_layout *layout_of(const struct image *image)
{
	u16 machine = image_u16(image, EHDR_MACHINE);

	if (image->data[EHDR_DATA] != ELFDATA2LSB)
		return NULL;
	if (image->data[EHDR_CLASS] == ELFCLASS64 && machine == EM_X86_64)
		return &layout64;
	if (image->data[EHDR_CLASS] == ELFCLASS32 && (machine == EM_386 || machine == EM_X86_64))
		return &layout32;
	return NULL;
}

static int elf_read_phdrs(struct elf *elf)
{
	const struct elf_layout *layout = elf->layout;

	if (image_u16(&elf->image, layout->phentsize) != layout->phdr_size)
		return elf_fail(elf, "ELF program headers have a wrong size");
	elf->entry = elf_word(elf, EHDR_ENTRY);
	elf->phoff = elf_word(elf, layout->phoff);
	elf->phnum = image_u16(&elf->image, layout->phnum);
	if (!image_holds(&elf->image, elf->phoff, (u64)elf->phnum * layout->phdr_size))
		return elf_fail(elf, "ELF file is truncated inside its program headers");
	return 0;
}

/**
 * elf_read_header() - read the header of an image
 * @elf: the image, opened
 *
 * Return: 0, and program headers can be read; -ENOEXEC.
 */
int elf_read_header(struct elf *elf)
{
	const struct image *image = &elf->image;
	u16 type;

	if (!image_holds(image, 0, EHDR_SHARED))
		return elf_fail(elf, "ELF file is truncated inside its header");
	elf->layout = layout_of(image);
	if (!elf->layout)
		return elf_fail(elf, "ELF file is not for x86");
	if (!image_holds(image, 0, elf->layout->ehdr_size))
		return elf_fail(elf, "ELF file is truncated inside its header");
	type = image_u16(image, EHDR_TYPE);
	if (type != ET_EXEC && type != ET_DYN)
		return elf_fail(elf, "ELF file is neither an executable nor a static PIE");
	return elf_read_phdrs(elf);
}

/* A PIE's p_paddr means nothing: it moves as a whole, by its virtual addresses. */
static int elf_add_segment(struct elf *elf, u64 phdr)
{
	const struct elf_layout *layout = elf->layout;
	u64 align = elf_word(elf, phdr + layout->align);
	struct elf_segment segment = {
		.offset = elf_word(elf, phdr + layout->offset),
		.filesz = elf_word(elf, phdr + layout->filesz),
		.memsz = elf_word(elf, phdr + layout->memsz),
		.vaddr = elf_word(elf, phdr + layout->vaddr),
		.gpa = elf_word(elf, phdr + (elf->pie ? layout->vaddr : layout->paddr)),
		.exec = image_u32(&elf->image, phdr + layout->flags) & PF_X,
	};

	if (segment.filesz > segment.memsz)
		return elf_fail(elf, "ELF segment is larger in the file than in memory");
	if (!image_holds(&elf->image, segment.offset, segment.filesz))
		return elf_fail(elf, "ELF file is truncated inside a segment");
	if (segment.memsz > ~segment.vaddr || segment.memsz > ~segment.gpa)
		return elf_fail(elf, "ELF segment wraps around the address space");
	if (elf->pie && align > COVIRT_SIZE_2M)
		return elf_fail(elf, "ELF segment wants more than 2 MiB alignment");
	if (!segment.memsz)
		return 0;
	if (elf->nr == ELF_SEGMENTS_MAX)
		return elf_fail(elf, "ELF file has more than 16 loadable segments");
	elf->segment[elf->nr++] = segment;
	return 0;
}

static int elf_read_phdr(struct elf *elf, u64 phdr)
{
	switch (image_u32(&elf->image, phdr + PHDR_TYPE)) {
	case PT_LOAD:
		return elf_add_segment(elf, phdr);
	case PT_INTERP:
		return elf_fail(elf, "ELF file wants a dynamic linker: link it statically");
	case PT_DYNAMIC:
		elf->dynamic_offset = elf_word(elf, phdr + elf->layout->offset);
		elf->dynamic_len = elf_word(elf, phdr + elf->layout->filesz);
		if (!image_holds(&elf->image, elf->dynamic_offset, elf->dynamic_len))
			return elf_fail(elf, "ELF file is truncated inside its dynamic section");
		return 0;
	default:
		return 0;
	}
}

static bool elf_overlaps(const struct elf_segment *a, const struct elf_segment *b)
{
	return a->gpa < b->gpa + b->memsz && b->gpa < a->gpa + a->memsz;
}

static int elf_check_overlap(struct elf *elf)
{
	u32 i, j;

	for (i = 0; i < elf->nr; i++)
		for (j = 0; j < i; j++)
			if (elf_overlaps(&elf->segment[i], &elf->segment[j]))
				return elf_fail(elf, "ELF segments overlap in memory");
	return 0;
}

static u64 elf_phdr(const struct elf *elf, u32 index)
{
	return elf->phoff + (u64)index * elf->layout->phdr_size;
}

/**
 * elf_read() - read header and segments of an image
 * @elf: the image, opened
 *
 * Return: 0; -ENOEXEC if anything of it is wrong.
 */
int elf_read(struct elf *elf)
{
	u64 start = ~0ULL;
	u64 end = 0;
	int err;
	u32 i;

	err = elf_read_header(elf);
	for (i = 0; i < elf->phnum && !err; i++)
		err = elf_read_phdr(elf, elf_phdr(elf, i));
	if (err)
		return err;
	if (!elf->nr)
		return elf_fail(elf, "ELF file has no loadable segment");
	for (i = 0; i < elf->nr; i++) {
		start = min(start, elf->segment[i].gpa);
		end = max(end, elf->segment[i].gpa + elf->segment[i].memsz);
	}
	elf->span = (struct gpa_range){ start, end - start };
	return elf_check_overlap(elf);
}

/**
 * elf_check_below_4g() - can an image be entered in 32-bit mode?
 * @elf: the image, read
 *
 * Return: 0; -ENOEXEC if some of it lies beyond 4 GiB.
 */
int elf_check_below_4g(struct elf *elf)
{
	if (elf->span.gpa + elf->span.len > SIZE_4G)
		return elf_fail(elf,
				"image is linked beyond 4 GiB, where its 32-bit code cannot go");
	return 0;
}

/* Notes are few and small; more is not looked at. */
#define NOTE_SEGMENTS_MAX	16
#define NOTE_BYTES_MAX		0x10000
#define NOTE_HEADER		12

/* The note at the beginning of @notes is cut off them. */
static bool note_take(struct image *notes, u64 align, struct image *name, u32 *type,
		      struct image *desc)
{
	u64 name_len, desc_at, end;

	if (!image_holds(notes, 0, NOTE_HEADER))
		return false;
	name_len = image_u32(notes, 0);
	desc_at = ALIGN(NOTE_HEADER + name_len, align);
	if (!image_holds(notes, desc_at, image_u32(notes, 4)))
		return false;
	*type = image_u32(notes, 8);
	*desc = (struct image){ notes->data + desc_at, image_u32(notes, 4) };
	*name = (struct image){ notes->data + NOTE_HEADER, name_len };
	end = min(ALIGN(desc_at + desc->len, align), notes->len);
	*notes = (struct image){ notes->data + end, notes->len - end };
	return true;
}

static bool notes_find(struct image notes, u64 align, const struct image *want, u32 type,
		       struct image *desc)
{
	struct image name;
	u32 found;

	while (note_take(&notes, align, &name, &found, desc))
		if (found == type && name.len == want->len &&
		    !memcmp(name.data, want->data, want->len))
			return true;
	return false;
}

/* The notes of a PT_NOTE, as far as the file has them; empty for any other program header. */
static struct image elf_notes(const struct elf *elf, u64 phdr)
{
	u64 offset = elf_word(elf, phdr + elf->layout->offset);
	u64 len = min_t(u64, elf_word(elf, phdr + elf->layout->filesz), NOTE_BYTES_MAX);

	if (image_u32(&elf->image, phdr + PHDR_TYPE) != PT_NOTE ||
	    !image_holds(&elf->image, offset, len))
		return (struct image){};
	return (struct image){ elf->image.data + offset, len };
}

/**
 * elf_note() - find a note
 * @elf:  an image whose header was read
 * @name: its name
 * @type: its type
 * @desc: receives its contents
 *
 * Return: false if there is none.
 */
bool elf_note(const struct elf *elf, const char *name, u32 type, struct image *desc)
{
	struct image want = { (const u8 *)name, 0 };
	u32 i, segments = 0;

	while (name[want.len++])
		;	/* the NUL counts */
	for (i = 0; i < elf->phnum && segments < NOTE_SEGMENTS_MAX; i++) {
		u64 phdr = elf_phdr(elf, i);
		struct image notes = elf_notes(elf, phdr);
		u64 align = elf_word(elf, phdr + elf->layout->align) == 8 ? 8 : 4;

		segments += !!notes.len;
		if (notes_find(notes, align, &want, type, desc))
			return true;
	}
	return false;
}

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

/**
 * elf_has() - does some of an image lie at an address?
 * @elf: the image, read
 * @gpa: the address, guest-physical
 *
 * Return: true if it does.
 */
bool elf_has(const struct elf *elf, gpa_t gpa)
{
	const struct elf_segment *segment;

	for (segment = elf->segment; segment < elf->segment + elf->nr; segment++)
		if (gpa >= segment->gpa && gpa - segment->gpa < segment->memsz)
			return true;
	return false;
}

/**
 * elf_find_entry() - find out where the first instruction lies
 * @elf: the image, read; it names a virtual address, or the physical one: linkers write either
 * @gpa: receives its guest-physical address
 *
 * Return: false if it is in no segment.
 */
bool elf_find_entry(const struct elf *elf, gpa_t *gpa)
{
	const struct elf_segment *segment = elf_find(elf, elf->entry, 1);

	*gpa = segment ? segment->gpa + (elf->entry - segment->vaddr) : elf->entry;
	return elf_has(elf, *gpa);
}

/**
 * elf_need() - how much memory does an image take?
 * @elf: the image, read
 *
 * A position-independent one lies in one piece, of others each segment wherever it says.
 *
 * Return: bytes.
 */
u64 elf_need(const struct elf *elf)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < elf->nr; i++)
		bytes += elf->segment[i].memsz;
	return elf->pie ? elf->span.len : bytes;
}

/**
 * elf_check() - struct loader_format::check by what such a format reads first
 * @loading: the loading
 * @read:    finds everything that can be wrong with the image
 *
 * Return: as @read; loading::need is known then.
 */
int elf_check(struct loading *loading, elf_reader *read)
{
	struct elf elf;
	gpa_t rip;
	int err;

	err = read(&elf, loading, &rip);
	if (!err)
		loading->need = elf_need(&elf);
	return err;
}

static int elf_check_place(struct elf *elf)
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

/**
 * elf_place() - see whether an image can lie where it is linked, and place the initrd
 * @elf:        the image, read
 * @initrd_end: first address that the initrd must not reach
 *
 * Return: 0; -EINVAL if the enclave has no RAM there, or no room for the initrd.
 */
int elf_place(struct elf *elf, gpa_t initrd_end)
{
	int err = elf_check_place(elf);

	return err ? err : guest_ram_place_initrd(elf->loading, initrd_end, elf->span);
}

/**
 * elf_write() - write the segments of an image, and the initrd
 * @elf: the image, and the initrd of its loading, placed
 *
 * Return: 0; -EFAULT if memory is not accessible.
 */
int elf_write(struct elf *elf)
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
	return guest_ram_write_initrd(loading);
}
