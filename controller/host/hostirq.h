/* SPDX-License-Identifier: GPL-2.0-only */
/* Ordinary Linux interrupts, from the x86 vector domain, that enclaves may raise. */
#ifndef COVIRT_CONTROLLER_HOST_HOSTIRQ_H
#define COVIRT_CONTROLLER_HOST_HOSTIRQ_H

#include <linux/interrupt.h>

#include "core/types.h"

/**
 * struct hostirq - one of them
 * @irq:   its number
 * @moved: Linux has chosen another vector or CPU for it: hostirq_icr() says which. The
 *         old one is valid until this returns. Called with interrupts off, under raw spinlocks
 */
struct hostirq {
	unsigned int irq;
	void (*moved)(struct hostirq *hostirq);
};

int hostirq_init(void);
void hostirq_exit(void);
int hostirq_request(struct hostirq *hostirq, irq_handler_t handler, const char *name);
void hostirq_release(struct hostirq *hostirq);
void hostirq_publish(struct hostirq *hostirq);
int hostirq_cpu(const struct hostirq *hostirq);
u64 hostirq_icr(const struct hostirq *hostirq);

#endif /* COVIRT_CONTROLLER_HOST_HOSTIRQ_H */
