// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypervisor image. One copy in pages of its own serves all enclaves:
 * nothing in it is ever written.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/io.h>
#include <linux/mm.h>

#include "controller/hv/image.h"
#include "controller/hv/pages.h"

/* core/linux/blob.S */
extern const char covirt_hv_image_start[];
extern const char covirt_hv_image_end[];

static struct hv_header *image;
static size_t image_size;

static bool header_is_sane(const struct hv_header *header, size_t size)
{
	return header->magic == HV_HEADER_MAGIC && header->size == size &&
	       PAGE_ALIGNED(header->size) && header->size <= HV_IMAGE_MAX &&
	       PAGE_ALIGNED(header->text_size) && header->text_size <= header->size &&
	       PAGE_ALIGNED(header->trampoline) && header->trampoline < header->text_size;
}

/**
 * hv_image_init() - copy the image to where it will run
 *
 * Return: 0; -EINVAL when the module carries no usable image; -ENOMEM.
 */
int hv_image_init(void)
{
	image_size = covirt_hv_image_end - covirt_hv_image_start;
	if (!header_is_sane((const void *)covirt_hv_image_start, image_size)) {
		pr_err("the module's hypervisor image is damaged: rebuild the module\n");
		return -EINVAL;
	}
	image = hv_pages_alloc(image_size, 0);
	if (!image) {
		pr_err("no %zu KiB of contiguous memory for the hypervisor image\n",
		       image_size >> 10);
		return -ENOMEM;
	}
	memcpy(image, covirt_hv_image_start, image_size);
	return 0;
}

/**
 * hv_image_exit() - free the copy
 * @keep: a CPU still executes it: leave it where it is, for ever
 */
void hv_image_exit(bool keep)
{
	if (!keep)
		hv_pages_free(image, image_size);
}

/**
 * hv_image() - what the image says of itself
 *
 * Return: its header, which is also its first byte.
 */
const struct hv_header *hv_image(void)
{
	return image;
}

/**
 * hv_image_hpa() - where a part of the image lies
 * @offset: bytes from its start
 *
 * Return: its host-physical address.
 */
hpa_t hv_image_hpa(u32 offset)
{
	return virt_to_phys(image) + offset;
}
