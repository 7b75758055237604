// SPDX-License-Identifier: GPL-2.0-only
/* Commands about the whole co-kernel: talk, stop, die. */
#include "alignment.h"
#include "cpu.h"
#include "idt.h"
#include "payload.h"
#include "serial.h"

#define PORT_RESET		0xcf9
#define PORT_SLEEP_CONTROL	0x604
#define PORT_KEYBOARD		0x64
#define RESET_VALUE		0x06
#define SLEEP_S5		0x34	/* SLP_TYP 5, SLP_EN: ACPI 4.8.3.7 */
#define KEYBOARD_RESET		0xfe
#define FLOOD_LINE		64

static void command_hello(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	print("payload: hello\n");
}

static void command_bootinfo(const struct word *word, const struct covirt_bootinfo *info)
{
	u32 i;

	(void)word;
	print_value("payload: tsc_khz ", info->tsc_khz, PRINT_DEC);
	print_value(" cpus ", info->nr_cpus, PRINT_DEC);
	print_value(" apicid ", info->apicid, PRINT_DEC);
	print_value(" rsdp ", info->rsdp, PRINT_HEX);
	print_value(" image ", info->image, PRINT_HEX);
	print("\n");
	for (i = 0; i < info->nr_ranges; i++) {
		print_value("payload: ram ", info->range[i].gpa, PRINT_HEX);
		print_value(" ", info->range[i].len, PRINT_HEX);
		print("\n");
	}
}

static void command_spin(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	print("payload: spinning\n");
	for (;;) {
		cpu_interrupts_off();
		idt_report_nmi();
	}
}

static void command_halt(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	print("payload: halted\n");
	for (;;) {
		asm volatile("cli\n\thlt");
		idt_report_nmi();
	}
}

/* Byte @at of the flood: lines of 64 characters, each with its number and a shifted alphabet. */
static char flood_byte(u64 at)
{
	u64 line = at / FLOOD_LINE;
	u32 column = at % FLOOD_LINE;
	u64 digits = line;
	u32 i;

	if (column == FLOOD_LINE - 1)
		return '\n';
	if (column == 8)
		return ' ';
	if (column > 8)
		return 'A' + (line + column) % 26;
	for (i = 7; i > column; i--)
		digits /= 10;
	return '0' + digits % 10;
}

static void command_flood(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 i;

	(void)info;
	print_value("payload: flood ", word->arg[0], PRINT_DEC);
	print("\n");
	for (i = 0; i < word->arg[0]; i++)
		print_char(flood_byte(i));
	print("\npayload: flooded\n");
}

/* Repeats a line that is typed. */
static void command_hear(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 lines;
	char c;

	(void)info;
	print("payload: listening\n");
	for (lines = 0; lines < word->arg[0]; lines++) {
		print("payload: heard ");
		do {
			c = serial_read();
			print_char(c);
		} while (c != '\n');
	}
}

/* Listens to the flood, as "flood" prints it. */
static void command_drain(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 i, wrong = 0;

	(void)info;
	print("payload: listening\n");
	for (i = 0; i < word->arg[0]; i++)
		wrong += serial_read() != flood_byte(i);
	print_value("payload: drained, wrong ", wrong, PRINT_DEC);
	print("\n");
}

static void command_reset(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	cpu_out(PORT_RESET, RESET_VALUE);
	print("payload: survived the reset\n");
}

static void command_kbdreset(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	cpu_out(PORT_KEYBOARD, KEYBOARD_RESET);
	print("payload: survived the reset\n");
}

static void command_poweroff(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	cpu_out(PORT_SLEEP_CONTROL, SLEEP_S5);
	print("payload: survived the power-off\n");
}

/* An exception without an IDT becomes a double fault, and that a shutdown. */
static void command_triplefault(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	cpu_load_idt(NULL, 0);
	cpu_trap();
}

/* Every #AC raises the next: without an intercept the CPU may never come to an end of it. */
static void command_acloop(const struct word *word, const struct covirt_bootinfo *info)
{
	u8 *page = (u8 *)ALIGNMENT_PAGE;
	u32 i;

	(void)word;
	(void)info;
	for (i = 0; i < alignment_end - alignment_begin; i++)
		page[i] = alignment_begin[i];
	print("payload: leaves 64-bit mode\n");
	asm volatile("jmp *%0" : : "r"(page) : "memory");
}

/* Goes on counting in its own memory: who can read that sees whether it runs. */
static void command_count(const struct word *word, const struct covirt_bootinfo *info)
{
	static volatile u64 counter;

	(void)word;
	(void)info;
	print_value("payload: counts at ", (u64)&counter, PRINT_HEX);
	print("\n");
	for (;;)
		counter++;
}

const struct command machine_commands[] = {
	{ "hello", 0, command_hello },
	{ "bootinfo", 0, command_bootinfo },
	{ "spin", 0, command_spin },
	{ "halt", 0, command_halt },
	{ "flood", 1, command_flood },
	{ "hear", 1, command_hear },
	{ "drain", 1, command_drain },
	{ "reset", 0, command_reset },
	{ "kbdreset", 0, command_kbdreset },
	{ "poweroff", 0, command_poweroff },
	{ "triplefault", 0, command_triplefault },
	{ "acloop", 0, command_acloop },
	{ "count", 0, command_count },
	{},
};
