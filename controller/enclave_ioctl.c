// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of /dev/covirt/NAME, as one table. */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "controller/enclave.h"
#include "controller/routes.h"

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

/**
 * enclave_ioctl() - a request on an enclave's device
 * @file: opened
 * @cmd:  COVIRT_IOC_*
 * @arg:  address of its argument in user space
 *
 * Context: may sleep.
 * Return: what the request says, mostly 0; -ENOTTY for what is no request; -EPERM; -EFAULT.
 */
long enclave_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct verb *verb = verb_find(cmd);
	union argument argument = {};
	void __user *user = (void __user *)arg;
	int err;

	if (!verb)
		return -ENOTTY;
	if (verb->admin && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&argument, user, _IOC_SIZE(cmd)))
		return -EFAULT;
	err = apply(file->private_data, verb, &argument);
	if (!err && _IOC_DIR(cmd) & _IOC_READ && copy_to_user(user, &argument, _IOC_SIZE(cmd)))
		err = -EFAULT;
	return err;
}

/**
 * enclave_of_fd() - the enclave whose device that is
 * @fd: file descriptor of the caller's
 *
 * Return: the enclave, pinned until put_device(); NULL if it is no such thing.
 */
struct enclave *enclave_of_fd(int fd)
{
	struct file *file = fget(fd);
	struct enclave *enclave = NULL;

	if (!file)
		return NULL;
	if (file->f_op == &enclave_console_fops) {
		enclave = file->private_data;
		get_device(&enclave->dev);
	}
	fput(file);
	return enclave;
}
