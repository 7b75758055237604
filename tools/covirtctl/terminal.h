/* SPDX-License-Identifier: GPL-2.0-only */
/* The user's terminal while it is a co-kernel's, or a screen. */
#ifndef COVIRTCTL_TERMINAL_H
#define COVIRTCTL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#define TERMINAL_LEAVE	0x1d	/* Ctrl-] */

/**
 * enum terminal_use - what the terminal is taken for
 * @TERMINAL_CONSOLE: every key goes to the co-kernel, Ctrl-C too; nothing is echoed here
 * @TERMINAL_SCREEN:  keys come one by one; what was on the screen comes back afterwards
 */
enum terminal_use {
	TERMINAL_CONSOLE,
	TERMINAL_SCREEN,
};

bool terminal_is_there(void);
void terminal_acquire(enum terminal_use use);
void terminal_release(void);
void terminal_stop(void);
bool terminal_size(unsigned int *rows, unsigned int *columns);

#endif /* COVIRTCTL_TERMINAL_H */
