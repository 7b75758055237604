/* SPDX-License-Identifier: GPL-2.0-only */
/* What a co-kernel prints and what is typed for it: Linux's side. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H
#define COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H

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

void enclave_console_init(struct enclave_console *console);
void enclave_console_reset(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CONSOLE_H */
