// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output through COM1, waiting for an empty transmitter as a real driver does. Each CPU
 * prints lines as a whole; no interrupt handler that returns prints.
 */
#include "apic.h"
#include "cpu.h"
#include "serial.h"

#define COM1_DATA	0x3f8
#define COM1_LSR	0x3fd
#define LSR_DATA	0x01
#define LSR_THR_EMPTY	0x20

struct line {
	u32 len;
	char text[128];
};

static struct line lines[16];	/* by the lowest bits of the APIC id */
static bool printing;

void serial_byte(char c)
{
	while (!(cpu_in(COM1_LSR) & LSR_THR_EMPTY))
		;
	cpu_out(COM1_DATA, c);
}

char serial_read(void)
{
	while (!(cpu_in(COM1_LSR) & LSR_DATA))
		asm volatile("pause");
	return cpu_in(COM1_DATA);
}

static void line_flush(struct line *line)
{
	u32 i;

	while (__atomic_test_and_set(&printing, __ATOMIC_ACQUIRE))
		asm volatile("pause");
	for (i = 0; i < line->len; i++)
		serial_byte(line->text[i]);
	__atomic_clear(&printing, __ATOMIC_RELEASE);
	line->len = 0;
}

void print_char(char c)
{
	struct line *line = &lines[apic_id() % ARRAY_SIZE(lines)];

	line->text[line->len++] = c;
	if (c == '\n' || line->len == sizeof(line->text))
		line_flush(line);
}

void print(const char *text)
{
	while (*text)
		print_char(*text++);
}

void print_number(u64 val, enum print_base base)
{
	char digits[20];
	u32 n = 0;

	if (base == PRINT_HEX)
		print("0x");
	do {
		digits[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);
	while (n)
		print_char(digits[--n]);
}

/* Text, a number, nothing else: the caller ends the line. */
void print_value(const char *text, u64 val, enum print_base base)
{
	print(text);
	print_number(val, base);
}
