/* SPDX-License-Identifier: GPL-2.0-only */
/* The user's terminal while it is a co-kernel's. */
#ifndef COVIRTCTL_TERMINAL_H
#define COVIRTCTL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#define TERMINAL_LEAVE	0x1d	/* Ctrl-] */

bool terminal_is_there(void);
void terminal_take(void);
void terminal_give_back(void);
bool terminal_size(unsigned int *rows, unsigned int *columns);

#endif /* COVIRTCTL_TERMINAL_H */
