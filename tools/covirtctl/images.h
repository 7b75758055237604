/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that the kernel's firmware loader is to find, wherever they are. */
#ifndef COVIRTCTL_IMAGES_H
#define COVIRTCTL_IMAGES_H

#include <limits.h>
#include <stdbool.h>

#define FIRMWARE_DIR	"/lib/firmware"

int image_resolve(const char *file, char real[PATH_MAX]);
int image_offer(const char *name, const char *role, const char *file, char firmware[PATH_MAX]);
void images_translate(const char *name, char *text, size_t size);
void images_remove(const char *name);
bool image_is_linux(const char *file);

#endif /* COVIRTCTL_IMAGES_H */
