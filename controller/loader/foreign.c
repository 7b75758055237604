// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that people take for a co-kernel's image. None of them is loaded; each is recognized,
 * so that the refusal can say what to use.
 */
#include "foreign.h"

#define TEXT(string)	string, sizeof(string) - 1

#define PACKED		": unpack it, what is inside may be an image"
#define PACKED_RUN	": 'covirtctl run' unpacks such, or unpack it, what is inside may be an image"

/*
 * Formats that can be named by their first bytes; a bzImage and an ELF64 file have been recognized
 * before.
 */
static const struct foreign {
	const char *magic;
	u32 len;
	const char *reason;
} foreigners[] = {
	{ TEXT("\037\213"), "image is a gzip file" PACKED_RUN },
	{ TEXT("\3757zXZ"), "image is an xz file" PACKED_RUN },
	{ TEXT("\050\265\057\375"), "image is a zstd file" PACKED_RUN },
	{ TEXT("BZh"), "image is a bzip2 file" PACKED },
	{ TEXT("\135\0\0"), "image is an LZMA file" PACKED },
	{ TEXT("\002\041\114\030"), "image is an LZ4 file" PACKED },
	{ TEXT("\004\042\115\030"), "image is an LZ4 file" PACKED },
	{ TEXT("\211LZO"), "image is an LZO file" PACKED },
	{ TEXT("070701"),
	  "image is a cpio archive, which is an initrd: name the kernel" },
	{ TEXT("!<arch>\n"),
	  "image is an archive, like a .deb or a .a: unpack it, a kernel may be inside" },
	{ TEXT("\047\005\031\126"),
	  "image is a U-Boot image: use the ELF64 file or bzImage that it was made of" },
	{ TEXT("MZ"),
	  "image is a PE file, a program for EFI: use a Linux bzImage or an ELF64 file (a unified kernel image has its bzImage in section .linux: objcopy -O binary -j .linux)",
	},
	{ TEXT("#!"),
	  "image is a script: use a Linux bzImage or an ELF64 file" },
};

/*
 * A multiboot header may be within so many bytes, at multiples of so many. Its loader knows those
 * whose first words add up to 0.
 */
static const struct multiboot {
	u32 magic;
	u32 within;
	u32 align;
	u32 words;
	const char *reason;
} multiboots[] = {
	{ 0x1badb002, 8192, 4, 3, "image has a multiboot header, whose checksum is wrong" },
	{ 0xe85250d6, 32768, 8, 4, "image has a multiboot2 header, whose checksum is wrong" },
};

static bool multiboot_is_sound(const struct image *image, u64 off, u32 words)
{
	u32 sum = 0;
	u32 i;

	if (!image_holds(image, off, words * sizeof(u32)))
		return false;
	for (i = 0; i < words; i++)
		sum += image_u32(image, off + i * sizeof(u32));
	return !sum;
}

static const char *multiboot_find(const struct image *image, const struct multiboot *kind)
{
	u64 end = min_t(u64, image->len, kind->within);
	u64 off;

	for (off = 0; off + sizeof(kind->magic) <= end; off += kind->align)
		if (image_u32(image, off) == kind->magic &&
		    !multiboot_is_sound(image, off, kind->words))
			return kind->reason;
	return NULL;
}

static const char *multiboot_reason(const struct image *image)
{
	const char *reason = NULL;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(multiboots) && !reason; i++)
		reason = multiboot_find(image, &multiboots[i]);
	return reason;
}

/**
 * foreign_reason() - what is a file that no loader knows?
 * @image: the file
 *
 * Return: a static string that says what it is, as far as that can be seen, and what to use.
 */
const char *foreign_reason(const struct image *image)
{
	const struct foreign *kind;
	const char *reason;

	for (kind = foreigners; kind < foreigners + ARRAY_SIZE(foreigners); kind++)
		if (image_holds(image, 0, kind->len) &&
		    !memcmp(image->data, kind->magic, kind->len))
			return kind->reason;
	reason = multiboot_reason(image);
	return reason ? reason : "image is neither an ELF64 file nor a Linux bzImage";
}

/* Header fields of an ELF file of either class. */
enum {
	EHDR_CLASS	= 4,
	EHDR_MACHINE	= 18,
	EHDR_MIN	= 52,
	ELFCLASS32	= 1,
	EM_386		= 3,
};

/**
 * foreign_elf_reason() - what is an ELF file that is not for x86-64?
 * @image: the file
 *
 * Return: as foreign_reason().
 */
const char *foreign_elf_reason(const struct image *image)
{
	const char *reason = multiboot_reason(image);

	if (reason)
		return reason;
	if (image_holds(image, 0, EHDR_MIN) && image->data[EHDR_CLASS] == ELFCLASS32 &&
	    image_u16(image, EHDR_MACHINE) == EM_386)
		return "ELF file is for 32-bit i386: use one for x86-64, multiboot or PVH";
	return "ELF file is not for x86-64";
}

/* Header fields of an ELF64 file, and of its section headers. */
enum {
	EHDR_SHOFF	= 40,
	EHDR_SHENTSIZE	= 58,
	EHDR_SHSTRNDX	= 62,
	EHDR_SIZE	= 64,
	SHDR_OFFSET	= 24,
	SHDR_SIZE	= 32,
	SHDR_BYTES	= 64,
};

/* Bytes of names that are searched. Linux has some 2,000; a file may have what it likes. */
#define SECTION_NAMES	0x8000

/* The names of its sections; empty where there are none. */
static struct image section_names(const struct image *image)
{
	u64 at, off, len;

	if (!image_holds(image, 0, EHDR_SIZE) ||
	    image_u16(image, EHDR_SHENTSIZE) != SHDR_BYTES)
		return (struct image){};
	at = image_u64(image, EHDR_SHOFF);
	off = (u64)image_u16(image, EHDR_SHSTRNDX) * SHDR_BYTES;
	if (at > image->len || !image_holds(image, at + off, SHDR_BYTES))
		return (struct image){};
	off = image_u64(image, at + off + SHDR_OFFSET);
	len = image_u64(image, at + image_u16(image, EHDR_SHSTRNDX) * SHDR_BYTES + SHDR_SIZE);
	if (!image_holds(image, off, len))
		return (struct image){};
	return (struct image){ image->data + off, min_t(u64, len, SECTION_NAMES) };
}

/**
 * foreign_is_vmlinux() - is it Linux itself, without what makes it bootable?
 * @image: an ELF64 file
 *
 * Return: true if it has a section that Linux for x86 alone has.
 */
bool foreign_is_vmlinux(const struct image *image)
{
	static const char name[] = "\0.x86_cpu_dev.init";	/* each name ends with a 0 */
	const struct image names = section_names(image);
	u64 off;

	for (off = 0; image_holds(&names, off, sizeof(name)); off++)
		if (!memcmp(names.data + off, name, sizeof(name)))
			return true;
	return false;
}
