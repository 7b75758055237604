/* SPDX-License-Identifier: GPL-2.0-only */
/* Translation of the kernel's messages to the words of covirtctl. */
#ifndef COVIRTCTL_TRANSLATE_H
#define COVIRTCTL_TRANSLATE_H

#include <stddef.h>

void text_replace(char *text, size_t size, const char *from, const char *to);
void translate(char *text, size_t size, const char *name);

#endif /* COVIRTCTL_TRANSLATE_H */
