// SPDX-License-Identifier: GPL-2.0-only
/*
 * Register behaviour of a 16550A (National Semiconductor PC16550D data sheet,
 * section 8), as far as a driver and its probe can tell.
 */
#include "uart16550.h"

/* Registers, by offset from the base port. */
enum {
	UART_DATA	= 0,	/* RBR, THR; DLL when DLAB is set */
	UART_IER	= 1,	/* DLM when DLAB is set */
	UART_IIR	= 2,	/* FCR when written */
	UART_LCR	= 3,
	UART_MCR	= 4,
	UART_LSR	= 5,
	UART_MSR	= 6,
	UART_SCR	= 7,
};

enum {
	IER_DATA	= 0x01,
	IER_THR		= 0x02,
	IER_LINE	= 0x04,
	IER_MASK	= 0x0f,

	IIR_THR		= 0x02,
	IIR_DATA	= 0x04,
	IIR_LINE	= 0x06,
	IIR_NONE	= 0x01,
	IIR_FIFO	= 0xc0,	/* both bits: a 16550A whose FIFO works */

	FCR_ENABLE	= 0x01,
	FCR_CLEAR_RX	= 0x02,

	LCR_DLAB	= 0x80,

	MCR_DTR		= 0x01,
	MCR_RTS		= 0x02,
	MCR_OUT1	= 0x04,
	MCR_OUT2	= 0x08,
	MCR_LOOP	= 0x10,
	MCR_MASK	= 0x1f,

	LSR_DATA	= 0x01,
	LSR_OVERRUN	= 0x02,
	LSR_EMPTY	= 0x60,	/* THR and shift register: always */

	MSR_CTS		= 0x10,
	MSR_DSR		= 0x20,
	MSR_RI		= 0x40,
	MSR_DCD		= 0x80,
};

/**
 * uart16550_reset() - bring a port to its state after a master reset
 * @uart: the port
 *
 * The divisor is 1 (115200 baud), which real ports leave undefined.
 */
void uart16550_reset(struct uart16550 *uart)
{
	*uart = (struct uart16550){ .dll = 1 };
}

/**
 * uart16550_can_receive() - is there room for a byte from the line?
 * @uart: the port
 *
 * Return: false while one waits to be read, and in loop-back, which cuts the line off.
 */
bool uart16550_can_receive(const struct uart16550 *uart)
{
	return !(uart->lsr & LSR_DATA) && !(uart->mcr & MCR_LOOP);
}

/**
 * uart16550_receive() - a byte comes from the line
 * @uart: the port, which can receive
 * @byte: the byte
 */
void uart16550_receive(struct uart16550 *uart, u8 byte)
{
	uart->rbr = byte;
	uart->lsr |= LSR_DATA;
}

static u8 uart16550_read_data(struct uart16550 *uart)
{
	uart->lsr &= ~LSR_DATA;
	return uart->rbr;
}

/* Enabled conditions by their rank (table V). */
static u8 uart16550_cause(const struct uart16550 *uart)
{
	if ((uart->ier & IER_LINE) && (uart->lsr & LSR_OVERRUN))
		return IIR_LINE;
	if ((uart->ier & IER_DATA) && (uart->lsr & LSR_DATA))
		return IIR_DATA;
	return (uart->ier & IER_THR) && uart->thr_pending ? IIR_THR : IIR_NONE;
}

/**
 * uart16550_line() - the interrupt line
 * @uart: the port
 *
 * Return: whether it is high. On a PC it leads through a gate that OUT2 opens, which loop-back
 * cuts off with the other outputs (section 8.7).
 */
bool uart16550_line(const struct uart16550 *uart)
{
	return (uart->mcr & (MCR_OUT2 | MCR_LOOP)) == MCR_OUT2 &&
	       uart16550_cause(uart) != IIR_NONE;
}

/* Reading IIR takes back the THR-empty condition if that is what it reports. */
static u8 uart16550_read_iir(struct uart16550 *uart)
{
	u8 cause = uart16550_cause(uart);

	if (cause == IIR_THR)
		uart->thr_pending = false;
	return cause | (uart->fifo ? IIR_FIFO : 0);
}

static u8 uart16550_read_lsr(struct uart16550 *uart)
{
	u8 val = uart->lsr | LSR_EMPTY;

	uart->lsr &= ~LSR_OVERRUN;
	return val;
}

/* Loop-back feeds the modem outputs to the inputs (section 8.7); else a terminal is ready. */
static u8 uart16550_read_msr(const struct uart16550 *uart)
{
	u8 val = 0;

	if (!(uart->mcr & MCR_LOOP))
		return MSR_CTS | MSR_DSR | MSR_DCD;
	if (uart->mcr & MCR_RTS)
		val |= MSR_CTS;
	if (uart->mcr & MCR_DTR)
		val |= MSR_DSR;
	if (uart->mcr & MCR_OUT1)
		val |= MSR_RI;
	if (uart->mcr & MCR_OUT2)
		val |= MSR_DCD;
	return val;
}

/**
 * uart16550_in() - the guest reads a register
 * @uart: the port
 * @reg:  offset from the base port, 0 to 7; only the low three bits count
 *
 * Return: the byte read.
 */
u8 uart16550_in(struct uart16550 *uart, u32 reg)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (reg & (UART16550_PORTS - 1)) {
	case UART_DATA:
		return dlab ? uart->dll : uart16550_read_data(uart);
	case UART_IER:
		return dlab ? uart->dlm : uart->ier;
	case UART_IIR:
		return uart16550_read_iir(uart);
	case UART_LCR:
		return uart->lcr;
	case UART_MCR:
		return uart->mcr;
	case UART_LSR:
		return uart16550_read_lsr(uart);
	case UART_MSR:
		return uart16550_read_msr(uart);
	default:
		return uart->scr;
	}
}

static void uart16550_loop_back(struct uart16550 *uart, u8 byte)
{
	if (uart->lsr & LSR_DATA)
		uart->lsr |= LSR_OVERRUN;
	uart->rbr = byte;
	uart->lsr |= LSR_DATA;
}

/* The byte leaves at once, so the transmitter is empty again: that is an event. */
static bool uart16550_transmit(struct uart16550 *uart, u8 byte, u8 *tx)
{
	uart->thr_pending = true;
	if (uart->mcr & MCR_LOOP) {
		uart16550_loop_back(uart, byte);
		return false;
	}
	*tx = byte;
	return true;
}

/* Enabling the THR interrupt while the transmitter is empty raises it (drivers test for this). */
static void uart16550_write_ier(struct uart16550 *uart, u8 val)
{
	if ((val & IER_THR) && !(uart->ier & IER_THR))
		uart->thr_pending = true;
	uart->ier = val & IER_MASK;
}

static void uart16550_write_fcr(struct uart16550 *uart, u8 val)
{
	uart->fifo = val & FCR_ENABLE;
	if (val & FCR_CLEAR_RX)
		uart->lsr &= ~LSR_DATA;
}

/**
 * uart16550_out() - the guest writes a register
 * @uart: the port
 * @reg:  offset from the base port, 0 to 7; only the low three bits count
 * @val:  the byte written
 * @tx:   receives the byte to send down the line; untouched otherwise
 *
 * Return: true if @tx holds a byte to transmit.
 */
bool uart16550_out(struct uart16550 *uart, u32 reg, u8 val, u8 *tx)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (reg & (UART16550_PORTS - 1)) {
	case UART_DATA:
		if (!dlab)
			return uart16550_transmit(uart, val, tx);
		uart->dll = val;
		break;
	case UART_IER:
		if (dlab)
			uart->dlm = val;
		else
			uart16550_write_ier(uart, val);
		break;
	case UART_IIR:
		uart16550_write_fcr(uart, val);
		break;
	case UART_LCR:
		uart->lcr = val;
		break;
	case UART_MCR:
		uart->mcr = val & MCR_MASK;
		break;
	case UART_SCR:
		uart->scr = val;
		break;
	}
	return false;
}
