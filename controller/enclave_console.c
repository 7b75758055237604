// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console stream. What was printed stays readable after the co-kernel has
 * ended, until the next start. The stream ends where nothing is left and
 * nothing can follow; readers of an enclave that is ready wait for its start.
 * What is written is typed: it waits until the co-kernel reads its COM1.
 */
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "controller/enclave.h"

#define BOUNCE_BYTES	512

static struct console_ring *console_ring(const struct enclave *enclave)
{
	return &enclave->space.shared->console;
}

static struct input_ring *input_ring(const struct enclave *enclave)
{
	return &enclave->space.config->input;
}

static u32 input_space(const struct enclave *enclave)
{
	return input_ring_space(input_ring(enclave), &enclave->space.shared->input_tail);
}

static bool console_is_ready(const struct enclave *enclave)
{
	return !enclave_may_print(enclave) || !console_ring_arm(console_ring(enclave));
}

/* The enclave is pinned through its cdev. */
static int console_open(struct inode *inode, struct file *file)
{
	file->private_data = container_of(inode->i_cdev, struct enclave, cdev);
	return stream_open(inode, file);
}

static ssize_t bytes_take(struct enclave *enclave, char __user *buf, size_t len)
{
	char bounce[BOUNCE_BYTES];
	u32 taken;

	if (mutex_lock_interruptible(&enclave->console.lock))
		return -ERESTARTSYS;
	taken = console_ring_get(console_ring(enclave), bounce, min(len, sizeof(bounce)));
	mutex_unlock(&enclave->console.lock);
	if (copy_to_user(buf, bounce, taken))
		return -EFAULT;
	return taken;
}

/* Whether this is the end is asked before the bytes are: they come before it. */
static ssize_t console_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct enclave *enclave = file->private_data;
	bool at_end;
	ssize_t taken;

	for (;;) {
		at_end = !enclave_may_print(enclave);
		taken = bytes_take(enclave, buf, len);
		if (taken || at_end || !len)
			return taken;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(enclave->console.wait, console_is_ready(enclave)))
			return -ERESTARTSYS;
	}
}

static ssize_t bytes_give(struct enclave *enclave, const char __user *buf, size_t len)
{
	char bounce[BOUNCE_BYTES];
	u32 given;

	len = min(len, sizeof(bounce));
	if (copy_from_user(bounce, buf, len))
		return -EFAULT;
	if (mutex_lock_interruptible(&enclave->console.lock))
		return -ERESTARTSYS;
	given = input_ring_put(input_ring(enclave), &enclave->space.shared->input_tail, bounce,
			       len);
	mutex_unlock(&enclave->console.lock);
	return given;
}

static bool input_is_ready(const struct enclave *enclave)
{
	return !enclave_is_running(enclave) || input_space(enclave);
}

/* As much as there is room for, at least one byte; nobody reads where nothing runs. */
static ssize_t console_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct enclave *enclave = file->private_data;
	ssize_t given;

	for (;;) {
		if (!enclave_is_running(enclave))
			return enclave_refuse(enclave, -EIO,
					      "nobody reads what is typed, it does not run: write start to state first");
		given = bytes_give(enclave, buf, len);
		if (given || !len)
			return given;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(enclave->console.wait, input_is_ready(enclave)))
			return -ERESTARTSYS;
	}
}

static __poll_t console_poll(struct file *file, poll_table *table)
{
	struct enclave *enclave = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &enclave->console.wait, table);
	if (!enclave_may_print(enclave))
		return EPOLLIN | EPOLLRDNORM | EPOLLHUP;
	if (!console_ring_arm(console_ring(enclave)))
		events |= EPOLLIN | EPOLLRDNORM;
	if (enclave_is_running(enclave) && input_space(enclave))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

const struct file_operations enclave_console_fops = {
	.owner = THIS_MODULE,
	.open = console_open,
	.read = console_read,
	.write = console_write,
	.poll = console_poll,
	.unlocked_ioctl = enclave_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
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
 * enclave_console_reset() - forget what the last run printed, and what was typed
 * @enclave: locked, does not run
 */
void enclave_console_reset(struct enclave *enclave)
{
	mutex_lock(&enclave->console.lock);
	memset(enclave->space.shared, 0, HV_SHARED_SIZE);
	memset(input_ring(enclave), 0, sizeof(struct input_ring));
	mutex_unlock(&enclave->console.lock);
	/* Who slept on the armed ring arms the new one. */
	wake_up_interruptible(&enclave->console.wait);
}
