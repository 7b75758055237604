/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The real-time clock of a PC, an MC146818A behind two ports, as far as kernels need it to
 * learn the date: it tells UTC, as Linux had it at the start, and cannot be set.
 */
#ifndef COVIRT_CORE_CMOS_H
#define COVIRT_CORE_CMOS_H

#include "core/types.h"

#define CMOS_PORTS	0x70	/* the index; the register that it names is behind the next port */
#define CMOS_NR_PORTS	2

/* Register of the century. No datasheet names one: the FADT does. */
#define CMOS_CENTURY	0x32

/**
 * struct cmos_base - from the time-stamp counter to the date
 * @seconds: a second of UTC, counted from 1970
 * @tsc:     the time-stamp counter when it began
 * @hz:      counts in a second; not 0
 */
struct cmos_base {
	u64 seconds;
	u64 tsc;
	u64 hz;
};

/**
 * struct cmos - what a co-kernel can change; all 0 when it starts
 * @index:  register that the second port reads and writes
 * @format: bits of register B that differ from their value at the start
 */
struct cmos {
	u8 index;
	u8 format;
};

u8 cmos_in(const struct cmos *cmos, u16 port, const struct cmos_base *base, u64 tsc);
void cmos_out(struct cmos *cmos, u16 port, u8 value);

#endif /* COVIRT_CORE_CMOS_H */
