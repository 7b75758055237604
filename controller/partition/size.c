// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "controller/partition/size.h"

/**
 * size_parse() - read a size like 512M
 * @value: a number, with K, M, G or T behind it or without; that is cut off
 * @size:  written: bytes
 *
 * As memparse(), but nothing overflows and nothing is left over.
 *
 * Return: 0 or -EINVAL.
 */
int size_parse(char *value, u64 *size)
{
	static const char suffixes[] = "KMGT";
	size_t len = strlen(value);
	const char *suffix = len ? strchr(suffixes, toupper(value[len - 1])) : NULL;
	u32 shift = suffix ? 10 * (suffix - suffixes + 1) : 0;

	if (suffix)
		value[len - 1] = '\0';
	if (kstrtoull(value, 0, size) || *size > U64_MAX >> shift)
		return -EINVAL;
	*size <<= shift;
	return 0;
}
