// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's lines are for who writes to its files. Who uses covirtctl is told its commands,
 * and the file that he named instead of the link by which the kernel found it.
 */
#include <stdio.h>
#include <string.h>

#include "covirtctl.h"
#include "images.h"
#include "translate.h"

/* scripts/check-tools finds the kernel's phrases that have no row; %s is the enclave's name. */
static const struct {
	const char *kernel;
	const char *ours;
} phrases[] = {
	{ "write stop to state", "'covirtctl stop %s'" },
	{ "write start to state", "'covirtctl start %s'" },
	{ "write one to cpus", "'covirtctl set %s cpus=LIST'" },
	{ "write to cpus again", "'covirtctl set %s cpus=LIST' again" },
	{ "write an empty line to cpus", "'covirtctl set %s cpus='" },
	{ "write 1 to allow_smt_sharing",
	  "'covirtctl set %s allow_smt_sharing=1' (with covirtctl run: --set)" },
	{ "write a size to memory", "'covirtctl set %s memory=SIZE'" },
	{ "write the size with force behind it",
	  "'covirtctl set %s \"memory=SIZE force\"' (with covirtctl run: --force)" },
	{ "write a file's path below /lib/firmware to firmware",
	  "'covirtctl set %s firmware=PATH', which is below /lib/firmware," },
	{ "write a path below /lib/firmware", "name a path below /lib/firmware" },
	{ "write 0 or 1", "it takes 0 or 1" },
};

/**
 * text_replace() - put words in place of others, wherever they are
 * @text: changed; what has no room is cut off
 * @size: room there
 * @from: the words, not empty
 * @to:   what comes in their place
 */
void text_replace(char *text, size_t size, const char *from, const char *to)
{
	size_t at = 0, from_len = strlen(from), to_len = strlen(to);
	char *found;

	while ((found = strstr(text + at, from))) {
		size_t before = found - text, rest = strlen(found + from_len);

		if (before + to_len + 1 >= size)
			return;
		if (rest > size - 1 - before - to_len)
			rest = size - 1 - before - to_len;
		memmove(found + to_len, found + from_len, rest);
		memcpy(found, to, to_len);
		text[before + to_len + rest] = '\0';
		at = before + to_len;
	}
}

/**
 * translate() - a line of the kernel's log, in words of covirtctl
 * @text: changed; what has no room is cut off
 * @size: room there
 * @name: of the enclave that it is about
 */
void translate(char *text, size_t size, const char *name)
{
	char ours[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(phrases); i++) {
		snprintf(ours, sizeof(ours), phrases[i].ours, name);
		text_replace(text, size, phrases[i].kernel, ours);
	}
	images_translate(name, text, size);
}
