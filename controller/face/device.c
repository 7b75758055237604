// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/covirt/NAME: the console as a stream, and the ioctls as one table.
 *
 * What was printed stays readable after the co-kernel has ended, until the next start. The stream
 * ends where nothing is left and nothing can follow; readers of an enclave that is ready wait for
 * its start. What is written is typed: it waits until the co-kernel reads its COM1.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "controller/border/routes.h"
#include "controller/dump/file.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/device.h"
#include "controller/hv/command.h"
#include "controller/life/stop.h"

#define BOUNCE_BYTES	512

/* --- the stream --- */

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
static int device_open(struct inode *inode, struct file *file)
{
	file->private_data = container_of(inode->i_cdev, struct enclave, cdev);
	return stream_open(inode, file);
}

static ssize_t bytes_to_user(struct enclave *enclave, char __user *buf, size_t len)
{
	char bounce[BOUNCE_BYTES];
	u32 copied;

	if (mutex_lock_interruptible(&enclave->console.lock))
		return -ERESTARTSYS;
	copied = console_ring_get(console_ring(enclave), bounce, min(len, sizeof(bounce)));
	mutex_unlock(&enclave->console.lock);
	if (copy_to_user(buf, bounce, copied))
		return -EFAULT;
	return copied;
}

/* The end is checked before the bytes are read: those that come before it must not be missed. */
static ssize_t device_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct enclave *enclave = file->private_data;
	bool at_end;
	ssize_t copied;

	for (;;) {
		at_end = !enclave_may_print(enclave);
		copied = bytes_to_user(enclave, buf, len);
		if (copied || at_end || !len)
			return copied;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(enclave->console.wait, console_is_ready(enclave)))
			return -ERESTARTSYS;
	}
}

/* Console locked. CPUs of an enclave that runs are not Linux's; see enclave_console_end(). */
static u32 bytes_type(struct enclave *enclave, const void *buf, u32 len)
{
	const struct covirt_config *config = enclave->space.config;
	u32 given;

	if (!enclave_is_running(enclave))
		return 0;
	given = input_ring_put(input_ring(enclave), &enclave->space.shared->input_tail, buf, len);
	if (given && config->com1_irq)
		hv_command_ring(&enclave->space, config->boot);
	return given;
}

static ssize_t bytes_from_user(struct enclave *enclave, const char __user *buf, size_t len)
{
	char bounce[BOUNCE_BYTES];
	u32 given;

	len = min(len, sizeof(bounce));
	if (copy_from_user(bounce, buf, len))
		return -EFAULT;
	if (mutex_lock_interruptible(&enclave->console.lock))
		return -ERESTARTSYS;
	given = bytes_type(enclave, bounce, len);
	mutex_unlock(&enclave->console.lock);
	return given;
}

static bool input_is_ready(const struct enclave *enclave)
{
	return !enclave_is_running(enclave) || input_space(enclave);
}

/*
 * Waits for room for one byte, and takes as much as there is; fails if nothing runs that could
 * read.
 */
static ssize_t device_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct enclave *enclave = file->private_data;
	ssize_t given;

	for (;;) {
		if (!enclave_is_running(enclave))
			return enclave_refuse(enclave, -EIO,
					      "nobody reads what is typed, it does not run: write start to state first");
		given = bytes_from_user(enclave, buf, len);
		if (given || !len)
			return given;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(enclave->console.wait, input_is_ready(enclave)))
			return -ERESTARTSYS;
	}
}

static __poll_t device_poll(struct file *file, poll_table *table)
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

/* --- ioctls --- */

/* Room for the argument of any of them. */
union argument {
	__u32 id;
	struct covirt_ioctl_route route;
};

/**
 * struct verb - one ioctl
 * @cmd:   its number, which says how large its argument is, and which way it goes
 * @apply: does it and returns 0 or more; called with the enclave locked
 * @admin: changes what an enclave may do: for CAP_SYS_ADMIN
 */
struct verb {
	unsigned int cmd;
	int (*apply)(struct enclave *enclave, union argument *argument);
	bool admin;
};

/* The enclave whose device that is, pinned until put_device(); NULL if it is no such thing. */
static struct enclave *enclave_of_fd(int fd)
{
	struct file *file = fget(fd);
	struct enclave *enclave = NULL;

	if (!file)
		return NULL;
	if (file->f_op == &enclave_device_fops) {
		enclave = file->private_data;
		get_device(&enclave->dev);
	}
	fput(file);
	return enclave;
}

static int grant(struct enclave *enclave, union argument *argument)
{
	struct enclave *to = enclave_of_fd(argument->route.fd);
	int err = routes_grant(enclave, to, &argument->route);

	if (to)
		put_device(&to->dev);
	return err;
}

static int revoke(struct enclave *enclave, union argument *argument)
{
	return routes_revoke(enclave, argument->id);
}

static int next_route(struct enclave *enclave, union argument *argument)
{
	return routes_next(enclave, &argument->route);
}

static int raise(struct enclave *enclave, union argument *argument)
{
	return routes_raise(enclave, argument->id);
}

static int dump(struct enclave *enclave, union argument *argument)
{
	return enclave_dump(enclave);
}

static const struct verb verbs[] = {
	{ COVIRT_IOC_GRANT, grant, true },
	{ COVIRT_IOC_REVOKE, revoke, true },
	{ COVIRT_IOC_ROUTE, next_route, false },
	{ COVIRT_IOC_RAISE, raise, false },
	{ COVIRT_IOC_CORE, dump, true },
};

static const struct verb *verb_find(unsigned int cmd)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (verbs[i].cmd == cmd)
			return &verbs[i];
	return NULL;
}

static int apply(struct enclave *enclave, const struct verb *verb, union argument *argument)
{
	int err = -ENODEV;

	if (mutex_lock_interruptible(&enclave->lock))
		return -ERESTARTSYS;
	enclave_check_ended(enclave);
	if (!enclave->dead)
		err = verb->apply(enclave, argument);
	mutex_unlock(&enclave->lock);
	return err;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct verb *verb = verb_find(cmd);
	union argument argument = {};
	void __user *user = (void __user *)arg;
	int err;

	if (!verb)
		return -ENOTTY;
	enclave_request_begins(file->private_data);
	if (verb->admin && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&argument, user, _IOC_SIZE(cmd)))
		return -EFAULT;
	err = apply(file->private_data, verb, &argument);
	if (!err && _IOC_DIR(cmd) & _IOC_READ && copy_to_user(user, &argument, _IOC_SIZE(cmd)))
		err = -EFAULT;
	return err;
}

const struct file_operations enclave_device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.read = device_read,
	.write = device_write,
	.poll = device_poll,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};
