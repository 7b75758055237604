/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A 16550A serial port as its driver sees it, without a line behind it: what
 * is transmitted leaves at once, and what is received waits until there is room.
 */
#ifndef COVIRT_CORE_UART16550_H
#define COVIRT_CORE_UART16550_H

#include "types.h"

#define UART16550_PORTS		8	/* I/O ports, counted from the base */
#define UART16550_COM1		0x3f8

/**
 * struct uart16550 - registers of one port
 * @ier:         interrupt enable
 * @lcr:         line control; bit 7 is DLAB
 * @mcr:         modem control; bit 4 is loop-back
 * @lsr:         line status, receive side only: data ready and overrun
 * @scr:         scratch
 * @dll:         divisor latch, low byte
 * @dlm:         divisor latch, high byte
 * @rbr:         receive buffer
 * @fifo:        FIFOs enabled by FCR
 * @thr_pending: the "transmitter empty" interrupt condition is raised
 */
struct uart16550 {
	u8 ier;
	u8 lcr;
	u8 mcr;
	u8 lsr;
	u8 scr;
	u8 dll;
	u8 dlm;
	u8 rbr;
	bool fifo;
	bool thr_pending;
};

void uart16550_reset(struct uart16550 *uart);
bool uart16550_can_receive(const struct uart16550 *uart);
void uart16550_receive(struct uart16550 *uart, u8 byte);
bool uart16550_line(const struct uart16550 *uart);
u8 uart16550_in(struct uart16550 *uart, u32 reg);
bool uart16550_out(struct uart16550 *uart, u32 reg, u8 val, u8 *tx);

#endif /* COVIRT_CORE_UART16550_H */
