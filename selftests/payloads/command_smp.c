// SPDX-License-Identifier: GPL-2.0-only
/* Starting further CPUs of the enclave, and what they do. */
#include "apic.h"
#include "cpu.h"
#include "heartbeat.h"
#include "idt.h"
#include "paging.h"
#include "payload.h"
#include "serial.h"
#include "startup.h"

#define STACK_BYTES	8192

/* CPUs are started one at a time; each has a new stack. */
static u8 stacks[16][STACK_BYTES] __aligned(16);
static u32 stacks_used;
static u32 running;

static struct {
	u32 job;
	u64 arg;
} work;

static void job_wait(u64 arg)
{
	(void)arg;
	apic_enable();
	for (;;) {
		cpu_wait();
		idt_report();
	}
}

static void job_write(u64 address)
{
	paging_map(address);
	*(volatile u64 *)address = 0;
	print("payload: wrote on another cpu\n");
}

static void job_spin(u64 arg)
{
	(void)arg;
	for (;;) {
		cpu_interrupts_off();
		idt_report_nmi();
	}
}

static void job_print(u64 count)
{
	while (count--)
		serial_byte('#');
}

static void job_storm(u64 apicid)
{
	for (;;)
		apic_send(apicid, ICR_FIXED | ICR_ASSERT | 0x32);
}

static void job_triple_fault(u64 arg)
{
	(void)arg;
	cpu_load_idt(NULL, 0);
	asm volatile("int3");
}

/* Takes its own timer's interrupts and what others send, and says nothing of it. */
static void job_listen(u64 arg)
{
	(void)arg;
	apic_enable();
	apic_timer_start(APIC_TIMER_MS);
	for (;;)
		cpu_wait();
}

/* Answers each ping of that CPU. */
static void job_answer(u64 apicid)
{
	u64 answered = 0;

	apic_enable();
	for (;;) {
		if (idt_count(APIC_PING_VECTOR) == answered) {
			cpu_wait();
			continue;
		}
		answered++;
		apic_send(apicid, ICR_FIXED | ICR_ASSERT | APIC_PONG_VECTOR);
	}
}

static void (*const jobs[])(u64 arg) = {
	job_wait, job_write, job_spin, job_print, job_storm, job_triple_fault, job_listen,
	job_answer, heartbeat_beat,
};

static void startup_main(void)
{
	u32 job = work.job;
	u64 arg = work.arg;

	apic_follow();
	idt_load();
	apic_identify();
	__atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
	jobs[job](arg);
	job_wait(0);
}

static void page_fill(void)
{
	u8 *page = (u8 *)STARTUP_PAGE;
	struct startup_params *params = (void *)(page + STARTUP_PARAMS);
	u8 *stack = stacks[stacks_used++ % ARRAY_SIZE(stacks)];
	struct { u16 limit; u64 base; } __packed gdt;
	u32 i;

	asm volatile("sgdt %0" : "=m"(gdt));
	for (i = 0; i < startup_end - startup_begin; i++)
		page[i] = startup_begin[i];
	*params = (struct startup_params) {
		.cr3 = cpu_read_cr3(),
		.stack = (u64)stack + STACK_BYTES - 8,
		.entry = (u64)startup_main,
		.gdt_limit = gdt.limit,
		.gdt_base = gdt.base,
	};
}

/* ap=APICID,JOB,ARG: start that CPU as a kernel does, and see it run. */
static void command_ap(const struct word *word, const struct covirt_bootinfo *info)
{
	u32 before = __atomic_load_n(&running, __ATOMIC_SEQ_CST);

	(void)info;
	work.job = word->arg[1] % ARRAY_SIZE(jobs);
	work.arg = word->arg[2];
	page_fill();
	apic_enable();
	apic_send(word->arg[0], ICR_INIT | ICR_ASSERT);
	apic_send(word->arg[0], ICR_STARTUP | ICR_ASSERT | STARTUP_PAGE >> 12);
	apic_send(word->arg[0], ICR_STARTUP | ICR_ASSERT | STARTUP_PAGE >> 12);
	while (__atomic_load_n(&running, __ATOMIC_SEQ_CST) == before)
		asm volatile("pause");
	print_value("payload: cpu ", word->arg[0], PRINT_DEC);
	print(" runs\n");
}

/* Prints as many bytes as told, while another CPU does. */
static void command_print(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 n;

	(void)info;
	for (n = 0; n < word->arg[0]; n++)
		serial_byte('@');
	print("\n");
}

const struct command smp_commands[] = {
	{ "ap", 2, command_ap },
	{ "print", 1, command_print },
	{},
};
