// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cost of exits as the co-kernel sees it, by the time-stamp counter: instructions under an emulator
 * with a deterministic clock, cycles on silicon. If that clock is the mean of all CPUs'
 * instructions, a CPU of Linux meanwhile counts its own in a variable here
 * (selftests/machine/guard/spin.c).
 */
#include "apic.h"
#include "cpu.h"
#include "payload.h"
#include "serial.h"

#define BATCHES		64	/* the best one has met no interruption of the emulator's */
#define OPERATIONS	64	/* in a batch */
#define RINGS		16
#define PLAIN		1024	/* instructions in a plain operation */
#define PLAIN_TEXT	"1024"

#define MSR_APIC_BASE	0x1b
#define PORT_DENIED	0x62	/* behind the speaker's */
#define IPI_VECTOR	0x34
#define WIDE		16	/* CPUs of an enclave in which one interrupts all */

/**
 * struct cost - of some operations
 * @counts: of the time-stamp counter
 * @beside: of the other CPU's variable
 */
struct cost {
	u64 counts;
	u64 beside;
};

static volatile u64 beside;
static u32 own_id;

static struct cost now(void)
{
	return (struct cost) { cpu_read_tsc(), beside };
}

static struct cost minus(struct cost a, struct cost b)
{
	return (struct cost) { a.counts - b.counts, a.beside - b.beside };
}

static void nothing(void)
{
}

/* Tells whether the clock is understood. */
static void plain(void)
{
	asm volatile(".rept " PLAIN_TEXT "\n\tnop\n\t.endr");
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

/* With interrupts off it stays requested, and the next one changes nothing. */
static void ipi_one(void)
{
	apic_send(own_id, ICR_FIXED | ICR_ASSERT | IPI_VECTOR);
}

/* The others wait to be started, with their APICs disabled: they do not hear it. */
static void ipi_all(void)
{
	apic_send(0, ICR_ALL | ICR_FIXED | ICR_ASSERT | IPI_VECTOR);
}

static struct cost batch(void (*operation)(void))
{
	struct cost begin = now();
	u32 i;

	for (i = 0; i < OPERATIONS; i++)
		operation();
	return minus(now(), begin);
}

static struct cost best(void (*operation)(void))
{
	struct cost least = batch(operation);
	u32 i;

	for (i = 1; i < BATCHES; i++) {
		struct cost cost = batch(operation);

		if (cost.counts < least.counts)
			least = cost;
	}
	return least;
}

static void report(const char *name, struct cost cost, u64 operations)
{
	print("payload: bench ");
	print(name);
	print_value(" ", cost.counts, PRINT_DEC);
	print_value(" ", cost.beside, PRINT_DEC);
	print_value(" / ", operations, PRINT_DEC);
	print("\n");
}

/* Half a second in which Linux can become quiet, or begin to count. */
static void wait(const struct covirt_bootinfo *info)
{
	u64 end = cpu_read_tsc() + info->tsc_khz * 500;

	print_value("payload: bench waits ", (u64)&beside, PRINT_DEC);
	print("\n");
	while (cpu_read_tsc() < end)
		;
}

static void command_bench(const struct word *word, const struct covirt_bootinfo *info)
{
	struct cost loop;

	(void)word;
	wait(info);
	loop = best(nothing);
	report("plain", minus(best(plain), loop), OPERATIONS * PLAIN);
	report("cpuid", minus(best(cpuid), loop), OPERATIONS);
	report("msr", minus(best(msr_emulated), loop), OPERATIONS);
	apic_enable();
	own_id = apic_id();
	report("unicast", minus(best(ipi_one), loop), OPERATIONS);
	if (info->nr_cpus == WIDE)
		report("sixteen", minus(best(ipi_all), loop), OPERATIONS);
	report("port", minus(best(port_denied), loop), OPERATIONS);
}

/*
 * Each doorbell is a hole in the time of a loop that does nothing but read it: more
 * counts between two readings than the word says. Under an emulator there are others,
 * and time may step back; Linux does not count then.
 */
static void command_bell(const struct word *word, const struct covirt_bootinfo *info)
{
	struct cost sum = { 0, 0 }, last, step;
	u32 rings = 0;

	(void)info;
	print("payload: bench listens\n");
	for (last = now(); rings < RINGS; last.counts += step.counts, last.beside += step.beside) {
		step = minus(now(), last);
		if ((s64)step.counts <= (s64)word->arg[0] || !step.beside)
			continue;
		sum.counts += step.counts;
		sum.beside += step.beside;
		rings++;
	}
	report("doorbell", sum, RINGS);
}

const struct command bench_commands[] = {
	{ "bench", 0, command_bench },
	{ "bell", 1, command_bell },
	{},
};
