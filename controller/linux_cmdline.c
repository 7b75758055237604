// SPDX-License-Identifier: GPL-2.0-only
/* Linux's command line, which it shows to modules only as /proc/cmdline. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/linux_cmdline.h"

#define CMDLINE_BYTES	4096	/* twice COMMAND_LINE_SIZE of x86 */

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
	if (len >= 0)
		buf[len] = '\0';
	return len;
}

/* The last one counts, as in the kernel. */
static int cmdline_find(char *args, const char *name)
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
 * Context: may sleep.
 * Return: its value; 0 when it is not there; negative when it cannot be read.
 */
int linux_cmdline_int(const char *name)
{
	char *buf = kmalloc(CMDLINE_BYTES, GFP_KERNEL);
	int ret;

	if (!buf)
		return -ENOMEM;
	ret = cmdline_read(buf, CMDLINE_BYTES);
	if (ret >= 0)
		ret = cmdline_find(buf, name);
	kfree(buf);
	return ret;
}
