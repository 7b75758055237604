/* SPDX-License-Identifier: GPL-2.0-only */
/* The contents of an image, unpacked. */
#ifndef COVIRTCTL_IMAGE_FILE_H
#define COVIRTCTL_IMAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "unpack.h"

/**
 * struct image_file - an image while it is looked at
 * @bytes:    what the kernel is to load
 * @len:      how many
 * @map:      the file's own bytes
 * @map_len:  how many
 * @unpacked: what was in the file; empty unless it is compressed
 */
struct image_file {
	const void *bytes;
	size_t len;
	void *map;
	size_t map_len;
	struct unpacked unpacked;
};

int image_file_open(struct image_file *image, const char *file, bool inside);
void image_file_close(struct image_file *image);
bool image_file_is_packed(const char *file);

#endif /* COVIRTCTL_IMAGE_FILE_H */
