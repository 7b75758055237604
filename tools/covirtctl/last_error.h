/* SPDX-License-Identifier: GPL-2.0-only */
/* The files last_error: why the kernel refused what this process asked for. */
#ifndef COVIRTCTL_LAST_ERROR_H
#define COVIRTCTL_LAST_ERROR_H

#include <sys/types.h>

const char *last_error_text(const char *line, pid_t writer);

#endif /* COVIRTCTL_LAST_ERROR_H */
