/* SPDX-License-Identifier: GPL-2.0-only */
/* Images that are none of ours: what they are, and what to use instead. */
#ifndef COVIRT_LOADER_FOREIGN_H
#define COVIRT_LOADER_FOREIGN_H

#include "image.h"

const char *foreign_reason(const struct image *image);
const char *foreign_elf_reason(const struct image *image);
bool foreign_is_vmlinux(const struct image *image);

#endif /* COVIRT_LOADER_FOREIGN_H */
