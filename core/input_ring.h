/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Console bytes on their way from Linux to an enclave: what is typed.
 *
 * The producer (Linux, below a lock of its own) writes a page that the hypervisor
 * can only read; how far the consumer (the hypervisor, on the exit of an IN from
 * COM1) has got stands where the hypervisor may write. The co-kernel reaches neither.
 */
#ifndef COVIRT_CORE_INPUT_RING_H
#define COVIRT_CORE_INPUT_RING_H

#include "types.h"

#define INPUT_RING_SIZE		2048	/* a power of two: counts run freely */

/**
 * struct input_ring - the producer's side; all zero is the empty state
 * @head: bytes put in since the ring was zeroed
 * @data: the last of them, by count modulo INPUT_RING_SIZE
 */
struct input_ring {
	u32 head;
	u8 data[INPUT_RING_SIZE];
};

u32 input_ring_put(struct input_ring *ring, const u32 *tail, const void *buf, u32 len);
u32 input_ring_space(const struct input_ring *ring, const u32 *tail);
bool input_ring_get(const struct input_ring *ring, u32 *tail, u8 *byte, bool *emptied);

#endif /* COVIRT_CORE_INPUT_RING_H */
