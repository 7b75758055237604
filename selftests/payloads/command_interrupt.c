// SPDX-License-Identifier: GPL-2.0-only
/* Commands that send interrupts, and the one that takes its own timer's. */
#include "apic.h"
#include "cpu.h"
#include "idt.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

#define STORM_VECTOR		0x31
#define CHAT_VECTOR		0x33
#define COMPUTE_ROUNDS		100000
#define QUIET_ROUNDS		100

static void send(u32 apicid, u32 command)
{
	apic_enable();
	apic_send(apicid, command);
	print("payload: ipi sent\n");
}

static void command_ipi(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	send(word->arg[0], ICR_FIXED | ICR_ASSERT | (word->arg[1] & 0xff));
}

static void command_nmi(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	send(word->arg[0], ICR_NMI | ICR_ASSERT);
}

/*
 * nmis: an NMI that comes while another is being handled is taken when that has returned, to a
 * loop with interrupts off.
 */
static void command_nmis(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 before = idt_count(2);

	(void)word;
	(void)info;
	apic_enable();
	nmi_repeats = true;
	apic_send(apic_id(), ICR_NMI | ICR_ASSERT);
	while (idt_count(2) < before + 2)
		asm volatile("pause");
	print("payload: second NMI taken\n");
}

static void command_init(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	send(word->arg[0], ICR_INIT | ICR_ASSERT);
}

static void command_startup(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	send(word->arg[0], ICR_STARTUP | ICR_ASSERT | (word->arg[1] & 0xff));
}

static void command_icr(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	apic_enable();
	apic_send_raw(word->arg[0]);
	print("payload: ipi sent\n");
}

/* apic=REGISTER,VALUE and apicread=REGISTER: by number, whatever the mode. */
static void command_apic(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rcx = word->arg[0], .rax = word->arg[1] };

	(void)info;
	if (!probe_try(word, apic_try_write, &regs))
		return;
	print_value("payload: apic ", word->arg[0], PRINT_HEX);
	print(" written\n");
}

static void command_apicread(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	print_value("payload: apic ", word->arg[0], PRINT_HEX);
	print_value(" = ", apic_read(word->arg[0]), PRINT_HEX);
	print("\n");
}

/* apicmode=BITS of APIC_BASE: 0 disabled, 0x800 xAPIC, 0xc00 x2APIC. */
static void command_apicmode(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rax = word->arg[0] };

	(void)info;
	if (!probe_try(word, apic_try_mode, &regs))
		return;
	print_value("payload: apic mode ", word->arg[0], PRINT_HEX);
	print("\n");
}

/* The vector is told by idt_report(). */
static void await_self(u8 vector, u64 before)
{
	while (idt_count(vector) == before)
		cpu_wait();
	idt_report();
}

static void command_selfipi(const struct word *word, const struct covirt_bootinfo *info)
{
	u8 vector = word->arg[0];
	u64 before = idt_count(vector);

	(void)info;
	apic_enable();
	apic_send(0, ICR_SELF | ICR_ASSERT | vector);
	await_self(vector, before);
}

/* The same by the register that is there for nothing else. */
static void command_selfmsr(const struct word *word, const struct covirt_bootinfo *info)
{
	u8 vector = word->arg[0];
	u64 before = idt_count(vector);

	(void)info;
	apic_enable();
	apic_send_self(vector);
	await_self(vector, before);
}

/* Interrupts itself as fast as it can, for ever. */
static void command_storm(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	apic_enable();
	print("payload: storm\n");
	cpu_interrupts_on();
	for (;;)
		apic_send(0, ICR_SELF | ICR_ASSERT | STORM_VECTOR);
}

/* Keeps the CPU busy with something that no compiler can skip. */
static u64 compute(u64 seed)
{
	u32 i;

	for (i = 0; i < COMPUTE_ROUNDS; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		asm volatile("" : "+r"(seed));
	}
	return seed;
}

/* Computing and HLT by turns; from "steady" on not one instruction that should exit. */
static u64 steady(u64 tsc_end)
{
	u64 first = idt_count(APIC_TIMER_VECTOR);
	u64 seed = 88172645463325252ULL;

	while (cpu_read_tsc() < tsc_end) {
		cpu_interrupts_on();
		seed = compute(seed);
		cpu_interrupts_off();
		if (idt_count(APIC_TIMER_VECTOR) != first)
			cpu_wait();
		idt_report_nmi();
	}
	return idt_count(APIC_TIMER_VECTOR) - first;
}

static void command_timer(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 ticks = word->arg[0] * info->tsc_khz * 1000;
	u64 interrupts;

	apic_enable();
	apic_timer_start(APIC_TIMER_MS);
	print("payload: steady\n");
	interrupts = steady(cpu_read_tsc() + ticks);
	apic_timer_stop();
	print_value("payload: done ", interrupts, PRINT_DEC);
	print(" interrupts\n");
}

/*
 * chat=APICID,SECONDS: a timer interrupt makes it send one to another CPU, which listens, if
 * that has taken the last one: two at once would be one.
 */
static void command_chat(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 end = cpu_read_tsc() + word->arg[1] * info->tsc_khz * 1000, sent = 0, ticks;

	apic_enable();
	apic_timer_start(APIC_TIMER_MS);
	print("payload: steady\n");
	while (cpu_read_tsc() < end) {
		ticks = idt_count(APIC_TIMER_VECTOR);
		cpu_wait();
		if (idt_count(APIC_TIMER_VECTOR) == ticks || idt_count(CHAT_VECTOR) < sent)
			continue;
		apic_send(word->arg[0], ICR_FIXED | ICR_ASSERT | CHAT_VECTOR);
		sent++;
	}
	apic_timer_stop();
	while (idt_count(CHAT_VECTOR) < sent)
		asm volatile("pause");
	print_value("payload: done, sent ", sent, PRINT_DEC);
	print_value(" received ", idt_count(CHAT_VECTOR), PRINT_DEC);
	print("\n");
}

static void await(u8 vector, u64 count, bool halts)
{
	while (idt_count(vector) < count) {
		if (halts) {
			cpu_wait();
			continue;
		}
		cpu_interrupts_off();
		compute(count);
		cpu_interrupts_on();
		asm volatile("pause");
	}
	cpu_interrupts_off();
}

/*
 * A broadcast of Linux may stand requested until interrupts are on again; a stuck one stays,
 * however often they are.
 */
static bool becomes_quiet(void)
{
	u32 round;

	for (round = 0; round < QUIET_ROUNDS; round++) {
		if (apic_is_quiet())
			return true;
		cpu_interrupts_on();
		compute(round);
		cpu_interrupts_off();
	}
	return false;
}

static void exact_report(void)
{
	static const u8 known[] = { APIC_TIMER_VECTOR, APIC_PING_VECTOR, APIC_PONG_VECTOR };
	bool quiet = becomes_quiet();

	print_value("payload: exact timer ", idt_count(APIC_TIMER_VECTOR), PRINT_DEC);
	print_value(" ping ", idt_count(APIC_PING_VECTOR), PRINT_DEC);
	print_value(" pong ", idt_count(APIC_PONG_VECTOR), PRINT_DEC);
	print_value(" others ", idt_count_others(known, ARRAY_SIZE(known)), PRINT_DEC);
	print(quiet ? " quiet\n" : " stuck\n");
}

/*
 * exact=APICID,ROUNDS: each round one interrupt of the timer, one to a CPU that answers, and its
 * answer. They are awaited by turns in HLT and with interrupts off for long; one that is lost
 * is awaited for ever.
 */
static void command_exact(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 round;

	(void)info;
	apic_enable();
	print("payload: exact begins\n");
	for (round = 1; round <= word->arg[1]; round++) {
		apic_timer_once(APIC_TIMER_MS);
		apic_send(word->arg[0], ICR_FIXED | ICR_ASSERT | APIC_PING_VECTOR);
		await(APIC_TIMER_VECTOR, round, round & 1);
		await(APIC_PONG_VECTOR, round, round & 2);
	}
	exact_report();
}

/* pump=APICID,VECTOR: sends it for ever. */
static void command_pump(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	apic_enable();
	print("payload: pump\n");
	for (;;)
		apic_send(word->arg[0], ICR_FIXED | ICR_ASSERT | (word->arg[1] & 0xff));
}

/* tally=VECTOR: takes it for ever, and tells how often it came whenever it has not for a tick. */
static void command_tally(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 told = 0, last = 0, now;

	(void)info;
	apic_enable();
	apic_timer_start(APIC_TIMER_MS);
	print("payload: tally begins\n");
	for (;;) {
		cpu_wait();
		now = idt_count(word->arg[0]);
		if (now == last && now != told) {
			print_value("payload: tally ", now, PRINT_DEC);
			print("\n");
			told = now;
		}
		last = now;
	}
}

/* talk=APICID,VECTOR,BACK,ROUNDS: sends one and awaits what comes back before the next. */
static void command_talk(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 round;

	(void)info;
	apic_enable();
	print("payload: talk begins\n");
	for (round = 1; round <= word->arg[3]; round++) {
		apic_send(word->arg[0], ICR_FIXED | ICR_ASSERT | (word->arg[1] & 0xff));
		await(word->arg[2], round, true);
	}
	print_value("payload: talked ", idt_count(word->arg[2]), PRINT_DEC);
	print("\n");
}

const struct command interrupt_commands[] = {
	{ "ipi", 2, command_ipi },
	{ "nmi", 1, command_nmi },
	{ "nmis", 0, command_nmis },
	{ "init", 1, command_init },
	{ "startup", 2, command_startup },
	{ "icr", 1, command_icr },
	{ "apic", 2, command_apic },
	{ "apicread", 1, command_apicread },
	{ "apicmode", 1, command_apicmode },
	{ "selfipi", 1, command_selfipi },
	{ "selfmsr", 1, command_selfmsr },
	{ "storm", 0, command_storm },
	{ "timer", 1, command_timer },
	{ "chat", 2, command_chat },
	{ "exact", 2, command_exact },
	{ "pump", 2, command_pump },
	{ "tally", 1, command_tally },
	{ "talk", 4, command_talk },
	{},
};
