/* SPDX-License-Identifier: GPL-2.0-only */
/* Compressed images: recognizing and unpacking them. */
#ifndef COVIRTCTL_UNPACK_H
#define COVIRTCTL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#define UNPACK_MAX	(1024UL << 20)	/* bytes: no kernel has more */

/**
 * struct unpacked - what was inside
 * @bytes: from malloc()
 * @len:   how many
 */
struct unpacked {
	unsigned char *bytes;
	size_t len;
};

bool is_packed(const void *bytes, size_t len);
const char *unpack(const void *bytes, size_t len, size_t max, struct unpacked *unpacked);

#endif /* COVIRTCTL_UNPACK_H */
