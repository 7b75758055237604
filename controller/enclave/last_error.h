/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last errors of a file in sysfs, for their writers: each finds its own, as with errno, though
 * others are refused meanwhile.
 */
#ifndef COVIRT_CONTROLLER_ENCLAVE_LAST_ERROR_H
#define COVIRT_CONTROLLER_ENCLAVE_LAST_ERROR_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define LAST_ERROR_WRITERS	8	/* whose errors are kept */
#define LAST_ERROR_TEXT		384	/* bytes of a line, with its NUL */

/**
 * struct last_error_entry - an error
 * @number: counts errors from 1 on; 0: there is none
 * @writer: the thread that caused it
 * @err:    -Exxx
 * @text:   a line that says what to do
 */
struct last_error_entry {
	u64 number;
	pid_t writer;
	int err;
	char text[LAST_ERROR_TEXT];
};

/**
 * struct last_error - the last error of each of the last writers
 * @lock:  guards the rest; taken last, in threads only
 * @count: errors so far
 * @entry: in any order
 */
struct last_error {
	spinlock_t lock;
	u64 count;
	struct last_error_entry entry[LAST_ERROR_WRITERS];
};

void last_error_init(struct last_error *errors);
void last_error_forget(struct last_error *errors, pid_t writer);
void __printf(4, 5) last_error_note(struct last_error *errors, pid_t writer, int err,
				    const char *fmt, ...);
ssize_t last_error_print(struct last_error *errors, pid_t reader, char *buf);

#endif /* COVIRT_CONTROLLER_ENCLAVE_LAST_ERROR_H */
