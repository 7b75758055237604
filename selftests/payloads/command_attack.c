// SPDX-License-Identifier: GPL-2.0-only
/* Attacks by interrupts on whoever there is, and who counts what of them arrives. */
#include "apic.h"
#include "cpu.h"
#include "draw.h"
#include "idt.h"
#include "payload.h"
#include "serial.h"

#define NR_VECTORS	256
#define NR_MODES	8
#define ICR_MODE(mode)	((mode) << 8)
#define ICR_MODE_BITS	ICR_MODE(7)
#define ICR_LOGICAL	BIT(11)
#define VECTOR_ORDINARY	0x20
#define ID_NOBODY	0x7fU
#define ID_FIRST_FOUR	0x0fU
#define ID_ALL		0xffffffffU

static u64 sent;

static void attack(u64 icr)
{
	apic_send_raw(icr);
	sent++;
}

static void attack_report(void)
{
	print_value("payload: attacked ", sent, PRINT_DEC);
	print("\n");
}

/*
 * assault=APICID,APICID: every vector in every delivery mode to both of them and to nobody, and
 * to four CPUs at once by their logical ids.
 */
static void command_assault(const struct word *word, const struct covirt_bootinfo *info)
{
	const u64 dest[] = {
		word->arg[0] << 32, word->arg[1] << 32, (u64)ID_NOBODY << 32,
		(u64)ID_FIRST_FOUR << 32 | ICR_LOGICAL,
	};
	u64 i, mode, vector;

	(void)info;
	apic_enable();
	for (i = 0; i < ARRAY_SIZE(dest); i++)
		for (mode = 0; mode < NR_MODES; mode++)
			for (vector = 0; vector < NR_VECTORS; vector++)
				attack(dest[i] | ICR_MODE(mode) | vector);
	attack_report();
}

static u64 draw_dest(u64 *state)
{
	static const u32 odd[] = { ID_NOBODY, ID_FIRST_FOUR, ID_ALL, 0xff, 0xff000000 };
	u64 drawn = draw_from(state) >> 16;

	switch (drawn & 3) {
	case 0:
		return drawn >> 2 & 0xffffffff;
	case 1:
		return odd[(drawn >> 2) % ARRAY_SIZE(odd)];
	default:
		return (drawn >> 2) % 8;
	}
}

/* The vector may come back to its sender, so it is not one of an exception. */
static u64 draw_icr(u64 *state)
{
	u64 low = draw_from(state) >> 32;

	if (!(low & ICR_MODE_BITS))
		low |= VECTOR_ORDINARY;
	return draw_dest(state) << 32 | low;
}

/* icrs=SEED,COUNT: as many values that nobody thought of. */
static void command_icrs(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 state = word->arg[0] * 2 + 1, n;

	(void)info;
	apic_enable();
	for (n = 0; n < word->arg[1]; n++)
		attack(draw_icr(&state));
	attack_report();
}

/* hail=APICID: to that CPU, to nobody, to itself and as an NMI, by turns, for ever. */
static void command_hail(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 dest = word->arg[0] << 32;

	(void)info;
	apic_enable();
	print("payload: hail\n");
	cpu_interrupts_on();
	for (;;) {
		attack(dest | 0xf0);
		attack((u64)ID_NOBODY << 32 | 0xf0);
		attack(ICR_SELF | 0xf0);
		attack(dest | ICR_NMI);
	}
}

static void witness_report(u8 vector, u64 others)
{
	print_value("payload: witness ", idt_count(vector), PRINT_DEC);
	print_value(" others ", others, PRINT_DEC);
	print("\n");
}

/*
 * witness=VECTOR: tells how often it came, and how many other interrupts and NMIs did, whenever
 * that has changed, but not with the tick before.
 */
static void command_witness(const struct word *word, const struct covirt_bootinfo *info)
{
	const u8 known[] = { APIC_TIMER_VECTOR, word->arg[0] };
	u64 told = 0, last = 0, now, others;

	(void)info;
	apic_enable();
	apic_timer_start(APIC_TIMER_MS);
	witness_report(word->arg[0], 0);
	for (;;) {
		cpu_wait();
		others = idt_count_others(known, ARRAY_SIZE(known)) + idt_count(2);
		now = idt_count(word->arg[0]) + others;
		if (now == last && now != told) {
			witness_report(word->arg[0], others);
			told = now;
		}
		last = now;
	}
}

const struct command attack_commands[] = {
	{ "assault", 2, command_assault },
	{ "icrs", 2, command_icrs },
	{ "hail", 1, command_hail },
	{ "witness", 1, command_witness },
	{},
};
