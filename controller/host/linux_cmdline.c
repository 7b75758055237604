// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux's command line, which it shows to modules only as /proc/cmdline. Read
 * once, while the module loads: a read from below a sysfs write would nest the
 * locks of two file systems the wrong way round.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/host/linux_cmdline.h"

#define CMDLINE_BYTES	4096	/* twice COMMAND_LINE_SIZE of x86 */

static char *cmdline;

static ssize_t cmdline_read(char *buf, size_t size)
{
	struct file *file;
	loff_t pos = 0;
	ssize_t len;

	file = filp_open("/proc/cmdline", O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read(file, buf, size - 1, &pos);
	filp_close(file, NULL);
	return len;
}

/**
 * linux_cmdline_init() - keep a copy of the command line
 *
 * Where it cannot be read it counts as empty, and the log says so.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int linux_cmdline_init(void)
{
	ssize_t err;

	might_sleep();
	cmdline = kzalloc(CMDLINE_BYTES, GFP_KERNEL);
	if (!cmdline)
		return -ENOMEM;
	if (IS_BUILTIN(CONFIG_COVIRT)) {
		strscpy(cmdline, saved_command_line, CMDLINE_BYTES);
		return 0;
	}
	err = cmdline_read(cmdline, CMDLINE_BYTES);
	if (err < 0)
		pr_warn("/proc/cmdline cannot be read (error %zd): mount /proc and load covirt again, or starts will miss no_ipi_broadcast=1\n",
			err);
	return 0;
}

/**
 * linux_cmdline_exit() - undo linux_cmdline_init()
 */
void linux_cmdline_exit(void)
{
	kfree(cmdline);
}

/* The last one counts, as in the kernel. Cuts @args into pieces. */
static int args_find(char *args, const char *name)
{
	char *param, *value;
	int number = 0;

	args = skip_spaces(args);
	while (*args) {
		args = next_arg(args, &param, &value);
		if (!value && !strcmp(param, "--"))
			break;
		if (value && !strcmp(param, name))
			get_option(&value, &number);
	}
	return number;
}

/**
 * linux_cmdline_int() - a number that Linux was booted with
 * @name: parameter
 *
 * Return: its value; 0 when it is not there; -ENOMEM.
 */
int linux_cmdline_int(const char *name)
{
	char *args = kstrdup(cmdline, GFP_KERNEL);
	int number;

	if (!args)
		return -ENOMEM;
	number = args_find(args, name);
	kfree(args);
	return number;
}
