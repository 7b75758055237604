// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that the compiler may call by itself. Built with -fno-tree-loop-distribute-patterns, or
 * they would call themselves.
 */
#include "core/base.h"

void *memcpy(void *to, const void *from, size_t len)
{
	void *start = to;

	asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) :: "memory");
	return start;
}

void *memset(void *to, int byte, size_t len)
{
	void *start = to;

	asm volatile("rep stosb" : "+D"(to), "+c"(len) : "a"(byte) : "memory");
	return start;
}

void *memmove(void *to, const void *from, size_t len)
{
	u8 *t = to;
	const u8 *f = from;

	if (t <= f)
		return memcpy(to, from, len);
	while (len--)
		t[len] = f[len];
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *x = a, *y = b;

	for (; len; len--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
