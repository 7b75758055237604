/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interval timer of a PC, an 8254, and port 0x61, which gates its channel 2: as far as kernels
 * need them to measure time, which is the TSC's. It raises no interrupt.
 */
#ifndef COVIRT_CORE_PIT_H
#define COVIRT_CORE_PIT_H

#include "core/types.h"

#define PIT_PORTS	0x40	/* channels 0, 1, 2, then their control word */
#define PIT_NR_PORTS	4
#define PIT_GATE_PORT	0x61	/* system control port B */
#define PIT_CHANNELS	3
#define PIT_HZ		1193182U

/**
 * struct pit_channel - a channel
 * @control:  last control word, which names an access; 0: as firmware leaves it
 * @load:     count that was written last; 0 stands for 65536
 * @counting: it has a count, and has begun
 * @second:   the next byte written is the upper one
 * @upper:    the next byte read is the upper one
 * @latched:  @latch is read instead of the count
 * @latch:    the count when it was latched
 * @ran:      ticks that had gone by when its gate closed
 * @since:    TSC when it began, or went on
 */
struct pit_channel {
	u8 control;
	bool counting;
	bool second;
	bool upper;
	bool latched;
	u16 load;
	u16 latch;
	u64 ran;
	u64 since;
};

/**
 * struct pit - what a co-kernel has written; all 0 when it starts
 * @channel: its channels
 * @gate:    port 0x61: gate of channel 2, and the speaker's
 */
struct pit {
	struct pit_channel channel[PIT_CHANNELS];
	u8 gate;
};

u8 pit_in(struct pit *pit, u16 port, u64 hz, u64 tsc);
void pit_out(struct pit *pit, u16 port, u8 value, u64 hz, u64 tsc);

#endif /* COVIRT_CORE_PIT_H */
