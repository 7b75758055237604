// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel_log.h"

/**
 * kernel_log_mark() - remember this moment
 * @log: filled in
 */
void kernel_log_mark(struct kernel_log *log)
{
	log->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd >= 0)
		lseek(log->fd, 0, SEEK_END);
}

/**
 * kernel_log_message() - the text of a record of /dev/kmsg, if covirt said it
 * @record: "PRIORITY,SEQUENCE,TIME,FLAGS;covirt NAME: TEXT\n KEY=VALUE..."; cut behind TEXT
 *
 * Return: TEXT, or NULL.
 */
const char *kernel_log_message(char *record)
{
	char *text = strchr(record, ';');
	char *end = text ? strchr(text, '\n') : NULL;
	char *colon;

	if (!end || strncmp(text + 1, "covirt", strlen("covirt")))
		return NULL;
	*end = '\0';
	colon = strstr(text, ": ");
	return colon ? colon + 2 : NULL;
}

/**
 * kernel_log_last() - covirt's last line since the moment
 * @log:  the moment
 * @line: filled in, without prefix
 * @size: room there
 *
 * Return: false when there is none, or the log may not be read.
 */
bool kernel_log_last(struct kernel_log *log, char *line, size_t size)
{
	char record[8192];
	const char *text;
	bool found = false;
	ssize_t len;

	if (log->fd < 0)
		return false;
	do {
		len = read(log->fd, record, sizeof(record) - 1);
		record[len > 0 ? len : 0] = '\0';
		text = kernel_log_message(record);
		if (text) {
			snprintf(line, size, "%s", text);
			found = true;
		}
		/* EPIPE: records were overwritten, and the next read goes on behind them. */
	} while (len > 0 || (len < 0 && errno == EPIPE));
	return found;
}

/**
 * kernel_log_close() - forget the moment
 * @log: the moment
 */
void kernel_log_close(struct kernel_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
}
