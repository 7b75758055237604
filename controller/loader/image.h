/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading fields of an untrusted image file. Both supported formats are
 * little-endian, as is every machine that runs this.
 */
#ifndef COVIRT_LOADER_IMAGE_H
#define COVIRT_LOADER_IMAGE_H

#include "core/base.h"

/**
 * struct image - an image file
 * @data: its bytes, at any alignment
 * @len:  how many
 */
struct image {
	const u8 *data;
	u64 len;
};

/**
 * image_holds() - does the file reach that far?
 * @image: the file
 * @off:   offset of the first byte
 * @len:   bytes
 *
 * Return: true if [@off, @off + @len) lies inside the file; no overflow can
 * make it true.
 */
static inline bool image_holds(const struct image *image, u64 off, u64 len)
{
	return off <= image->len && len <= image->len - off;
}

/* The caller has asked image_holds() before. */
static inline u16 image_u16(const struct image *image, u64 off)
{
	u16 val;

	memcpy(&val, image->data + off, sizeof(val));
	return val;
}

static inline u32 image_u32(const struct image *image, u64 off)
{
	u32 val;

	memcpy(&val, image->data + off, sizeof(val));
	return val;
}

static inline u64 image_u64(const struct image *image, u64 off)
{
	u64 val;

	memcpy(&val, image->data + off, sizeof(val));
	return val;
}

#endif /* COVIRT_LOADER_IMAGE_H */
