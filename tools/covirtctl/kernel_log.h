/* SPDX-License-Identifier: GPL-2.0-only */
/* What covirt has said in the kernel log since a moment. */
#ifndef COVIRTCTL_KERNEL_LOG_H
#define COVIRTCTL_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_LOG_LINE	1024

/**
 * struct kernel_log - a moment in the kernel log
 * @fd: /dev/kmsg, read up to that moment; -1 when the user may not read it
 */
struct kernel_log {
	int fd;
};

void kernel_log_mark(struct kernel_log *log);
bool kernel_log_last(struct kernel_log *log, char *line, size_t size);
void kernel_log_close(struct kernel_log *log);
const char *kernel_log_message(char *record);

#endif /* COVIRTCTL_KERNEL_LOG_H */
