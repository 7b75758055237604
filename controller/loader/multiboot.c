// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multiboot 1 (Multiboot Specification 0.6.96): a header in the first 8 KiB, an ELF file of either
 * class or a flat image that the header places, 32-bit entry with the information in EBX.
 */
#include "elf.h"
#include "entry_32.h"
#include "guest_ram.h"
#include "memory_map.h"
#include "multiboot_flat.h"

#define HEADER_MAGIC	0x1badb002
#define LOADER_MAGIC	0x2badb002
#define HEADER_WITHIN	8192
#define HEADER_ALIGN	4

/* EBDA pointer of a PC's BIOS: its first KiB is where ACPI (6.3, 5.2.5.1) looks for the RSDP. */
#define BIOS_EBDA	0x40e

/* 3.1.1 */
enum {
	HEADER_FLAGS	= 4,
	HEADER_CHECKSUM	= 8,
	HEADER_MIN	= 12,
	HEADER_ADDR	= 12,
	HEADER_LOAD	= 16,
	HEADER_LOAD_END	= 20,
	HEADER_BSS_END	= 24,
	HEADER_ENTRY	= 28,
	HEADER_FLAT_MIN	= 32,

	FLAG_FLAT	= 1 << 16,
	FLAGS_GRANTED	= 3,		/* modules by pages, sizes of memory */
	FLAGS_REQUIRED	= 0xffff,	/* a loader that cannot grant one refuses the image */
};

/* 3.3, as far as there is something to tell. */
struct multiboot_info {
	u32 flags;
	u32 mem_lower;
	u32 mem_upper;
	u32 boot_device;
	u32 cmdline;
	u32 mods_count;
	u32 mods_addr;
	u32 syms[4];
	u32 mmap_length;
	u32 mmap_addr;
	u32 drives[2];
	u32 config_table;
	u32 loader_name;
	u32 others[12];
} __packed;

enum {
	INFO_MEMORY	= 1 << 0,
	INFO_CMDLINE	= 1 << 2,
	INFO_MODULES	= 1 << 3,
	INFO_MMAP	= 1 << 6,
	INFO_LOADER	= 1 << 9,
};

struct multiboot_module {
	u32 start;
	u32 end;
	u32 string;
	u32 reserved;
};

/* @size is that of the rest. */
struct multiboot_line {
	u32 size;
	u64 start;
	u64 len;
	u32 type;
} __packed;

/* The page LOW_PARAMS. */
struct multiboot_page {
	struct multiboot_info info;
	struct multiboot_module module;
	char module_string[8];
	char loader_name[8];
};

static_assert(sizeof(struct multiboot_info) == 116);
static_assert(sizeof(struct multiboot_line) == 24);
static_assert(sizeof(struct multiboot_page) <= COVIRT_PAGE_SIZE);

#define PAGE_GPA(field)	(LOW_PARAMS + offsetof(struct multiboot_page, field))

/* Offset of the header; false if there is none with a right checksum. */
static bool header_find(const struct image *image, u64 *header)
{
	const struct image head = { image->data, min_t(u64, image->len, HEADER_WITHIN) };
	u64 off;

	for (off = 0; image_holds(&head, off, HEADER_MIN); off += HEADER_ALIGN)
		if (image_u32(image, off) == HEADER_MAGIC &&
		    !(u32)(HEADER_MAGIC + image_u32(image, off + HEADER_FLAGS) +
			   image_u32(image, off + HEADER_CHECKSUM))) {
			*header = off;
			return true;
		}
	return false;
}

static bool multiboot_match(const struct loader_request *request)
{
	const struct image image = { request->kernel, request->kernel_len };
	u64 header;

	return header_find(&image, &header);
}

static int flat_read(struct elf *elf, u64 header)
{
	const struct image *image = &elf->image;
	struct multiboot_flat flat;

	if (!image_holds(image, header, HEADER_FLAT_MIN))
		return elf_fail(elf, "image is truncated inside its multiboot header");
	flat = (struct multiboot_flat){
		.header = image_u32(image, header + HEADER_ADDR),
		.load = image_u32(image, header + HEADER_LOAD),
		.load_end = image_u32(image, header + HEADER_LOAD_END),
		.bss_end = image_u32(image, header + HEADER_BSS_END),
	};
	elf->entry = image_u32(image, header + HEADER_ENTRY);
	return multiboot_flat_read(elf, header, &flat);
}

static int multiboot_read_segments(struct elf *elf, u64 header, u32 flags)
{
	if (flags & FLAG_FLAT)
		return flat_read(elf, header);
	if (!elf_is_file(elf->loading->request))
		return elf_fail(elf,
				"multiboot image is no ELF file, and its header does not say where it goes (flag 16)");
	return elf_read(elf);
}

/* Everything that can be wrong is found here, before the first byte is written. */
static int multiboot_read(struct elf *elf, struct loading *loading, gpa_t *rip)
{
	u64 header = 0;
	u32 flags;
	int err;

	elf_open(elf, loading);
	header_find(&elf->image, &header);
	flags = image_u32(&elf->image, header + HEADER_FLAGS);
	if (flags & FLAGS_REQUIRED & ~FLAGS_GRANTED)
		return elf_fail(elf,
				"multiboot kernel requires a video mode, or what this loader does not know (flags 2 to 15)");
	err = multiboot_read_segments(elf, header, flags);
	if (!err)
		err = elf_check_below_4g(elf);
	if (err)
		return err;
	if (!elf_find_entry(elf, rip))
		return elf_fail(elf, "multiboot entry point is not inside the image");
	return 0;
}

static int map_write(struct loading *loading, struct multiboot_info *info)
{
	struct told_walk walk = {};
	struct multiboot_line *at;
	struct told_range line;
	void *room;
	int err;

	err = memory_map_room(loading, sizeof(*at), &room);
	if (err)
		return err;
	for (at = room; memory_map_next(loading->request->map, &walk, &line); at++)
		*at = (struct multiboot_line){
			sizeof(*at) - sizeof(at->size), line.range.gpa, line.range.len, line.type,
		};
	info->mmap_addr = LOW_TABLES;
	info->mmap_length = walk.nr * sizeof(*at);
	return 0;
}

static void module_describe(const struct loading *loading, struct multiboot_page *page)
{
	const struct gpa_range *initrd = &loading->initrd;

	if (!initrd->len)
		return;
	page->module = (struct multiboot_module){
		.start = initrd->gpa,
		.end = initrd->gpa + initrd->len,
		.string = PAGE_GPA(module_string),
	};
	page->info.mods_count = 1;
}

static int info_write(struct loading *loading)
{
	struct multiboot_page page = {
		.info = {
			.flags = INFO_MEMORY | INFO_CMDLINE | INFO_MODULES | INFO_MMAP |
				 INFO_LOADER,
			.mem_lower = LOW_ACPI >> 10,
			.mem_upper = memory_map_upper(loading->request->map),
			.cmdline = LOW_CMDLINE,
			.mods_addr = PAGE_GPA(module),
			.loader_name = PAGE_GPA(loader_name),
		},
		.module_string = "initrd",
		.loader_name = "Covirt",
	};
	const u16 ebda = loading->rsdp >> 4;
	int err;

	module_describe(loading, &page);
	err = map_write(loading, &page.info);
	if (err)
		return err;
	err = guest_ram_write(loading, BIOS_EBDA, &ebda, sizeof(ebda));
	if (err)
		return err;
	return guest_ram_write(loading, LOW_PARAMS, &page, sizeof(page));
}

static const struct entry_32 multiboot_entry = {
	.read = multiboot_read,
	.write_info = info_write,
	.rax = LOADER_MAGIC,
	.rbx = LOW_PARAMS,
};

static int multiboot_check(struct loading *loading)
{
	return elf_check(loading, multiboot_read);
}

static int multiboot_load(struct loading *loading)
{
	return entry_32_load(loading, &multiboot_entry);
}

const struct loader_format multiboot_format = {
	.name = "multiboot",
	.match = multiboot_match,
	.check = multiboot_check,
	.load = multiboot_load,
};
