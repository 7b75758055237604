/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMCOREINFO: what Linux says of itself for those who read its dumps. It keeps a finished ELF
 * note of it in its memory, at the start of a page, from early boot on.
 */
#ifndef COVIRTCTL_VMCOREINFO_H
#define COVIRTCTL_VMCOREINFO_H

#include <stddef.h>
#include <stdint.h>

#include "core/guest_walk.h"

#define VMCOREINFO_ROOM	4096	/* a page: Linux gives the note no more */

/**
 * struct vmcoreinfo - what was found
 * @len:    bytes of @note; 0: nothing
 * @note:   header, name and text, as they are in memory
 */
struct vmcoreinfo {
	size_t len;
	char note[VMCOREINFO_ROOM + 1];
};

bool vmcoreinfo_find(struct vmcoreinfo *info, gpa_t start, uint64_t len,
		     const struct guest_mem *mem);
bool vmcoreinfo_text(const struct vmcoreinfo *info, const char *key, char *value, size_t room);

#endif /* COVIRTCTL_VMCOREINFO_H */
