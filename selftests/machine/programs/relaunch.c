// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads another kernel beside the running one, as kexec(8) does.
 *
 *   relaunch restart KERNEL INITRD CMDLINE    and restarts into it
 *   relaunch crash KERNEL INITRD CMDLINE      for the case that this one panics
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	unsigned long flags;
	int kernel, initrd;

	if (argc != 5) {
		fprintf(stderr, "usage: relaunch restart|crash KERNEL INITRD CMDLINE\n");
		return 2;
	}
	flags = strcmp(argv[1], "crash") ? 0 : KEXEC_FILE_ON_CRASH;
	kernel = open(argv[2], O_RDONLY);
	if (kernel < 0)
		return fail(argv[2]);
	initrd = open(argv[3], O_RDONLY);
	if (initrd < 0)
		return fail(argv[3]);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[4]) + 1, argv[4], flags))
		return fail("kexec_file_load");
	if (flags)
		return 0;
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
	return fail("reboot");
}
