/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot information of include/uapi/linux/covirt.h, for a co-kernel that is a plain ELF file. */
#ifndef COVIRT_LOADER_BOOTINFO_H
#define COVIRT_LOADER_BOOTINFO_H

#include "loading.h"

int bootinfo_write(struct loading *loading, struct gpa_range image);

#endif /* COVIRT_LOADER_BOOTINFO_H */
