// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "last_error.h"

/**
 * last_error_text() - what a last_error says, if it says it to this thread
 * @line:   "NUMBER WRITER ERRNO TEXT"
 * @writer: the thread that was refused
 *
 * Return: TEXT, or NULL: it is empty, another thread's, or none of ours.
 */
const char *last_error_text(const char *line, pid_t writer)
{
	int who, text = 0;

	if (sscanf(line, "%*u %d %*d %n", &who, &text) != 1 || !text || who != writer)
		return NULL;
	return line[text] ? line + text : NULL;
}
