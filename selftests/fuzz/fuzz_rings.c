// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rings with a peer that writes anything into what both sides can reach. No
 * byte may be read or written outside of the ring's data and the caller's buffer.
 */
#include "core/console_ring.h"
#include "core/input_ring.h"
#include "fuzz.h"

/**
 * struct rings - everything that two sides share, each on the heap for itself
 * @console: Linux reads
 * @input:   the hypervisor reads
 * @tail:    how far it has got
 */
struct rings {
	struct console_ring *console;
	struct input_ring *input;
	u32 *tail;
};

/* Small, near an end of the ring, near the wrap of a count, or any. */
static u32 stray_index(struct input *in)
{
	u32 val = consume(in, 4);

	switch (consume(in, 1) % 4) {
	case 0:
		return CONSOLE_RING_SIZE + val % 4 - 2;
	case 1:
		return INPUT_RING_SIZE + val % 4 - 2;
	case 2:
		return val % 4 - 2;
	default:
		return val;
	}
}

static void stray_write(struct rings *rings, struct input *in)
{
	u32 *const words[] = {
		&rings->console->head, &rings->console->tail, &rings->console->armed,
		&rings->input->head, rings->tail,
	};

	*words[consume(in, 1) % ARRAY_SIZE(words)] = stray_index(in);
}

/* At most one byte more, and the counters tell whether. */
static void console_put(struct rings *rings, struct input *in)
{
	struct console_ring *ring = rings->console;
	u64 before = ring->bytes + ring->lost;

	console_ring_put(ring, consume(in, 1));
	CHECK(ring->bytes + ring->lost == before + 1);
	CHECK(!ring->armed);
}

static void console_get(struct rings *rings, struct input *in)
{
	u32 len = consume(in, 2) * 2;
	bool empty = console_ring_empty(rings->console);
	u8 *buf = malloc(len);
	u32 got = console_ring_get(rings->console, buf, len);

	CHECK(got <= len && got < CONSOLE_RING_SIZE);
	CHECK(!(empty && got));
	CHECK(!got || rings->console->tail < CONSOLE_RING_SIZE);
	free(buf);
}

static void input_put(struct rings *rings, struct input *in)
{
	u32 len = consume(in, 2) % (2 * INPUT_RING_SIZE);
	u32 space = input_ring_space(rings->input, rings->tail);
	u8 *buf = calloc(1, len);
	u32 head = rings->input->head;
	u32 put = input_ring_put(rings->input, rings->tail, buf, len);

	CHECK(space <= INPUT_RING_SIZE);
	CHECK(put == min(len, space) && rings->input->head == head + put);
	free(buf);
}

/* As the hypervisor does: each get moves on by one, so the guest cannot make it spin. */
static void input_get(struct rings *rings)
{
	u32 used = rings->input->head - *rings->tail;
	u32 tail = *rings->tail;
	bool emptied = false;
	u8 byte;
	bool got = input_ring_get(rings->input, rings->tail, &byte, &emptied);

	CHECK(got == (used && used <= INPUT_RING_SIZE));
	CHECK(*rings->tail == tail + got);
	CHECK(emptied == (got && used == 1));
}

static void step(struct rings *rings, struct input *in)
{
	switch (consume(in, 1) % 6) {
	case 0:
		return stray_write(rings, in);
	case 1:
		return console_put(rings, in);
	case 2:
		return console_get(rings, in);
	case 3:
		CHECK(console_ring_arm(rings->console) == console_ring_empty(rings->console));
		return;
	case 4:
		return input_put(rings, in);
	default:
		return input_get(rings);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct rings rings;
	struct input in = { data, size };

	if (!rings.console)
		rings = (struct rings){
			.console = malloc(sizeof(*rings.console)),
			.input = malloc(sizeof(*rings.input)),
			.tail = malloc(sizeof(*rings.tail)),
		};
	memset(rings.console, 0, sizeof(*rings.console));
	memset(rings.input, 0, sizeof(*rings.input));
	*rings.tail = 0;
	while (in.left)
		step(&rings, &in);
	return 0;
}
