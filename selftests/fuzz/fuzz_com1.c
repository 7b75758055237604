// SPDX-License-Identifier: GPL-2.0-only
/*
 * COM1 from both its ends: exits of the guest (core/exit_io.c, core/exit_ioapic.c) on one side,
 * Linux reading and typing on the other. What a guest sees is compared with a 16550A and an I/O
 * APIC as their data sheets have them; what Linux sees with what was sent and typed.
 */
#include "core/com1.h"
#include "core/exit_handlers.h"
#include "core/fetch.h"
#include "core/hv/hv.h"
#include "core/port_policy.h"
#include "fuzz.h"
#include "irq/avic_posted/apic_mode.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };

#define DLAB		0x80
#define OUT2		0x08
#define LOOP		0x10
#define PIN		4	/* COM1's, at the I/O APIC */
#define MASKED		0x10000
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
 * @line:    its interrupt line
 * @index:   register of the I/O APIC that was selected last
 * @entry:   redirection table of the I/O APIC
 * @held:    pins with an edge that came while they were masked
 * @rung:    bytes that had been typed at the last doorbell
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
	bool line;
	u32 index;
	u32 entry[IOAPIC_PINS][2];
	u32 held;
	u32 rung;
	u64 lost;
	struct queue sent;
	struct queue typed;
};

static struct covirt_config config;
static struct covirt_status status;
static struct covirt_shared *shared;
static struct covirt_cpu cpu;
static struct model model;
static u32 notified, contained;

/**
 * struct interrupts - what was sent to CPUs of the enclave
 * @nr:      how many
 * @vector:  of the last
 * @targets: of the last, CPU indexes
 * @dropped: those that nobody could be sent
 */
struct interrupts {
	u32 nr;
	u8 vector;
	u32 targets;
	u64 dropped;
};

static struct interrupts sent, expected;
static struct mov store;	/* the next instruction that is fetched */

void apic_notify(const struct covirt_cpu *who)
{
	CHECK(who == &cpu && !shared->com1_owner);
	notified++;
}

/* Below the lock; a CPU that filters has been told. */
void apic_send_fixed(const struct covirt_cpu *who, vector_t vector, u32 targets)
{
	u32 index, rest;

	CHECK(who == &cpu && shared->com1_owner == 1 && targets && vector >= 16);
	for_each_index(index, rest, targets)
		CHECK(vectors_remove_shared(&shared->expected[index], vector) ==
		      (config.interrupts == COVIRT_INTERRUPTS_FILTERED));
	sent.nr++;
	sent.vector = vector;
	sent.targets = targets;
}

bool guest_fetch_mov(struct covirt_cpu *who, struct mov *insn)
{
	CHECK(who == &cpu);
	*insn = store;
	return true;
}

static void skip(struct covirt_cpu *who, const struct covirt_exit *exit)
{
	CHECK(who == &cpu && exit);
}

static const struct covirt_backend_cpu backend = { .skip = skip };

enum covirt_verdict run_contain(struct covirt_cpu *who, const struct covirt_exit *exit,
				enum covirt_fault_reason reason, u64 detail)
{
	CHECK(who == &cpu && reason && (detail == exit->port || !detail));
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
static u8 model_cause(void)
{
	if (model.overrun && model.latch[IER] & 4)
		return 6;
	if (model.data && model.latch[IER] & 1)
		return 4;
	return model.empty && model.latch[IER] & 2 ? 2 : 1;
}

static u8 model_iir(void)
{
	u8 cause = model_cause();

	model.empty &= cause != 2;
	return cause | (model.fifo ? 0xc0 : 0);
}

/* CPU indexes by id; of a logical destination in cluster 0 each bit has to be one of them. */
static u32 model_targets(u32 dest, bool logical)
{
	u32 index, targets = 0, named = 0;

	for (index = 0; index < COVIRT_MAX_CPUS; index++) {
		u32 id = config.cpu[index].guest_apicid;
		bool meant = logical ? id < 16 && dest & BIT(id) : id == dest;

		if (!meant || !(config.present & BIT(index)))
			continue;
		targets |= BIT(index);
		named |= logical ? BIT(id) : dest;
	}
	return named == dest ? targets : 0;
}

/* In xAPIC mode: eight bits, all of them for everybody; logical ids are what the CPUs have set. */
static u32 model_xapic_targets(u32 dest, bool logical)
{
	u32 index, targets = 0;

	if (dest == 0xff)
		return config.present;
	if (!logical)
		return model_targets(dest, false);
	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (shared->logical[index].ldr >> 24 & dest)
			targets |= BIT(index);
	return targets;
}

static void model_send(u32 pin)
{
	u32 low = model.entry[pin][0], high = model.entry[pin][1], mode = low >> 8 & 7;
	u32 targets = cpu.apic_mode == APIC_MODE_XAPIC ?
			      model_xapic_targets(high >> 24, low & 0x800) :
			      model_targets(high >> 24 | (high >> 17 & 0x7f) << 8, low & 0x800);

	if ((low & 0xff) < 16 || mode > 1 || !targets) {
		expected.dropped++;
		return;
	}
	if (mode)
		targets = BIT(__builtin_ctz(targets));
	expected.nr++;
	expected.vector = low;
	expected.targets = targets;
}

static void model_raise(u32 pin)
{
	if (model.entry[pin][0] & MASKED)
		model.held |= BIT(pin);
	else
		model_send(pin);
}

static u32 model_ioapic_data(void)
{
	u32 half = model.index - 0x10;

	if (model.index == 1)
		return 0x70011;
	return half < 2 * IOAPIC_PINS ? model.entry[half / 2][half % 2] : 0;
}

static void model_ioapic(u32 offset, u32 value)
{
	u32 half = model.index - 0x10, pin = half / 2;

	if (!offset)
		model.index = value & 0xff;
	if (offset != 0x10 || half >= 2 * IOAPIC_PINS)
		return;
	model.entry[pin][half % 2] = half % 2 ? value : value & 0x1afff;
	if (model.held & BIT(pin) && !(model.entry[pin][0] & MASKED)) {
		model.held &= ~BIT(pin);
		model_send(pin);
	}
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

/* Input is looked at before each read, and held up while a byte waits or in loop-back. */
static void model_refill(void)
{
	if (!model.data && !model_looped() && queue_used(&model.typed))
		model_arrive(queue_get(&model.typed));
}

/* With an interrupt, behind each access as well. */
static void model_settle(void)
{
	bool line;

	if (!config.com1_irq)
		return;
	model_refill();
	line = (model.latch[MCR] & (OUT2 | LOOP)) == OUT2 && model_cause() != 1;
	if (line && !model.line)
		model_raise(PIN);
	model.line = line;
}

static u64 low_bits(u8 size)
{
	return (1ULL << size * 8) - 1;
}

/* Of a port of one byte. The time is what it is: @read. */
static u8 model_port_in(u16 port, u8 read)
{
	u8 value;

	switch (port_device(port)) {
	case PORT_UART:
		model_refill();
		value = model_in(port - UART16550_COM1);
		model_settle();
		return value;
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
		if (port_device(exit->port + i) == PORT_UART) {
			model_out(exit->port + i - UART16550_COM1, cpu.gpr[GPR_RAX] >> i * 8);
			model_settle();
		}
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

/* Mostly the two words, and instructions that are carried out. */
static void guest_ioapic(struct input *in)
{
	u8 how = consume(in, 1);
	u32 offset = how & 0x80 ? consume(in, 2) % COVIRT_PAGE_SIZE : how & 0x10;
	u32 value = how & 0x40 ? consume(in, 4) : 0x10 + 2 * PIN + (how & 1);
	const struct covirt_exit exit = {
		.reason = COVIRT_EXIT_NESTED_FAULT,
		.access = COVIRT_WRITE,
		.gpa = IOAPIC_PAGE + offset,
	};
	bool carried_out = (how & 0xc) != 0xc;
	u32 before = contained;

	CHECK(exit_is_ioapic_write(&cpu, &exit) == config.com1_irq);
	if (!config.com1_irq)
		return;
	store = (struct mov) {
		.store = true, .immediate = how & 2, .value = value, .gpr = GPR_RDI, .len = 3,
		.size = carried_out ? 4 : 1,
	};
	cpu.gpr[GPR_RDI] = value;
	CHECK(exit_ioapic_write(&cpu, &exit) == (carried_out ? COVIRT_RESUME : COVIRT_LEAVE));
	CHECK(contained == before + !carried_out);
	if (carried_out)
		model_ioapic(offset, value);
}

static void doorbell_rings(void)
{
	bool typed = config.com1_irq && model.rung != config.input.head;

	CHECK(com1_typed(&cpu) == typed);
	if (!typed)
		return;
	model.rung = config.input.head;
	model_settle();
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

/* Does it take the last byte that was typed? The typist is told of that, too. */
static bool guest_out_empties(struct covirt_exit *exit)
{
	bool typed = queue_used(&model.typed);

	guest_out(exit);
	return typed && !queue_used(&model.typed);
}

/* Armed and empty: the next byte that is sent notifies, once. */
static void linux_arms(void)
{
	struct covirt_exit exit = { .port = UART16550_COM1, .size = 1 };
	bool empty = console_ring_arm(&shared->console);
	bool reaches = !(model.latch[LCR] & DLAB) && !model_looped();
	u32 before = notified;
	bool empties;

	CHECK(empty == !queue_used(&model.sent));
	empties = guest_out_empties(&exit);
	CHECK(notified == before + (reaches || empties));
	before = notified;
	empties = guest_out_empties(&exit);
	CHECK(notified == before + empties);
}

static void step(struct input *in)
{
	switch (consume(in, 1) % 10) {
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
	case 8:
		return guest_ioapic(in);
	case 9:
		return doorbell_rings();
	default:
		return consume(in, 1) % 4 ? guest_floods(in) : string_access(in);
	}
}

/* CPUs by index: ids of both widths. */
static void begin_cpus(void)
{
	config.cpu[0].guest_apicid = 3;
	config.cpu[1].guest_apicid = 7;	/* was in the enclave once */
	config.cpu[2].guest_apicid = 5;
	config.cpu[9].guest_apicid = 0x118;
	config.present = BIT(0) | BIT(2) | BIT(9);
}

/* The guest has left x2APIC mode, and its CPUs but the last have set flat logical ids. */
static void begin_xapic(void)
{
	cpu.apic_mode = APIC_MODE_XAPIC;
	shared->logical[0] = (struct xapic_logical){ 0x01000000, ~0U };
	shared->logical[2] = (struct xapic_logical){ 0x02000000, ~0U };
	shared->logical[9] = (struct xapic_logical){ 0, ~0U };
}

static void begin(void)
{
	u32 pin;

	if (!shared)
		shared = malloc(sizeof(*shared));
	memset(shared, 0, sizeof(*shared));
	memset(&config, 0, sizeof(config));
	memset(&model, 0, offsetof(struct model, sent));
	queue_empty(&model.sent);
	queue_empty(&model.typed);
	memset(&sent, 0, sizeof(sent));
	memset(&expected, 0, sizeof(expected));
	memset(&status, 0, sizeof(status));
	for (pin = 0; pin < IOAPIC_PINS; pin++)
		model.entry[pin][0] = MASKED;
	begin_cpus();
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
	u8 how = consume(in, 1);
	u32 used = how & 1 ? CONSOLE_RING_SIZE - 1 - consume(in, 1) : 0;

	config.com1_irq = !(how & 2);
	config.interrupts = how & 4 ? COVIRT_INTERRUPTS_FILTERED : COVIRT_INTERRUPTS_DIRECT;
	config.cmos.hz = consume(in, 4) + 1;
	if (how & 8)
		begin_xapic();

	ring->tail = consume(in, 2) % CONSOLE_RING_SIZE;
	ring->head = (ring->tail + used) % CONSOLE_RING_SIZE;
	ring->bytes = used;
	memset(ring->data, 'x', sizeof(ring->data));
	memset(model.sent.byte, 'x', used);
	model.sent.head = used;
}

/* Interrupts are those of the model, and a read of the I/O APIC finds what it has. */
static void judge_interrupts(void)
{
	CHECK(sent.nr == expected.nr);
	CHECK(sent.vector == expected.vector && sent.targets == expected.targets);
	CHECK(status.ioapic_dropped == expected.dropped);
	CHECK(shared->ioapic_page.index == model.index);
	CHECK(shared->ioapic_page.data == model_ioapic_data());
}

/* All bytes that were sent are in the ring, or counted as lost. */
static void judge_ring(void)
{
	CHECK(!shared->com1_owner);
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
		judge_interrupts();
	}
	return 0;
}
