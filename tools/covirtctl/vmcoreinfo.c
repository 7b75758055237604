// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "vmcoreinfo.h"

#define NAME		"VMCOREINFO"
#define FIRST_LINE	"OSRELEASE="
#define TEXT_AT		(sizeof(Elf64_Nhdr) + ((sizeof(NAME) + 3) & ~3UL))
#define HEAD		(TEXT_AT + sizeof(FIRST_LINE) - 1)

/* The header, the name and how the text begins. */
static bool head_fits(const char *head, size_t *len)
{
	Elf64_Nhdr note;

	memcpy(&note, head, sizeof(note));
	*len = TEXT_AT + (size_t)note.n_descsz;
	return note.n_namesz == sizeof(NAME) && !note.n_type && *len >= HEAD &&
	       *len <= VMCOREINFO_ROOM && !memcmp(head + sizeof(note), NAME, sizeof(NAME)) &&
	       !memcmp(head + TEXT_AT, FIRST_LINE, sizeof(FIRST_LINE) - 1);
}

/* Lines of printable characters, and nothing else. */
static bool is_text(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			return false;
	return true;
}

static bool page_read(struct vmcoreinfo *info, gpa_t page, const struct guest_mem *mem)
{
	char head[HEAD];
	size_t len;

	if (mem->read(mem->ctx, page, head, sizeof(head)) || !head_fits(head, &len) ||
	    mem->read(mem->ctx, page, info->note, len))
		return false;
	/* A co-kernel that runs may have changed it. */
	if (memcmp(info->note, head, sizeof(head)) || !is_text(info->note + TEXT_AT, len - TEXT_AT))
		return false;
	info->note[len] = '\0';
	info->len = len;
	return true;
}

/**
 * vmcoreinfo_find() - look for it
 * @info:  written where it is found
 * @start: of the co-kernel's memory
 * @len:   bytes, whole pages
 * @mem:   that memory
 *
 * Return: true when there is one. Whoever runs in the co-kernel can put another before it.
 */
bool vmcoreinfo_find(struct vmcoreinfo *info, gpa_t start, uint64_t len,
		     const struct guest_mem *mem)
{
	uint64_t at;

	for (at = 0; at < len; at += COVIRT_PAGE_SIZE)
		if (page_read(info, start + at, mem))
			return true;
	return false;
}

/**
 * vmcoreinfo_text() - a value
 * @info:  found, or empty
 * @key:   its name
 * @value: written
 * @room:  bytes there, not 0
 *
 * Return: true when there is such a line.
 */
bool vmcoreinfo_text(const struct vmcoreinfo *info, const char *key, char *value, size_t room)
{
	const char *line = info->len ? info->note + TEXT_AT : "";
	size_t len = strlen(key);

	while (*line) {
		size_t end = strcspn(line, "\n");

		if (end > len && !memcmp(line, key, len) && line[len] == '=') {
			snprintf(value, room, "%.*s", (int)(end - len - 1), line + len + 1);
			return true;
		}
		line += end + (line[end] == '\n');
	}
	return false;
}
