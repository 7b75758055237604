// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "controller/enclave/last_error.h"

/**
 * last_error_init() - no error so far
 * @errors: to be used
 */
void last_error_init(struct last_error *errors)
{
	memset(errors, 0, sizeof(*errors));
	spin_lock_init(&errors->lock);
}

static struct last_error_entry *entry_of(struct last_error *errors, pid_t writer)
{
	struct last_error_entry *entry;

	for (entry = errors->entry; entry < errors->entry + LAST_ERROR_WRITERS; entry++)
		if (entry->number && entry->writer == writer)
			return entry;
	return NULL;
}

static struct last_error_entry *oldest(struct last_error *errors)
{
	struct last_error_entry *entry, *found = errors->entry;

	for (entry = errors->entry; entry < errors->entry + LAST_ERROR_WRITERS; entry++)
		if (entry->number < found->number)
			found = entry;
	return found;
}

static const struct last_error_entry *newest(const struct last_error *errors)
{
	const struct last_error_entry *entry, *found = errors->entry;

	for (entry = errors->entry; entry < errors->entry + LAST_ERROR_WRITERS; entry++)
		if (entry->number > found->number)
			found = entry;
	return found;
}

/**
 * last_error_forget() - a thread writes again: its error is not the last one any more
 * @errors: what is kept
 * @writer: the thread
 *
 * Context: threads; takes the lock.
 */
void last_error_forget(struct last_error *errors, pid_t writer)
{
	struct last_error_entry *entry;

	spin_lock(&errors->lock);
	entry = entry_of(errors, writer);
	if (entry)
		entry->number = 0;
	spin_unlock(&errors->lock);
}

/**
 * last_error_note() - a thread has been refused
 * @errors: what is kept; the oldest goes when there is no room
 * @writer: the thread
 * @err:    -Exxx
 * @fmt:    a line that says what to do, without a newline
 *
 * Context: threads; takes the lock.
 */
void last_error_note(struct last_error *errors, pid_t writer, int err, const char *fmt, ...)
{
	struct last_error_entry *entry;
	va_list args;

	va_start(args, fmt);
	spin_lock(&errors->lock);
	entry = entry_of(errors, writer) ?: oldest(errors);
	entry->number = ++errors->count;
	entry->writer = writer;
	entry->err = err;
	vscnprintf(entry->text, sizeof(entry->text), fmt, args);
	spin_unlock(&errors->lock);
	va_end(args);
}

/**
 * last_error_print() - "NUMBER WRITER ERRNO TEXT", of the reader's error, else of the newest
 * @errors: what is kept
 * @reader: the thread that reads
 * @buf:    a page
 *
 * Context: threads; takes the lock.
 * Return: bytes in @buf; 0: there has been no error.
 */
ssize_t last_error_print(struct last_error *errors, pid_t reader, char *buf)
{
	const struct last_error_entry *entry;
	ssize_t len = 0;

	spin_lock(&errors->lock);
	entry = entry_of(errors, reader) ?: newest(errors);
	if (entry->number)
		len = scnprintf(buf, PAGE_SIZE, "%llu %d %d %s\n", entry->number, entry->writer,
				-entry->err, entry->text);
	spin_unlock(&errors->lock);
	return len;
}
