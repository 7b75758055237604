/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Console bytes on their way from an enclave CPU to Linux.
 *
 * One producer (the hypervisor, on the exit of an OUT to COM1) and one
 * consumer (Linux, below a lock of its own). Neither waits for the other: a
 * full ring drops the byte and counts it, and the consumer asks for a wake-up
 * by arming the ring. The co-kernel cannot reach the ring; indexes are range
 * checked all the same, so that a stray write can lose text but no memory.
 */
#ifndef COVIRT_CORE_CONSOLE_RING_H
#define COVIRT_CORE_CONSOLE_RING_H

#include "types.h"

#define CONSOLE_RING_BYTES	65536			/* of struct console_ring */
#define CONSOLE_RING_SIZE	(CONSOLE_RING_BYTES - 128)	/* of the data */

/**
 * struct console_ring - the ring; all zero is its empty state
 * @head:  index of the next byte written; only the producer writes it
 * @reserved: 0
 * @bytes: bytes accepted since the ring was zeroed; producer
 * @lost:  bytes dropped since the ring was zeroed; producer
 * @pad0:  end of the producer's cache line
 * @tail:  index of the next byte read; only the consumer writes it
 * @armed: 1 = the consumer wants to be notified; set by the consumer, taken
 *         (exchanged to 0) by the producer
 * @pad1:  end of the consumer's cache line
 * @data:  the bytes from @tail up to, not including, @head; one slot always
 *         stays free
 *
 * Producer and consumer each own a cache line, so that polling one side does
 * not slow the other.
 */
struct console_ring {
	u32 head;
	u32 reserved;
	u64 bytes;
	u64 lost;
	u8 pad0[40];
	u32 tail;
	u32 armed;
	u8 pad1[56];
	u8 data[CONSOLE_RING_SIZE];
};

static_assert(sizeof(struct console_ring) == CONSOLE_RING_BYTES);
static_assert(offsetof(struct console_ring, tail) == 64);

bool console_ring_put(struct console_ring *ring, u8 byte);
u32 console_ring_get(struct console_ring *ring, void *buf, u32 len);
bool console_ring_arm(struct console_ring *ring);
bool console_ring_empty(const struct console_ring *ring);

#endif /* COVIRT_CORE_CONSOLE_RING_H */
