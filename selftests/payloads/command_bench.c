// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exits cost as the co-kernel sees them, by the time-stamp counter: under an
 * emulator with a deterministic clock that counts instructions, on silicon cycles.
 */
#include "cpu.h"
#include "payload.h"
#include "serial.h"

#define BATCHES		64	/* the best one has met no interruption of the emulator's */
#define OPERATIONS	64	/* in a batch */
#define PLAIN		1024	/* instructions in a plain operation */
#define RINGS		16
#define GAP		100	/* counts between two readings that only a doorbell explains */

#define MSR_APIC_BASE	0x1b
#define PORT_DENIED	0x70	/* the real-time clock's index */

static void nothing(void)
{
}

/* Tells how many counts of the clock an instruction is. */
static void plain(void)
{
	asm volatile(".rept 1024\n\tnop\n\t.endr");
}

static void cpuid(void)
{
	u32 a = 0, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

static void msr_emulated(void)
{
	cpu_read_msr(MSR_APIC_BASE);
}

static void port_denied(void)
{
	cpu_in(PORT_DENIED);
}

static u64 batch(void (*operation)(void))
{
	u64 begin = cpu_read_tsc();
	u32 i;

	for (i = 0; i < OPERATIONS; i++)
		operation();
	return cpu_read_tsc() - begin;
}

static u64 best(void (*operation)(void))
{
	u64 least = batch(operation);
	u32 i;

	for (i = 1; i < BATCHES; i++) {
		u64 now = batch(operation);

		if (now < least)
			least = now;
	}
	return least;
}

static void tell(const char *name, u64 counts, u64 operations)
{
	print("payload: bench ");
	print(name);
	print_value(" ", counts, PRINT_DEC);
	print_value(" / ", operations, PRINT_DEC);
	print("\n");
}

/* Each doorbell is a hole in the time of a loop that does nothing but read it. */
static u64 doorbells(u32 rings)
{
	u64 sum = 0, last = cpu_read_tsc();

	while (rings) {
		u64 now = cpu_read_tsc();

		if (now - last > GAP) {
			sum += now - last;
			rings--;
		}
		last = now;
	}
	return sum;
}

static void command_bench(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 loop = best(nothing);

	(void)word;
	(void)info;
	tell("plain", best(plain) - loop, OPERATIONS * PLAIN);
	tell("cpuid", best(cpuid) - loop, OPERATIONS);
	tell("msr", best(msr_emulated) - loop, OPERATIONS);
	tell("port", best(port_denied) - loop, OPERATIONS);
}

static void command_bench_bell(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	print("payload: bench listens\n");
	tell("doorbell", doorbells(RINGS), RINGS);
}

const struct command bench_commands[] = {
	{ "bench", 0, command_bench },
	{ "bell", 0, command_bench_bell },
	{},
};
