/* SPDX-License-Identifier: GPL-2.0-only */
/* Command line of Linux. */
#ifndef COVIRT_CONTROLLER_HOST_LINUX_CMDLINE_H
#define COVIRT_CONTROLLER_HOST_LINUX_CMDLINE_H

int linux_cmdline_init(void);
void linux_cmdline_exit(void);
int linux_cmdline_int(const char *name);

#endif /* COVIRT_CONTROLLER_HOST_LINUX_CMDLINE_H */
