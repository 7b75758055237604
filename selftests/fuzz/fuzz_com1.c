// SPDX-License-Identifier: GPL-2.0-only
/*
 * COM1 from both its ends: exits of the guest (core/exit_io.c) on one side, Linux
 * reading and typing on the other. What a guest sees is compared with a 16550A as
 * its data sheet has it; what Linux sees with what was sent and typed.
 */
#include "core/exit_handlers.h"
#include "core/hv/hv.h"
#include "core/port_policy.h"
#include "core/smp.h"
#include "fuzz.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };

#define DLAB		0x80
#define LOOP		0x10
#define QUEUE_MAX	0x20000U

/* Bytes on their way, in order. */
struct queue {
	u32 head;
	u32 tail;
	u8 byte[QUEUE_MAX];
};

/**
 * struct model - a 16550A, and the lines of it
 * @latch:   what is written to a register and read back, by register
 * @divisor: divisor latch, low and high byte
 * @fifo:    FIFOs are on
 * @data:    a received byte waits
 * @overrun: one was lost
 * @empty:   the "transmitter empty" condition is raised
 * @rbr:     received byte
 * @lost:    bytes that found the console ring full
 * @sent:    sent, not yet read by Linux
 * @typed:   typed, not yet received
 */
struct model {
	u8 latch[8];
	u8 divisor[2];
	bool fifo;
	bool data;
	bool overrun;
	bool empty;
	u8 rbr;
	u64 lost;
	struct queue sent;
	struct queue typed;
};

static struct covirt_config config;
static struct covirt_status status;
static struct covirt_shared *shared;
static struct covirt_cpu cpu;
static struct model model;
static u32 locked, notified, contained;

void smp_uart_lock(struct covirt_cpu *who)
{
	CHECK(who == &cpu && !locked);
	locked = 1;
}

void smp_uart_unlock(struct covirt_cpu *who)
{
	CHECK(who == &cpu && locked);
	locked = 0;
}

void apic_notify(const struct covirt_cpu *who)
{
	CHECK(who == &cpu && !locked);
	notified++;
}

static void skip(struct covirt_cpu *who, const struct covirt_exit *exit)
{
	CHECK(who == &cpu && exit);
}

static const struct covirt_backend_cpu backend = { .skip = skip };

enum covirt_verdict run_contain(struct covirt_cpu *who, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail)
{
	CHECK(who == &cpu && reason && detail == exit->port);
	contained++;
	return COVIRT_LEAVE;
}

static void queue_put(struct queue *queue, u8 byte)
{
	queue->byte[queue->head++ % QUEUE_MAX] = byte;
}

static u8 queue_get(struct queue *queue)
{
	CHECK(queue->tail != queue->head);
	return queue->byte[queue->tail++ % QUEUE_MAX];
}

static void queue_empty(struct queue *queue)
{
	queue->head = 0;
	queue->tail = 0;
}

static u32 queue_used(const struct queue *queue)
{
	return queue->head - queue->tail;
}

static bool model_looped(void)
{
	return model.latch[MCR] & LOOP;
}

/* Data sheet, table V: receiver line status, received data, transmitter empty. */
static u8 model_iir(void)
{
	u8 fifo = model.fifo ? 0xc0 : 0;

	if (model.overrun && model.latch[IER] & 4)
		return fifo | 6;
	if (model.data && model.latch[IER] & 1)
		return fifo | 4;
	if (model.empty && model.latch[IER] & 2) {
		model.empty = false;
		return fifo | 2;
	}
	return fifo | 1;
}

static u8 model_lsr(void)
{
	u8 val = 0x60 | (model.data ? 1 : 0) | (model.overrun ? 2 : 0);

	model.overrun = false;
	return val;
}

/* RTS, DTR, OUT1, OUT2 come back as CTS, DSR, RI, DCD. */
static u8 model_msr(void)
{
	u8 mcr = model.latch[MCR];

	if (!model_looped())
		return 0xb0;
	return (mcr & 2) << 3 | (mcr & 1) << 5 | (mcr & 4) << 4 | (mcr & 8) << 4;
}

static u8 model_in(u32 reg)
{
	if (model.latch[LCR] & DLAB && reg <= IER)
		return model.divisor[reg];
	switch (reg) {
	case DATA:
		model.data = false;
		return model.rbr;
	case IIR:
		return model_iir();
	case LSR:
		return model_lsr();
	case MSR:
		return model_msr();
	default:
		return model.latch[reg];
	}
}

static void model_arrive(u8 byte)
{
	model.overrun |= model.data;
	model.data = true;
	model.rbr = byte;
}

static void model_transmit(u8 byte)
{
	model.empty = true;
	if (model_looped())
		model_arrive(byte);
	else if (queue_used(&model.sent) == CONSOLE_RING_SIZE - 1)
		model.lost++;
	else
		queue_put(&model.sent, byte);
}

static void model_control_fifo(u8 val)
{
	model.fifo = val & 1;
	if (val & 2)
		model.data = false;
}

static void model_out(u32 reg, u8 val)
{
	static const u8 writable[] = { [IER] = 0x0f, [LCR] = 0xff, [MCR] = 0x1f, [SCR] = 0xff };

	if (model.latch[LCR] & DLAB && reg <= IER) {
		model.divisor[reg] = val;
	} else if (reg == DATA) {
		model_transmit(val);
	} else if (reg == IIR) {
		model_control_fifo(val);
	} else if (writable[reg]) {
		model.empty |= reg == IER && val & ~model.latch[IER] & 2;
		model.latch[reg] = val & writable[reg];
	}
}

/* The line is looked at before each read, and held up while a byte waits or in loop-back. */
static void model_refill(void)
{
	if (!model.data && !model_looped() && queue_used(&model.typed))
		model_arrive(queue_get(&model.typed));
}

static u64 low_bits(u8 size)
{
	return (1ULL << size * 8) - 1;
}

/* Of a port of one byte. The time is what it is: @read. */
static u8 model_port_in(u16 port, u8 read)
{
	switch (port_device(port)) {
	case PORT_UART:
		model_refill();
		return model_in(port - UART16550_COM1);
	case PORT_CMOS:
	case PORT_PIT:
		return read;
	default:
		return 0;
	}
}

/* A wider access is one to each port, the lowest first. */
static void guest_in(struct covirt_exit *exit)
{
	u64 keep = exit->size == 4 ? 0 : cpu.gpr[GPR_RAX] & ~low_bits(exit->size);
	u64 value = 0;
	u32 i;

	CHECK(exit_io(&cpu, exit) == COVIRT_RESUME);
	for (i = 0; i < exit->size; i++)
		value |= (u64)model_port_in(exit->port + i, cpu.gpr[GPR_RAX] >> i * 8) << i * 8;
	CHECK(cpu.gpr[GPR_RAX] == (keep | value));
}

static void guest_out(struct covirt_exit *exit)
{
	u32 before = contained, i;
	enum covirt_verdict verdict;

	for (i = 0; i < exit->size; i++)
		if (port_device(exit->port + i) == PORT_UART)
			model_out(exit->port + i - UART16550_COM1, cpu.gpr[GPR_RAX] >> i * 8);
	verdict = exit_io(&cpu, exit);
	CHECK((verdict == COVIRT_LEAVE) == (contained != before));
	CHECK(contained == before || port_device(exit->port) == PORT_POWER);
}

/* Mostly COM1's ports, and single bytes. */
static void guest_access(struct input *in, bool read)
{
	u8 how = consume(in, 1);
	struct covirt_exit exit = {
		.port = UART16550_COM1 + (how & 7),
		.size = how & 0x40 ? 1 << (how >> 4 & 3) % 3 : 1,
		.in = read,
	};

	if (how & 0x80)
		exit.port = consume(in, 2);
	cpu.gpr[GPR_RAX] = consume(in, exit.size) | 0x1122334400000000ULL;
	if (read)
		guest_in(&exit);
	else
		guest_out(&exit);
}

/* Prints the same byte many times. */
static void guest_floods(struct input *in)
{
	struct covirt_exit exit = { .port = UART16550_COM1, .size = 1 };
	u32 times = consume(in, 1);

	cpu.gpr[GPR_RAX] = consume(in, 1);
	while (times--)
		guest_out(&exit);
}

static void string_access(struct input *in)
{
	const struct covirt_exit exit = { .port = consume(in, 2), .size = 1, .string = true };
	u32 before = contained;

	CHECK(exit_io(&cpu, &exit) == COVIRT_LEAVE && contained == before + 1);
}

static void linux_reads(struct input *in)
{
	u32 len = consume(in, 2) >> consume(in, 1) % 16, got, i;
	u8 *buf = malloc(len);

	got = console_ring_get(&shared->console, buf, len);
	CHECK(got == min(len, queue_used(&model.sent)));
	for (i = 0; i < got; i++)
		CHECK(buf[i] == queue_get(&model.sent));
	free(buf);
}

static void linux_types(struct input *in)
{
	u32 room = INPUT_RING_SIZE - queue_used(&model.typed);
	u32 len = consume(in, 2) % (2 * INPUT_RING_SIZE), first = consume(in, 1), i, put;
	u8 *buf = calloc(len, 1);

	for (i = 0; i < len; i++)
		buf[i] = first + i;
	put = input_ring_put(&config.input, &shared->input_tail, buf, len);
	CHECK(put == min(len, room));
	for (i = 0; i < put; i++)
		queue_put(&model.typed, buf[i]);
	free(buf);
}

/* Armed and empty: the next byte that is sent notifies, once. */
static void linux_arms(void)
{
	struct covirt_exit exit = { .port = UART16550_COM1, .size = 1 };
	bool empty = console_ring_arm(&shared->console);
	bool reaches = !(model.latch[LCR] & DLAB) && !model_looped();
	u32 before = notified;

	CHECK(empty == !queue_used(&model.sent));
	guest_out(&exit);
	CHECK(notified == before + reaches);
	guest_out(&exit);
	CHECK(notified == before + reaches);
}

static void step(struct input *in)
{
	switch (consume(in, 1) % 8) {
	case 0:
	case 1:
		return guest_access(in, true);
	case 2:
	case 3:
		return guest_access(in, false);
	case 4:
		return linux_reads(in);
	case 5:
		return linux_types(in);
	case 6:
		return linux_arms();
	default:
		return consume(in, 1) % 4 ? guest_floods(in) : string_access(in);
	}
}

static void begin(void)
{
	if (!shared)
		shared = malloc(sizeof(*shared));
	memset(shared, 0, sizeof(*shared));
	memset(&config, 0, sizeof(config));
	memset(&model, 0, offsetof(struct model, sent));
	queue_empty(&model.sent);
	queue_empty(&model.typed);
	model.divisor[0] = 1;
	uart16550_reset(&shared->uart);
	cpu = (struct covirt_cpu){ .config = &config, .status = &status, .shared = shared,
				   .backend = &backend };
}

/*
 * Begins with the ring anywhere in its round, perhaps nearly full, which a short input could not
 * reach.
 */
static void begin_later(struct input *in)
{
	struct console_ring *ring = &shared->console;
	u32 used = consume(in, 1) & 1 ? CONSOLE_RING_SIZE - 1 - consume(in, 1) : 0;

	config.cmos.hz = consume(in, 4) + 1;

	ring->tail = consume(in, 2) % CONSOLE_RING_SIZE;
	ring->head = (ring->tail + used) % CONSOLE_RING_SIZE;
	ring->bytes = used;
	memset(ring->data, 'x', sizeof(ring->data));
	memset(model.sent.byte, 'x', used);
	model.sent.head = used;
}

/* All bytes that were sent are in the ring, or counted as lost. */
static void judge_ring(void)
{
	CHECK(!locked);
	CHECK(shared->console.lost == model.lost);
	CHECK(shared->console.bytes == model.sent.head);
	CHECK(console_ring_empty(&shared->console) == !queue_used(&model.sent));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };

	begin();
	begin_later(&in);
	while (in.left) {
		step(&in);
		judge_ring();
	}
	return 0;
}
