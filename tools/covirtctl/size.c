// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "size.h"

static const char suffixes[] = "KMGT";

/* How many bits a suffix shifts by: K, M, G, T, as "512M", "512MiB" or "512m". -1: it is none. */
static int suffix_shift(const char *suffix)
{
	const char *known;

	if (!*suffix)
		return 0;
	known = strchr(suffixes, toupper((unsigned char)*suffix));
	if (!known || (suffix[1] && strcasecmp(suffix + 1, "iB")))
		return -1;
	return 10 * (int)(known - suffixes + 1);
}

/**
 * size_parse() - bytes from "512M", "0x200000", "1GiB"
 * @text: the text
 * @size: written on success
 *
 * Return: 0; -EINVAL when it is no size; -ERANGE when it does not fit 64 bits.
 */
int size_parse(const char *text, uint64_t *size)
{
	unsigned long long number;
	char *end;
	int shift;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno)
		return -ERANGE;
	shift = suffix_shift(end);
	if (shift < 0)
		return -EINVAL;
	if (number > UINT64_MAX >> shift)
		return -ERANGE;
	*size = (uint64_t)number << shift;
	return 0;
}

/**
 * size_format() - the shortest text that size_parse() takes for the same size
 * @size: bytes
 * @text: room for SIZE_TEXT characters
 *
 * Return: @text.
 */
const char *size_format(uint64_t size, char *text)
{
	int i = -1;

	while (size && !(size % 1024) && i + 1 < (int)strlen(suffixes)) {
		size /= 1024;
		i++;
	}
	snprintf(text, SIZE_TEXT, "%" PRIu64 "%.*s", size, i >= 0, i >= 0 ? suffixes + i : "");
	return text;
}
