// SPDX-License-Identifier: GPL-2.0-only
/* The input ring. Each side publishes its count with release order, after the bytes. */
#include "input_ring.h"

/* A count that runs ahead of the other, or too far behind, leaves no room and no bytes. */
static u32 bytes_used(u32 head, u32 tail)
{
	u32 used = head - tail;

	return used <= INPUT_RING_SIZE ? used : 0;
}

/**
 * input_ring_space() - how much can be put in?
 * @ring: the ring
 * @tail: the consumer's count
 *
 * Return: bytes.
 */
u32 input_ring_space(const struct input_ring *ring, const u32 *tail)
{
	return INPUT_RING_SIZE -
	       bytes_used(ring->head, __atomic_load_n(tail, __ATOMIC_ACQUIRE));
}

/**
 * input_ring_put() - append bytes
 * @ring: the ring
 * @tail: the consumer's count
 * @buf:  bytes
 * @len:  how many
 *
 * Producer only: callers serialize among themselves. Never waits.
 *
 * Return: how many found room.
 */
u32 input_ring_put(struct input_ring *ring, const u32 *tail, const void *buf, u32 len)
{
	u32 take = min(len, input_ring_space(ring, tail));
	u32 at = ring->head % INPUT_RING_SIZE;
	u32 first = min(take, INPUT_RING_SIZE - at);

	memcpy(ring->data + at, buf, first);
	memcpy(ring->data, (const u8 *)buf + first, take - first);
	__atomic_store_n(&ring->head, ring->head + take, __ATOMIC_RELEASE);
	return take;
}

/**
 * input_ring_get() - take one byte out
 * @ring:    the ring
 * @tail:    the consumer's count
 * @byte:    the byte, if there is one
 * @emptied: whether it was the last: who waits for room wants to know
 *
 * Consumer only: callers serialize among themselves. Never waits.
 *
 * Return: false if there is none.
 */
bool input_ring_get(const struct input_ring *ring, u32 *tail, u8 *byte, bool *emptied)
{
	u32 used = bytes_used(__atomic_load_n(&ring->head, __ATOMIC_ACQUIRE), *tail);

	if (!used)
		return false;
	*byte = READ_ONCE(ring->data[*tail % INPUT_RING_SIZE]);
	*emptied = used == 1;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return true;
}
