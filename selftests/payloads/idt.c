// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts are counted and told later, outside of the handler, so that a
 * timer can tick without port I/O. Exceptions end a probe, or the payload.
 */
#include "apic.h"
#include "cpu.h"
#include "idt.h"
#include "serial.h"

#define VECTORS		256
#define DEBUG		1
#define NMI		2
#define FIRST_INTERRUPT	32
#define STUB_SIZE	16
#define GATE_INTERRUPT	0x8e00	/* present, DPL 0, 64-bit interrupt gate: APM vol. 2, 4.8.4 */

/**
 * struct gate - a 64-bit interrupt gate
 * @low:      offset 15:0
 * @selector: code segment
 * @type:     type and stack table
 * @middle:   offset 31:16
 * @high:     offset 63:32
 * @zero:     reserved
 */
struct gate {
	u16 low;
	u16 selector;
	u16 type;
	u16 middle;
	u32 high;
	u32 zero;
};

u64 probe_resume;
bool debug_returns;
u64 debug_taken;
bool nmi_repeats;
u64 probe_stack;

static struct gate idt[VECTORS] __aligned(16);
static u64 counts[VECTORS];
static u64 reported[VECTORS];
static u32 takers[VECTORS];	/* APIC id of the last CPU that took it */
static u32 boot_apicid;

void idt_init(void)
{
	u64 stub = (u64)idt_stubs;
	u32 i;

	for (i = 0; i < VECTORS; i++, stub += STUB_SIZE) {
		idt[i].low = stub;
		idt[i].selector = cpu_read_cs();
		idt[i].type = GATE_INTERRUPT;
		idt[i].middle = stub >> 16;
		idt[i].high = stub >> 32;
	}
	boot_apicid = apic_id();
	idt_load();
}

void idt_load(void)
{
	cpu_load_idt(idt, sizeof(idt) - 1);
}

/* The end of a line that says which CPU it is about, where that is not the one that booted. */
static void print_where(u32 vector)
{
	if (takers[vector] != boot_apicid)
		print_value(" on cpu ", takers[vector], PRINT_DEC);
	print("\n");
}

u64 idt_count(u8 vector)
{
	return READ_ONCE(counts[vector]);
}

/* Interrupts that came with any vector but those. */
u64 idt_count_others(const u8 *known, u32 nr)
{
	u64 sum = 0;
	u32 i;

	for (i = FIRST_INTERRUPT; i < VECTORS; i++)
		sum += READ_ONCE(counts[i]);
	for (i = 0; i < nr; i++)
		sum -= READ_ONCE(counts[known[i]]);
	return sum;
}

/* Tell that NMIs came since the last report. */
void idt_report_nmi(void)
{
	if (reported[NMI] == counts[NMI])
		return;
	reported[NMI] = counts[NMI];
	print("payload: got NMI");
	print_where(NMI);
}

/* Tell each vector that came since the last report. */
void idt_report(void)
{
	u32 i;

	idt_report_nmi();
	for (i = FIRST_INTERRUPT; i < VECTORS; i++) {
		if (reported[i] == counts[i])
			continue;
		reported[i] = counts[i];
		print_value("payload: got vector ", i, PRINT_DEC);
		print_where(i);
	}
}

static void exception_end(u64 vector, const struct idt_frame *frame)
{
	print_value("payload: exception ", vector, PRINT_DEC);
	print_value(" error ", frame->error, PRINT_HEX);
	print_value(" rip ", frame->rip, PRINT_HEX);
	print("\n");
	for (;;)
		asm volatile("cli\n\thlt");
}

/* Returns to probe_failed with the vector in RAX, as if the probe had returned it. */
static void exception_resume(u64 vector)
{
	u64 resume = probe_resume;

	probe_resume = 0;
	asm volatile("movq %1, %%rsp\n\tjmp *%2"
		     : : "a"(vector), "r"(probe_stack), "r"(resume) : "memory");
	__builtin_unreachable();
}

static void nmi_handle(void)
{
	counts[NMI]++;
	if (!nmi_repeats)
		return;
	nmi_repeats = false;
	apic_send(apic_id(), ICR_NMI | ICR_ASSERT);
}

void idt_dispatch(u64 vector, struct idt_frame *frame)
{
	if (vector >= FIRST_INTERRUPT || vector == NMI)
		takers[vector] = apic_id();
	if (vector >= FIRST_INTERRUPT) {
		counts[vector]++;
		if (vector != APIC_SPURIOUS_VECTOR)
			apic_end_of_interrupt();
		return;
	}
	if (vector == NMI) {
		nmi_handle();
		return;
	}
	if (vector == DEBUG && debug_returns) {
		debug_taken++;
		return;
	}
	if (probe_resume)
		exception_resume(vector);
	exception_end(vector, frame);
}
