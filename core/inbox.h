/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages between the CPUs of an enclave: the IPIs that the hypervisor carries out itself, and the
 * end of the run. A message is left in the target's inbox, then its doorbell is rung.
 */
#ifndef COVIRT_CORE_INBOX_H
#define COVIRT_CORE_INBOX_H

#include "core/types.h"

/* Messages; the lowest byte is the vector of a start-up IPI. */
#define INBOX_INIT	0x100
#define INBOX_STARTUP	0x200
#define INBOX_NMI	0x400
#define INBOX_STOP	0x800
#define INBOX_VECTOR	0x0ff

/**
 * struct inbox - messages to one CPU
 * @messages: those that it has not taken yet
 */
struct inbox {
	u32 messages;
};

void inbox_post(struct inbox *inbox, u32 message);
u32 inbox_drain(struct inbox *inbox);

#endif /* COVIRT_CORE_INBOX_H */
