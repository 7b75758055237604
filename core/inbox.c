// SPDX-License-Identifier: GPL-2.0-only
#include "core/inbox.h"

/*
 * An INIT undoes what came before it; of start-up IPIs the first counts
 * (SDM vol. 3, 9.4.4.1: one that finds the target not waiting for it is lost).
 */
static u32 messages_add(u32 messages, u32 message)
{
	if (message & INBOX_INIT)
		return (messages & INBOX_STOP) | message;
	if (message & INBOX_STARTUP && messages & INBOX_STARTUP)
		return messages;
	return messages | message;
}

/**
 * inbox_post() - leave a message
 * @inbox:   the target's
 * @message: one of INBOX_*; INBOX_STARTUP with its vector
 *
 * Context: any CPU of the enclave, at the same time as others. What was written
 * before is seen by the target once it has taken the message.
 */
void inbox_post(struct inbox *inbox, u32 message)
{
	u32 old = __atomic_load_n(&inbox->messages, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(&inbox->messages, &old, messages_add(old, message),
					    false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		;
}

/**
 * inbox_drain() - empty the inbox
 * @inbox: this CPU's
 *
 * Return: what was in it: an INIT is older than a start-up IPI beside it, and than an NMI.
 */
u32 inbox_drain(struct inbox *inbox)
{
	return __atomic_exchange_n(&inbox->messages, 0, __ATOMIC_SEQ_CST);
}
