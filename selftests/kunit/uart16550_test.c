// SPDX-License-Identifier: GPL-2.0-only
/* The 16550A as its drivers see it: what the 8250 probe does, register by register. */
#include <kunit/test.h>
#include <linux/module.h>

#include "core/uart16550.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };

#define NO_TX	(-1)

/* An access, and the result that it must have. */
struct step {
	char dir;	/* 'r'ead, 'w'rite */
	u8 reg;
	u8 val;		/* written, or expected */
	int tx;		/* byte expected on the line after a write */
};

#define R(reg, val)		{ 'r', reg, val, NO_TX }
#define W(reg, val)		{ 'w', reg, val, NO_TX }
#define TX(reg, val, tx)	{ 'w', reg, val, tx }

#define MAX_STEPS	24

struct script {
	const char *name;
	struct step step[MAX_STEPS];	/* ends with a zero dir */
};

static const struct script scripts[] = {
	{
		.name = "after reset: idle, empty, terminal ready",
		.step = { R(IER, 0), R(IIR, 0x01), R(LCR, 0), R(MCR, 0), R(LSR, 0x60), R(MSR, 0xb0),
			  R(SCR, 0), R(DATA, 0) },
	}, {
		.name = "a byte written to THR is transmitted at once",
		.step = { TX(DATA, 'x', 'x'), R(LSR, 0x60), TX(DATA, 0, 0), TX(DATA, 0xff, 0xff) },
	}, {
		.name = "the scratch register keeps what is written",
		.step = { W(SCR, 0xa5), R(SCR, 0xa5), W(SCR, 0x5a), R(SCR, 0x5a) },
	}, {
		.name = "DLAB switches data and IER to the divisor latch",
		.step = { W(LCR, 0x80), R(DATA, 1), R(IER, 0), W(DATA, 0x34), W(IER, 0x12),
			  R(DATA, 0x34), R(IER, 0x12), W(LCR, 0x03), R(DATA, 0), R(IER, 0),
			  TX(DATA, 'a', 'a'), W(LCR, 0x83), R(DATA, 0x34), R(IER, 0x12) },
	}, {
		.name = "IER has four bits (the probe writes 0x0f and reads it back)",
		.step = { W(IER, 0), R(IER, 0), W(IER, 0x0f), R(IER, 0x0f), W(IER, 0xff),
			  R(IER, 0x0f) },
	}, {
		.name = "MCR has five bits",
		.step = { W(MCR, 0xff), R(MCR, 0x1f), W(MCR, 0x0b), R(MCR, 0x0b) },
	}, {
		.name = "loop-back turns RTS and OUT2 into CTS and DCD (the probe's test)",
		.step = { W(MCR, 0x1a), R(MSR, 0x90), W(MCR, 0x15), R(MSR, 0x60), W(MCR, 0x10),
			  R(MSR, 0), W(MCR, 0x1f), R(MSR, 0xf0), W(MCR, 0), R(MSR, 0xb0) },
	}, {
		.name = "loop-back returns data and sends none",
		.step = { W(MCR, 0x10), W(DATA, 'q'), R(LSR, 0x61), R(DATA, 'q'), R(LSR, 0x60) },
	}, {
		.name = "loop-back overruns, and reading LSR takes that back",
		.step = { W(MCR, 0x10), W(DATA, 'a'), W(DATA, 'b'), R(LSR, 0x63), R(LSR, 0x61),
			  R(DATA, 'b'), R(LSR, 0x60) },
	}, {
		.name = "loop-back data raises the received-data interrupt if enabled",
		.step = { W(MCR, 0x10), W(DATA, 'a'), R(IIR, 0x01), W(IER, 0x01), R(IIR, 0x04),
			  R(IIR, 0x04), R(DATA, 'a'), R(IIR, 0x01) },
	}, {
		.name = "an overrun is the first of the interrupts",
		.step = { W(MCR, 0x10), W(IER, 0x07), W(DATA, 'a'), W(DATA, 'b'), R(IIR, 0x06),
			  R(LSR, 0x63), R(IIR, 0x04), R(DATA, 'b'), R(IIR, 0x02), R(IIR, 0x01) },
	}, {
		.name = "the FIFO bits tell a 16550A",
		.step = { R(IIR, 0x01), W(IIR, 0x01), R(IIR, 0xc1), W(IIR, 0x07), R(IIR, 0xc1),
			  W(IIR, 0x00), R(IIR, 0x01) },
	}, {
		.name = "FIFO control works with DLAB set, and shows no 64-byte FIFO (not a 16750)",
		.step = { W(LCR, 0x80), W(IIR, 0x21), R(IIR, 0xc1), W(LCR, 0xe0), R(IIR, 0xc1),
			  W(LCR, 0xbf), R(IIR, 0xc1) },
	}, {
		.name = "clearing the receive FIFO drops what came in",
		.step = { W(MCR, 0x10), W(DATA, 'a'), R(LSR, 0x61), W(IIR, 0x03), R(LSR, 0x60) },
	}, {
		.name = "enabling the THR interrupt raises it, reading IIR takes it back",
		.step = { R(IIR, 0x01), W(IER, 0x02), R(IIR, 0x02), R(IIR, 0x01), W(IER, 0x02),
			  R(IIR, 0x01), W(IER, 0), W(IER, 0x02), R(IIR, 0x02) },
	}, {
		.name = "each byte sent raises the THR interrupt again",
		.step = { W(IER, 0x02), R(IIR, 0x02), R(IIR, 0x01), TX(DATA, 'a', 'a'),
			  R(IIR, 0x02), R(IIR, 0x01) },
	}, {
		.name = "writing LSR and MSR does nothing",
		.step = { W(LSR, 0xff), R(LSR, 0x60), W(MSR, 0xff), R(MSR, 0xb0) },
	},
};

static void script_desc(const struct script *script, char *desc)
{
	strscpy(desc, script->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(script, scripts, script_desc);

static void run_step(struct kunit *test, struct uart16550 *uart, const struct step *step, int n)
{
	u8 byte = 0xee;
	bool sent;

	if (step->dir == 'r') {
		KUNIT_EXPECT_EQ_MSG(test, (int)uart16550_in(uart, step->reg), (int)step->val,
				    "step %d", n);
		return;
	}
	sent = uart16550_out(uart, step->reg, step->val, &byte);
	KUNIT_EXPECT_EQ_MSG(test, sent, step->tx != NO_TX, "step %d", n);
	KUNIT_EXPECT_EQ_MSG(test, (int)byte, sent ? step->tx : 0xee, "step %d", n);
}

static void registers_follow_the_script(struct kunit *test)
{
	const struct script *script = test->param_value;
	struct uart16550 uart;
	int i;

	memset(&uart, 0xff, sizeof(uart));
	uart16550_reset(&uart);
	for (i = 0; i < MAX_STEPS && script->step[i].dir; i++)
		run_step(test, &uart, &script->step[i], i);
}

static void offsets_wrap_at_eight(struct kunit *test)
{
	struct uart16550 uart;
	u8 tx = 0;

	uart16550_reset(&uart);
	KUNIT_EXPECT_FALSE(test, uart16550_out(&uart, 8 + SCR, 0x42, &tx));
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, SCR), 0x42);
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, 0xfffffff8 + SCR), 0x42);
}

/* Enabled conditions raise the line, through the gate that OUT2 opens and loop-back closes. */
static void the_line_is_high_while_a_condition_stands(struct kunit *test)
{
	struct uart16550 uart;
	u8 tx = 0;

	uart16550_reset(&uart);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
	uart16550_out(&uart, IER, 0x02, &tx);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));	/* no OUT2 */
	uart16550_out(&uart, MCR, 0x08, &tx);
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));
	uart16550_out(&uart, MCR, 0x18, &tx);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
	uart16550_out(&uart, MCR, 0x08, &tx);
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, IIR), 0x02);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
	uart16550_out(&uart, DATA, 'x', &tx);
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));
	uart16550_out(&uart, IER, 0x01, &tx);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
	uart16550_receive(&uart, 'k');
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, IIR), 0x04);
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));		/* until it has been read */
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, DATA), 'k');
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
}

/* An overrun is made in loop-back, and seen behind it. */
static void an_overrun_raises_the_line(struct kunit *test)
{
	struct uart16550 uart;
	u8 tx = 0;

	uart16550_reset(&uart);
	uart16550_out(&uart, IER, 0x04, &tx);
	uart16550_out(&uart, MCR, 0x18, &tx);
	uart16550_out(&uart, DATA, 'a', &tx);
	uart16550_out(&uart, DATA, 'b', &tx);
	uart16550_out(&uart, MCR, 0x08, &tx);
	KUNIT_EXPECT_TRUE(test, uart16550_line(&uart));
	uart16550_in(&uart, LSR);
	KUNIT_EXPECT_FALSE(test, uart16550_line(&uart));
}

/* A byte from the line waits in the receive buffer, and nobody overruns it. */
static void receives_one_byte_at_a_time(struct kunit *test)
{
	struct uart16550 uart;
	u8 tx = 0;

	uart16550_reset(&uart);
	uart16550_out(&uart, IER, 0x01, &tx);
	KUNIT_EXPECT_TRUE(test, uart16550_can_receive(&uart));
	uart16550_receive(&uart, 'k');
	KUNIT_EXPECT_FALSE(test, uart16550_can_receive(&uart));
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, IIR), 0x04);
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, LSR), 0x61);
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, DATA), 'k');
	KUNIT_EXPECT_EQ(test, (int)uart16550_in(&uart, LSR), 0x60);
	KUNIT_EXPECT_TRUE(test, uart16550_can_receive(&uart));
	uart16550_out(&uart, MCR, 0x10, &tx);
	KUNIT_EXPECT_FALSE(test, uart16550_can_receive(&uart));
}

static struct kunit_case uart16550_cases[] = {
	KUNIT_CASE_PARAM(registers_follow_the_script, script_gen_params),
	KUNIT_CASE(offsets_wrap_at_eight),
	KUNIT_CASE(receives_one_byte_at_a_time),
	KUNIT_CASE(the_line_is_high_while_a_condition_stands),
	KUNIT_CASE(an_overrun_raises_the_line),
	{}
};

static struct kunit_suite uart16550_suite = {
	.name = "covirt-uart16550",
	.test_cases = uart16550_cases,
};

kunit_test_suites(&uart16550_suite);

MODULE_DESCRIPTION("Covirt: COM1 tests");
MODULE_LICENSE("GPL");
