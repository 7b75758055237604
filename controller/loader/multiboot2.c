// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multiboot 2 (Multiboot2 Specification 2.0): a header with tags in the first 32 KiB, an ELF file
 * of either class or a flat image that a tag places, 32-bit entry with the information in EBX.
 */
#include "elf.h"
#include "entry_32.h"
#include "guest_ram.h"
#include "memory_map.h"
#include "multiboot_flat.h"

#define HEADER_MAGIC	0xe85250d6
#define LOADER_MAGIC	0x36d76289
#define HEADER_WITHIN	32768
#define HEADER_ALIGN	8
#define TAG_ALIGN	8
#define ARCH_I386	0
#define WHOLE_FILE	(~0U)	/* as the address of what is loaded */

/* The header (3.1.1), and what every tag begins with (3.1.3). */
enum {
	HEADER_ARCH	= 4,
	HEADER_LENGTH	= 8,
	HEADER_CHECKSUM	= 12,
	HEADER_MIN	= 16,

	TAG_TYPE	= 0,
	TAG_FLAGS	= 2,
	TAG_SIZE	= 4,
	TAG_MIN		= 8,

	TAG_OPTIONAL	= 1,
};

enum tag_type {
	TAG_END		= 0,
	TAG_REQUEST	= 1,
	TAG_ADDRESS	= 2,
	TAG_ENTRY	= 3,
	TAG_ALIGN_MODULES = 6,
	TAG_EFI_SERVICES = 7,
	TAG_EFI_ENTRY32	= 8,
	TAG_EFI_ENTRY64	= 9,
	TAG_RELOCATABLE	= 10,
};

/* 3.6 */
enum info_type {
	INFO_END	= 0,
	INFO_CMDLINE	= 1,
	INFO_LOADER	= 2,
	INFO_MODULE	= 3,
	INFO_MEMORY	= 4,
	INFO_MAP	= 6,
	INFO_RSDP	= 15,	/* of ACPI 2.0 and later */
};

/**
 * struct header - the header of an image
 * @off:     where it lies in the file
 * @tags:    its bytes behind the fixed part
 * @address: the image is flat, and goes there
 * @has_address: there is such a tag
 * @entry:   the first instruction
 * @has_entry: there is such a tag
 */
struct header {
	u64 off;
	struct image tags;
	struct multiboot_flat address;
	bool has_address;
	u32 entry;
	bool has_entry;
};

static bool header_is_here(const struct image *image, u64 off)
{
	return image_u32(image, off) == HEADER_MAGIC &&
	       !(u32)(HEADER_MAGIC + image_u32(image, off + HEADER_ARCH) +
		      image_u32(image, off + HEADER_LENGTH) +
		      image_u32(image, off + HEADER_CHECKSUM));
}

/* False if there is none with a right checksum. */
static bool header_find(const struct image *image, u64 *header)
{
	const struct image head = { image->data, min_t(u64, image->len, HEADER_WITHIN) };
	u64 off;

	for (off = 0; image_holds(&head, off, HEADER_MIN); off += HEADER_ALIGN)
		if (header_is_here(image, off)) {
			*header = off;
			return true;
		}
	return false;
}

static bool multiboot2_match(const struct loader_request *request)
{
	const struct image image = { request->kernel, request->kernel_len };
	u64 header;

	return header_find(&image, &header);
}

static bool info_is_told(u32 type)
{
	switch (type) {
	case INFO_CMDLINE:
	case INFO_LOADER:
	case INFO_MODULE:
	case INFO_MEMORY:
	case INFO_MAP:
	case INFO_RSDP:
		return true;
	}
	return false;
}

/* Readers of tags, of which as many bytes are there as they say. */
static int request_read(struct elf *elf, struct header *header, const struct image *tag)
{
	u64 off;

	(void)header;
	for (off = TAG_MIN; image_holds(tag, off, 4); off += 4)
		if (!info_is_told(image_u32(tag, off)))
			return elf_fail(elf,
					"multiboot2 kernel requires information that there is none of in an enclave: a screen, disks, APM, EFI, SMBIOS, symbols or old ACPI");
	return 0;
}

static int address_read(struct elf *elf, struct header *header, const struct image *tag)
{
	struct multiboot_flat *address = &header->address;

	*address = (struct multiboot_flat){
		.header = image_u32(tag, 8),
		.load = image_u32(tag, 12),
		.load_end = image_u32(tag, 16),
		.bss_end = image_u32(tag, 20),
	};
	header->has_address = true;
	if (address->load != WHOLE_FILE)
		return 0;
	if (address->header < header->off)
		return elf_fail(elf, "multiboot2 image would begin below address 0");
	address->load = address->header - header->off;
	return 0;
}

static int entry_read(struct elf *elf, struct header *header, const struct image *tag)
{
	(void)elf;
	header->has_entry = true;
	header->entry = image_u32(tag, 8);
	return 0;
}

/* Granted, or of no matter: modules lie on pages, and there is no EFI. */
static int nothing_read(struct elf *elf, struct header *header, const struct image *tag)
{
	(void)elf;
	(void)header;
	(void)tag;
	return 0;
}

static const struct tag_kind {
	u16 type;
	u32 min;
	int (*read)(struct elf *elf, struct header *header, const struct image *tag);
} tag_kinds[] = {
	{ TAG_REQUEST, TAG_MIN, request_read },
	{ TAG_ADDRESS, 24, address_read },
	{ TAG_ENTRY, 12, entry_read },
	{ TAG_ALIGN_MODULES, TAG_MIN, nothing_read },
	{ TAG_EFI_SERVICES, TAG_MIN, nothing_read },
	{ TAG_EFI_ENTRY32, TAG_MIN, nothing_read },
	{ TAG_EFI_ENTRY64, TAG_MIN, nothing_read },
	{ TAG_RELOCATABLE, TAG_MIN, nothing_read },
};

static const struct tag_kind *tag_kind(const struct image *tag)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(tag_kinds); i++)
		if (tag_kinds[i].type == image_u16(tag, TAG_TYPE))
			return &tag_kinds[i];
	return NULL;
}

/* A request that is optional asks for nothing: what there is, is told in any case. */
static int tag_read(struct elf *elf, struct header *header, const struct image *tag)
{
	const bool optional = image_u16(tag, TAG_FLAGS) & TAG_OPTIONAL;
	const struct tag_kind *kind = tag_kind(tag);

	if (optional && (!kind || kind->type == TAG_REQUEST))
		return 0;
	if (!kind)
		return elf_fail(elf,
				"multiboot2 kernel requires a screen, or what this loader does not know: make that tag of its header optional");
	if (tag->len < kind->min)
		return elf_fail(elf, "multiboot2 header has a tag that is too short");
	return kind->read(elf, header, tag);
}

/* The tag at the beginning of what is left; false if it does not lie in there as a whole. */
static bool tag_take(struct image *left, struct image *tag)
{
	u64 len;

	if (!image_holds(left, 0, TAG_MIN))
		return false;
	len = image_u32(left, TAG_SIZE);
	if (len < TAG_MIN || !image_holds(left, 0, len))
		return false;
	*tag = (struct image){ left->data, len };
	len = min_t(u64, ALIGN(len, TAG_ALIGN), left->len);
	*left = (struct image){ left->data + len, left->len - len };
	return true;
}

static int tags_read(struct elf *elf, struct header *header)
{
	struct image left = header->tags;
	struct image tag;
	int err;

	do {
		if (!tag_take(&left, &tag))
			return elf_fail(elf, "multiboot2 header ends before its last tag");
		if (image_u16(&tag, TAG_TYPE) == TAG_END)
			return 0;
		err = tag_read(elf, header, &tag);
	} while (!err);
	return err;
}

static int header_read(struct elf *elf, struct header *header)
{
	const struct image *image = &elf->image;
	u64 len;

	if (!header_find(image, &header->off))
		return elf_fail(elf, "image has no multiboot2 header with a right checksum");
	if (image_u32(image, header->off + HEADER_ARCH) != ARCH_I386)
		return elf_fail(elf, "multiboot2 kernel is not for x86");
	len = image_u32(image, header->off + HEADER_LENGTH);
	if (len < HEADER_MIN || !image_holds(image, header->off, len))
		return elf_fail(elf, "image is truncated inside its multiboot2 header");
	header->tags = (struct image){
		image->data + header->off + HEADER_MIN, len - HEADER_MIN,
	};
	return tags_read(elf, header);
}

static int segments_read(struct elf *elf, const struct header *header)
{
	if (!header->has_address)
		return elf_is_file(elf->loading->request) ? elf_read(elf) :
		       elf_fail(elf,
				"multiboot2 image is no ELF file, and its header has no address tag to say where it goes");
	if (!header->has_entry)
		return elf_fail(elf, "multiboot2 header has an address tag, but no entry tag");
	return multiboot_flat_read(elf, header->off, &header->address);
}

/* Everything that can be wrong is found here, before the first byte is written. */
static int multiboot2_read(struct elf *elf, struct loading *loading, gpa_t *rip)
{
	struct header header = {};
	int err;

	elf_open(elf, loading);
	err = header_read(elf, &header);
	if (!err)
		err = segments_read(elf, &header);
	if (!err)
		err = elf_check_below_4g(elf);
	if (err)
		return err;
	*rip = header.entry;
	if (header.has_entry ? !elf_has(elf, *rip) : !elf_find_entry(elf, rip))
		return elf_fail(elf, "multiboot2 entry point is not inside the image");
	return 0;
}

/* Beginning of every tag of the information (3.6.2), and the rest of those that are told. */
struct info_tag {
	u32 type;
	u32 size;
};

struct info_module {
	struct info_tag tag;
	u32 start;
	u32 end;
};

struct info_memory {
	struct info_tag tag;
	u32 lower;
	u32 upper;
};

struct info_map {
	struct info_tag tag;
	u32 line_size;
	u32 version;
};

struct info_line {
	u64 start;
	u64 len;
	u32 type;
	u32 reserved;
};

static_assert(sizeof(struct info_line) == 24);

#define RSDP_BYTES	36
#define INFO_HEAD	8	/* total_size, reserved */
/* All but the lines of the memory map. */
#define INFO_FIXED	(INFO_HEAD + LOADER_CMDLINE_MAX + 256)

/**
 * struct info - the information while it is written
 * @at:  where it lies
 * @len: bytes so far, a multiple of TAG_ALIGN
 */
struct info {
	u8 *at;
	u32 len;
};

/* Room for a tag of @size bytes, with its first two fields. */
static void *info_tag(struct info *info, enum info_type type, u32 size)
{
	struct info_tag *tag = (struct info_tag *)(info->at + info->len);

	tag->type = type;
	tag->size = size;
	info->len += ALIGN(size, TAG_ALIGN);
	return tag;
}

static void info_bytes(struct info *info, enum info_type type, const void *bytes, u32 len)
{
	struct info_tag *tag = info_tag(info, type, sizeof(*tag) + len);

	memcpy(tag + 1, bytes, len);
}

/* With its NUL. */
static void info_text(struct info *info, enum info_type type, const char *text)
{
	u32 len = 0;

	while (text[len++])
		;
	info_bytes(info, type, text, len);
}

static void info_initrd(struct info *info, const struct gpa_range *initrd)
{
	static const char name[] = "initrd";
	struct info_module *module;

	if (!initrd->len)
		return;
	module = info_tag(info, INFO_MODULE, sizeof(*module) + sizeof(name));
	module->start = initrd->gpa;
	module->end = initrd->gpa + initrd->len;
	memcpy(module + 1, name, sizeof(name));
}

static void info_memory(struct info *info, const struct covirt_gpmap *map)
{
	struct info_memory *memory = info_tag(info, INFO_MEMORY, sizeof(*memory));

	memory->lower = LOW_ACPI >> 10;
	memory->upper = memory_map_upper(map);
}

static void info_map(struct info *info, const struct covirt_gpmap *map)
{
	const u32 size = sizeof(struct info_map) +
			 memory_map_lines(map) * sizeof(struct info_line);
	struct info_map *table = info_tag(info, INFO_MAP, size);
	struct info_line *at = (struct info_line *)(table + 1);
	struct told_walk walk = {};
	struct told_range line;

	table->line_size = sizeof(*at);
	for (; memory_map_next(map, &walk, &line); at++)
		*at = (struct info_line){
			.start = line.range.gpa,
			.len = line.range.len,
			.type = line.type,
		};
}

static void info_fill(const struct loading *loading, struct info *info, const char *cmdline,
		      const void *rsdp)
{
	const struct covirt_gpmap *map = loading->request->map;

	info->len = INFO_HEAD;
	info_text(info, INFO_CMDLINE, cmdline);
	info_text(info, INFO_LOADER, "Covirt");
	info_initrd(info, &loading->initrd);
	info_memory(info, map);
	info_map(info, map);
	info_bytes(info, INFO_RSDP, rsdp, RSDP_BYTES);
	info_tag(info, INFO_END, sizeof(struct info_tag));
	memcpy(info->at, &info->len, sizeof(info->len));
}

/* There are no boot page tables in 32-bit mode: the information goes to where they would be. */
static int info_write(struct loading *loading)
{
	const struct loader_request *request = loading->request;
	const u64 size = INFO_FIXED + memory_map_lines(request->map) * sizeof(struct info_line);
	const char *cmdline = request->mem(request->ctx, LOW_CMDLINE, LOADER_CMDLINE_MAX + 1);
	const void *rsdp = request->mem(request->ctx, loading->rsdp, RSDP_BYTES);
	struct info info = {};

	if (size > LOW_TABLES_END - LOW_TABLES)
		return loading_fail(loading, -EINVAL,
				    "enclave memory is in more pieces than there is room to tell: use layout packed");
	info.at = request->mem(request->ctx, LOW_TABLES, size);
	if (!info.at || !cmdline || !rsdp)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	memset(info.at, 0, size);
	info_fill(loading, &info, cmdline, rsdp);
	return 0;
}

static const struct entry_32 multiboot2_entry = {
	.read = multiboot2_read,
	.write_info = info_write,
	.rax = LOADER_MAGIC,
	.rbx = LOW_TABLES,
};

static int multiboot2_check(struct loading *loading)
{
	return elf_check(loading, multiboot2_read);
}

static int multiboot2_load(struct loading *loading)
{
	return entry_32_load(loading, &multiboot2_entry);
}

const struct loader_format multiboot2_format = {
	.name = "multiboot2",
	.match = multiboot2_match,
	.check = multiboot2_check,
	.load = multiboot2_load,
};
