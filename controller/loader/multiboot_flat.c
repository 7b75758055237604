// SPDX-License-Identifier: GPL-2.0-only
/* Images without a header of their own, which a header of multiboot 1 or 2 places. */
#include "multiboot_flat.h"

static int segment_read(struct elf *elf, u64 header, const struct multiboot_flat *flat,
			struct elf_segment *segment)
{
	const struct image *image = &elf->image;

	if (flat->header < flat->load || flat->header - flat->load > header)
		return elf_fail(elf, "multiboot header lies before what is to be loaded");
	if (flat->load_end && flat->load_end < flat->load)
		return elf_fail(elf, "multiboot image ends before it begins");
	segment->offset = header - (flat->header - flat->load);
	segment->filesz = flat->load_end ? flat->load_end - flat->load :
			  image->len - segment->offset;
	if (!image_holds(image, segment->offset, segment->filesz))
		return elf_fail(elf, "multiboot image is truncated");
	segment->memsz = flat->bss_end ? flat->bss_end - flat->load : segment->filesz;
	if (flat->bss_end && flat->bss_end < flat->load + segment->filesz)
		return elf_fail(elf, "multiboot image has a BSS that ends inside its data");
	segment->vaddr = flat->load;
	segment->gpa = flat->load;
	return 0;
}

/**
 * multiboot_flat_read() - take an image for one segment
 * @elf:    the image, opened; its entry point is left alone
 * @header: where the multiboot header lies in the file
 * @flat:   where that says that everything goes
 *
 * Return: 0; -ENOEXEC if that contradicts itself, or the file.
 */
int multiboot_flat_read(struct elf *elf, u64 header, const struct multiboot_flat *flat)
{
	struct elf_segment *segment = &elf->segment[0];
	int err;

	err = segment_read(elf, header, flat, segment);
	if (err)
		return err;
	elf->nr = 1;
	elf->span = (struct gpa_range){ segment->gpa, segment->memsz };
	return 0;
}
