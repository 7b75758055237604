// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions of the hypervisor itself, and interrupts that it accepts for the guest.
 *
 * Two exceptions are expected: the NMI that made the CPU leave guest mode, and a
 * fault at an instruction with a fixup. Anything else is a bug of ours: the CPU
 * says so and halts, so that the fault stays on this CPU.
 */
#include "core/cpu.h"
#include "hv.h"
#include "safe.h"

struct idt_pointer {
	u16 limit;
	u64 base;
} __packed;

static void idt_use(const char *idt, u32 gates)
{
	const struct idt_pointer pointer = { .limit = gates * 16 - 1, .base = (u64)idt };

	asm volatile("lidt %0" :: "m"(pointer));
}

/**
 * idt_load() - be ready for exceptions, and for no interrupt
 */
void idt_load(void)
{
	idt_use(hv_idt, HV_NR_EXCEPTIONS);
}

/**
 * idt_load_stack() - from now on a double fault has a stack of its own
 *
 * Context: the task register has this CPU's part of hv_tss.
 */
void idt_load_stack(void)
{
	idt_use(hv_stack_idt, HV_NR_EXCEPTIONS);
}

static u64 fixup_find(u64 rip)
{
	const struct hv_fixup *f;

	for (f = hv_fixups; f < hv_fixups_end; f++)
		if (f->from == rip)
			return f->to;
	return 0;
}

/*
 * An NMI may come after the hypervisor has read the commands, where NMIs are not held while it
 * runs: it is remembered, and an entry under way is given up.
 */
static void nmi_handle(struct hv_trap_frame *frame)
{
	const struct hv_nmi_range *r;

	WRITE_ONCE(cpu_here()->nmi, true);
	for (r = hv_nmi_ranges; r < hv_nmi_ranges_end; r++)
		if (frame->rip >= r->from && frame->rip < r->end)
			frame->rip = r->to;
}

/*
 * Interrupts come one at a time: a second one of higher priority waits in the APIC. A machine check
 * comes with a vector that an interrupt may have, too; the APIC says which of both it is.
 */
static void interrupt_handle(struct hv_trap_frame *frame)
{
	u32 vector = frame->vector & ~HV_TRAP_INTERRUPT;
	struct covirt_cpu *cpu = cpu_here();

	if (vector == ARCH_VECTOR_MC && !apic_in_service(cpu, vector))
		hv_panic(vector, frame->rip);
	cpu->accepted = vector;
	frame->rflags &= ~ARCH_RFLAGS_IF;
}

/**
 * trap_accept() - accept the interrupt that waits in the APIC, if there is one
 * @cpu:    this CPU
 * @window: lets interrupts in for an instant, and NMIs perhaps: they are remembered
 *
 * Return: its vector, in service from now on unless it is spurious; or -1.
 */
s32 trap_accept(struct covirt_cpu *cpu, void (*window)(void))
{
	struct idt_pointer before;

	cpu->accepted = -1;
	asm volatile("sidt %0" : "=m"(before));
	idt_use(hv_accept_idt, HV_NR_VECTORS);
	window();
	asm volatile("lidt %0" :: "m"(before));
	return READ_ONCE(cpu->accepted);
}

/**
 * trap_handle() - an exception in the hypervisor, or an interrupt
 * @frame: saved state
 */
void trap_handle(struct hv_trap_frame *frame)
{
	u64 fixup;

	if (frame->vector & HV_TRAP_INTERRUPT) {
		interrupt_handle(frame);
		return;
	}
	if (frame->vector == ARCH_VECTOR_NMI) {
		nmi_handle(frame);
		return;
	}
	/* A machine check can come at any instruction, at one with a fixup too. */
	fixup = frame->vector == ARCH_VECTOR_MC ? 0 : fixup_find(frame->rip);
	if (!fixup)
		hv_panic(frame->vector, frame->rip);
	frame->rip = fixup;
}
