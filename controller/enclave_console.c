// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console stream. What was printed stays readable after the co-kernel has
 * ended, until the next start. A reader sees the end of the stream when there
 * is nothing left and a run has ended that it could have followed; one who
 * opens early waits for the start.
 */
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "controller/enclave.h"

#define BOUNCE_BYTES	512

/**
 * struct reader - one open file
 * @enclave:   whose console; pinned through its cdev
 * @runs:      runs that had ended when it was opened
 * @has_bytes: it has read something
 */
struct reader {
	struct enclave *enclave;
	u32 runs;
	bool has_bytes;
};

static struct console_ring *reader_ring(const struct reader *reader)
{
	return &reader->enclave->space.shared->console;
}

/* Asked before the ring is: bytes come before the end. */
static bool reader_at_end(const struct reader *reader)
{
	const struct enclave *enclave = reader->enclave;

	if (READ_ONCE(enclave->dead))
		return true;
	if (enclave_is_running(enclave))
		return false;
	return reader->has_bytes || READ_ONCE(enclave->console.runs) != reader->runs;
}

static bool reader_is_ready(const struct reader *reader)
{
	return reader_at_end(reader) || !console_ring_arm(reader_ring(reader));
}

static int console_open(struct inode *inode, struct file *file)
{
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);

	if (!reader)
		return -ENOMEM;
	reader->enclave = container_of(inode->i_cdev, struct enclave, cdev);
	reader->runs = READ_ONCE(reader->enclave->console.runs);
	file->private_data = reader;
	return stream_open(inode, file);
}

static int console_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t bytes_take(struct reader *reader, char __user *buf, size_t len)
{
	struct enclave_console *console = &reader->enclave->console;
	char bounce[BOUNCE_BYTES];
	u32 taken;

	if (mutex_lock_interruptible(&console->lock))
		return -ERESTARTSYS;
	taken = console_ring_get(reader_ring(reader), bounce, min(len, sizeof(bounce)));
	mutex_unlock(&console->lock);
	if (copy_to_user(buf, bounce, taken))
		return -EFAULT;
	reader->has_bytes |= taken > 0;
	return taken;
}

static ssize_t console_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct reader *reader = file->private_data;
	bool at_end;
	ssize_t taken;

	for (;;) {
		at_end = reader_at_end(reader);
		taken = bytes_take(reader, buf, len);
		if (taken || at_end || !len)
			return taken;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(reader->enclave->console.wait,
					     reader_is_ready(reader)))
			return -ERESTARTSYS;
	}
}

static __poll_t console_poll(struct file *file, poll_table *table)
{
	struct reader *reader = file->private_data;

	poll_wait(file, &reader->enclave->console.wait, table);
	if (reader_at_end(reader))
		return EPOLLIN | EPOLLRDNORM | EPOLLHUP;
	return console_ring_arm(reader_ring(reader)) ? 0 : EPOLLIN | EPOLLRDNORM;
}

const struct file_operations enclave_console_fops = {
	.owner = THIS_MODULE,
	.open = console_open,
	.release = console_release,
	.read = console_read,
	.poll = console_poll,
	.llseek = noop_llseek,
};

/**
 * enclave_console_init() - a console without readers
 * @console: zeroed
 */
void enclave_console_init(struct enclave_console *console)
{
	mutex_init(&console->lock);
	init_waitqueue_head(&console->wait);
}

/**
 * enclave_console_reset() - forget what the last run printed
 * @enclave: locked, does not run
 */
void enclave_console_reset(struct enclave *enclave)
{
	mutex_lock(&enclave->console.lock);
	memset(enclave->space.shared, 0, HV_SHARED_SIZE);
	mutex_unlock(&enclave->console.lock);
	/* Who slept on the armed ring arms the new one. */
	wake_up_interruptible(&enclave->console.wait);
}

/**
 * enclave_console_run_ended() - let readers see the end of the stream
 * @enclave: locked, just ended
 */
void enclave_console_run_ended(struct enclave *enclave)
{
	WRITE_ONCE(enclave->console.runs, enclave->console.runs + 1);
	wake_up_interruptible(&enclave->console.wait);
}
