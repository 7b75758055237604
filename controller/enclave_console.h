/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/covirt/NAME: what a co-kernel prints and what is typed for it, as a stream. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H
#define COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/wait.h>

struct enclave;

/**
 * struct enclave_console - Linux's side of the console
 * @lock: serializes readers, who share one stream, and writers, who share another
 * @wait: readers without bytes, writers without room
 */
struct enclave_console {
	struct mutex lock;
	wait_queue_head_t wait;
};

extern const struct file_operations enclave_console_fops;

void enclave_console_init(struct enclave_console *console);
void enclave_console_reset(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H */
