/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that the kernel's firmware loader is to find, wherever they are. */
#ifndef COVIRTCTL_IMAGES_H
#define COVIRTCTL_IMAGES_H

#include <limits.h>
#include <stdbool.h>

int image_offer(const char *name, const char *role, const char *file, char firmware[PATH_MAX]);
void images_remove(const char *name);
bool image_is_linux(const char *file);

#endif /* COVIRTCTL_IMAGES_H */
