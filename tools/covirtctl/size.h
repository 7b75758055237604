/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes as people write them: 512M. */
#ifndef COVIRTCTL_SIZE_H
#define COVIRTCTL_SIZE_H

#include <stddef.h>
#include <stdint.h>

#define SIZE_TEXT	24	/* room for any size as text */

int size_parse(const char *text, uint64_t *size);
const char *size_format(uint64_t size, char *text);

#endif /* COVIRTCTL_SIZE_H */
