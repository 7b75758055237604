// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modes and bits are those of the datasheet of the 8254, as far as kernels measure time by
 * them. Counts are binary, the read-back command is ignored, a new count begins at once, and the
 * pulses of modes 4 and 5, a tick long, are left out. Of a count is kept when it began, so that
 * each read works it out anew.
 */
#include "core/pit.h"

enum {
	CONTROL_ACCESS	= 0x30,
	CONTROL_MODE	= 0x0e,
	ACCESS_LATCH	= 0x00,
	ACCESS_LOW	= 0x10,
	ACCESS_HIGH	= 0x20,
	MODE_BY_GATE	= 0x02,	/* of modes that end (1, 5): the gate begins them, not the count */
	MODE_SQUARE	= 0x02,	/* of modes with a period (3): half of it each, by twos */
	MODE_PERIOD	= 0x04,	/* 2 and 3, and 6 and 7, which are the same */
	CONTROL_DEFAULT	= 0x36,	/* as firmware leaves it: mode 3, both bytes */

	GATE_OPEN	= 0x01,	/* of channel 2 */
	GATE_WRITABLE	= 0x0f,
	GATE_REFRESH	= 0x10,	/* changes with each refresh of memory */
	GATE_OUTPUT	= 0x20,	/* of channel 2 */
};

#define CONTROL_CHANNEL(value)	((value) >> 6)
#define CONTROL_PORT	3
#define GATED		2	/* the one channel with a gate that can be closed */
#define REFRESH_TICKS	18	/* 15 us */

static u8 control(const struct pit_channel *channel)
{
	return channel->control ? channel->control : CONTROL_DEFAULT;
}

static bool has_period(const struct pit_channel *channel)
{
	return control(channel) & MODE_PERIOD;
}

static bool is_begun_by_gate(const struct pit_channel *channel)
{
	return !has_period(channel) && control(channel) & MODE_BY_GATE;
}

static bool is_counting(const struct pit_channel *channel)
{
	return channel->counting || !channel->control;
}

static u32 length(const struct pit_channel *channel)
{
	return channel->load ? channel->load : 0x10000;
}

/* Less than a second's counts times PIT_HZ are below 2^64 for any processor. */
static u64 ticks_of(u64 counts, u64 hz)
{
	return counts / hz * PIT_HZ + counts % hz * PIT_HZ / hz;
}

static bool is_paused(const struct pit *pit, u32 n)
{
	return n == GATED && !(pit->gate & GATE_OPEN) && !is_begun_by_gate(&pit->channel[n]);
}

/* A counter that is behind the begin's is another CPU's that is not quite the same. */
static u64 ticks(const struct pit *pit, u32 n, u64 hz, u64 tsc)
{
	const struct pit_channel *channel = &pit->channel[n];
	s64 counts = tsc - channel->since;

	return is_paused(pit, n) || counts < 0 ? channel->ran :
						 channel->ran + ticks_of(counts, hz);
}

static u16 count(const struct pit *pit, u32 n, u64 hz, u64 tsc)
{
	const struct pit_channel *channel = &pit->channel[n];
	u64 gone = ticks(pit, n, hz, tsc);

	if (!is_counting(channel))
		return channel->load;
	if (!has_period(channel))
		return length(channel) - gone;
	if (control(channel) & MODE_SQUARE)
		return length(channel) - (gone % length(channel) * 2 % length(channel) & ~1U);
	return length(channel) - gone % length(channel);
}

/* Before it counts the output is low in mode 0 only. */
static bool output(const struct pit *pit, u32 n, u64 hz, u64 tsc)
{
	const struct pit_channel *channel = &pit->channel[n];
	u64 gone = ticks(pit, n, hz, tsc);

	if (!is_counting(channel))
		return control(channel) & CONTROL_MODE;
	if (!has_period(channel))
		return gone >= length(channel);
	if (control(channel) & MODE_SQUARE)
		return gone % length(channel) * 2 < length(channel);
	return gone % length(channel) != length(channel) - 1;
}

static u8 channel_read(struct pit *pit, u32 n, u64 hz, u64 tsc)
{
	struct pit_channel *channel = &pit->channel[n];
	u8 access = control(channel) & CONTROL_ACCESS;
	u16 value = channel->latched ? channel->latch : count(pit, n, hz, tsc);
	bool upper = access == ACCESS_HIGH || (access != ACCESS_LOW && channel->upper);

	channel->upper = !upper;
	if (upper || access == ACCESS_LOW)
		channel->latched = false;
	return upper ? value >> 8 : value;
}

static void begin(struct pit_channel *channel, u64 tsc)
{
	channel->counting = true;
	channel->ran = 0;
	channel->since = tsc;
}

/* The first of two bytes ends the count that was. */
static void channel_write(struct pit_channel *channel, u8 value, u64 tsc)
{
	u8 access = control(channel) & CONTROL_ACCESS;
	bool upper = access == ACCESS_HIGH || (access != ACCESS_LOW && channel->second);

	if (upper)
		channel->load = value << 8 | (access == ACCESS_HIGH ? 0 : channel->load & 0xff);
	else
		channel->load = value;
	channel->second = !upper;
	channel->control = control(channel);
	channel->counting = false;
	if ((upper || access == ACCESS_LOW) && !is_begun_by_gate(channel))
		begin(channel, tsc);
}

static void control_write(struct pit *pit, u8 value, u64 hz, u64 tsc)
{
	u32 n = CONTROL_CHANNEL(value);
	struct pit_channel *channel;

	if (n >= PIT_CHANNELS)
		return;
	channel = &pit->channel[n];
	if ((value & CONTROL_ACCESS) != ACCESS_LATCH) {
		*channel = (struct pit_channel) { .control = value };
	} else if (!channel->latched) {
		channel->latch = count(pit, n, hz, tsc);
		channel->latched = true;
	}
}

/* A gate that opens begins a count anew, except in modes 0 and 4, where it goes on. */
static void gate_write(struct pit *pit, u8 value, u64 hz, u64 tsc)
{
	struct pit_channel *channel = &pit->channel[GATED];
	u64 gone = ticks(pit, GATED, hz, tsc);
	bool was = pit->gate & GATE_OPEN, is = value & GATE_OPEN;

	pit->gate = value & GATE_WRITABLE;
	if (was == is || (was && is_begun_by_gate(channel)))
		return;
	channel->ran = gone;
	channel->since = tsc;
	if (is && (is_begun_by_gate(channel) || (has_period(channel) && is_counting(channel))))
		begin(channel, tsc);
}

static u8 gate_read(const struct pit *pit, u64 hz, u64 tsc)
{
	return pit->gate | (ticks_of(tsc, hz) / REFRESH_TICKS % 2 ? GATE_REFRESH : 0) |
	       (output(pit, GATED, hz, tsc) ? GATE_OUTPUT : 0);
}

/**
 * pit_in() - a byte is read
 * @pit:  the timer
 * @port: one of its four, or PIT_GATE_PORT
 * @hz:   TSC counts in a second; not 0
 * @tsc:  the time-stamp counter now
 *
 * Return: the byte; 0 from the control word, which can only be written.
 */
u8 pit_in(struct pit *pit, u16 port, u64 hz, u64 tsc)
{
	u32 n = port - PIT_PORTS;

	if (port == PIT_GATE_PORT)
		return gate_read(pit, hz, tsc);
	return n < PIT_CHANNELS ? channel_read(pit, n, hz, tsc) : 0;
}

/**
 * pit_out() - a byte is written
 * @pit:   the timer
 * @port:  one of its four, or PIT_GATE_PORT
 * @value: the byte
 * @hz:    TSC counts in a second; not 0
 * @tsc:   the time-stamp counter now
 */
void pit_out(struct pit *pit, u16 port, u8 value, u64 hz, u64 tsc)
{
	u32 n = port - PIT_PORTS;

	if (port == PIT_GATE_PORT)
		gate_write(pit, value, hz, tsc);
	else if (n < PIT_CHANNELS)
		channel_write(&pit->channel[n], value, tsc);
	else if (n == CONTROL_PORT)
		control_write(pit, value, hz, tsc);
}
