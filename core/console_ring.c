// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console ring. @head is published with release order after the byte, and
 * @tail after the bytes were copied out, so each side sees whole bytes only.
 *
 * Wake-ups cannot be lost: the consumer stores @armed and then looks at @head;
 * the producer stores @head and then looks at @armed. Both pairs are
 * sequentially consistent, so at least one side sees the other's store.
 */
#include "console_ring.h"

static u32 console_ring_next(u32 index)
{
	return index + 1 < CONSOLE_RING_SIZE ? index + 1 : 0;
}

/* Bytes between the indexes; an index out of range counts as an empty ring. */
static u32 console_ring_used(u32 head, u32 tail)
{
	if (head >= CONSOLE_RING_SIZE || tail >= CONSOLE_RING_SIZE)
		return 0;
	return head >= tail ? head - tail : CONSOLE_RING_SIZE - tail + head;
}

static bool console_ring_disarm(struct console_ring *ring)
{
	if (!__atomic_load_n(&ring->armed, __ATOMIC_SEQ_CST))
		return false;
	return __atomic_exchange_n(&ring->armed, 0, __ATOMIC_SEQ_CST);
}

static void console_ring_count(u64 *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

/**
 * console_ring_put() - append one byte
 * @ring: the ring
 * @byte: the byte
 *
 * A full ring drops the byte and counts it in console_ring::lost. Producer
 * only; never waits.
 *
 * Return: true if the consumer asked to be notified; it must be, now.
 */
bool console_ring_put(struct console_ring *ring, u8 byte)
{
	u32 head = __atomic_load_n(&ring->head, __ATOMIC_RELAXED);
	u32 tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
	u32 next = console_ring_next(head);

	if (head >= CONSOLE_RING_SIZE || next == tail) {
		console_ring_count(&ring->lost);
		return console_ring_disarm(ring);
	}
	ring->data[head] = byte;
	console_ring_count(&ring->bytes);
	__atomic_store_n(&ring->head, next, __ATOMIC_SEQ_CST);
	return console_ring_disarm(ring);
}

/**
 * console_ring_get() - take bytes out
 * @ring: the ring
 * @buf:  where to put them
 * @len:  room in @buf, bytes
 *
 * Consumer only: callers serialize among themselves. Never waits.
 *
 * Return: bytes copied, 0 if the ring is empty.
 */
u32 console_ring_get(struct console_ring *ring, void *buf, u32 len)
{
	u32 head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
	u32 tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
	u32 take = min(len, console_ring_used(head, tail));
	u32 first;

	if (!take)
		return 0;
	first = min(take, (u32)(CONSOLE_RING_SIZE - tail));
	memcpy(buf, ring->data + tail, first);
	memcpy((u8 *)buf + first, ring->data, take - first);
	tail = take < CONSOLE_RING_SIZE - tail ? tail + take : take - first;
	__atomic_store_n(&ring->tail, tail, __ATOMIC_RELEASE);
	return take;
}

/**
 * console_ring_empty() - is there nothing to take out?
 * @ring: the ring
 *
 * Consumer only.
 *
 * Return: true if console_ring_get() would return 0.
 */
bool console_ring_empty(const struct console_ring *ring)
{
	u32 head = __atomic_load_n(&ring->head, __ATOMIC_SEQ_CST);

	return !console_ring_used(head, __atomic_load_n(&ring->tail, __ATOMIC_RELAXED));
}

/**
 * console_ring_arm() - ask for a notification before sleeping
 * @ring: the ring
 *
 * Consumer only. If bytes are there already the caller must take them and not
 * sleep; the ring stays armed then, and one notification too many may follow.
 *
 * Return: true if the ring is empty and the next byte will notify.
 */
bool console_ring_arm(struct console_ring *ring)
{
	__atomic_store_n(&ring->armed, 1, __ATOMIC_SEQ_CST);
	return console_ring_empty(ring);
}
