// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPUs of one enclave among themselves, and what they send along routes. Fixed
 * interrupts go straight to the target's APIC. What would reset the target, or be
 * taken for a doorbell, goes to its hypervisor as a message.
 */
#include "core/arch.h"
#include "core/com1.h"
#include "core/guest_apic.h"
#include "core/hv/hv.h"
#include "core/interrupt.h"
#include "core/run.h"
#include "core/smp.h"

static void message(struct covirt_cpu *cpu, u32 index, u32 what)
{
	hv_assert(index != cpu->index && cpu->config->present & BIT(index));
	inbox_post(&cpu->shared->inbox[index], what);
	apic_send_nmi(cpu, cpu->config->cpu[index].apicid);
}

static u32 ipi_message(const struct ipi *ipi)
{
	switch (ipi->mode) {
	case ICR_INIT:
		return INBOX_INIT;
	case ICR_STARTUP:
		return INBOX_STARTUP | ipi->vector;
	default:
		return INBOX_NMI;
	}
}

/* The guest is past the instruction: its own NMI comes before the next one. */
static void send_message(struct covirt_cpu *cpu, const struct ipi *ipi, u32 index)
{
	if (index == cpu->index)
		cpu->backend->inject(cpu, ARCH_VECTOR_NMI, 0);
	else
		message(cpu, index, ipi_message(ipi));
}

static noinline void send_messages(struct covirt_cpu *cpu, const struct ipi *ipi)
{
	u32 index, rest;

	for_each_index(index, rest, ipi->targets)
		send_message(cpu, ipi, index);
}

/*
 * The controller changes a route's target, then waits until nobody is in here: the old target
 * is not used any more after that. Each side writes first, then reads, with a fence between.
 */
static noinline void send_routed(struct covirt_cpu *cpu, const struct covirt_route *route)
{
	struct covirt_status *status = cpu->status;
	u64 target;

	__atomic_store_n(&status->routing, 1, __ATOMIC_SEQ_CST);
	target = READ_ONCE(route->target);
	if (target) {
		apic_send_routed(cpu, target);
		status->routed[route - cpu->config->route]++;
		status->ipi_routed++;
	} else {
		status->ipi_unheard++;
	}
	__atomic_store_n(&status->routing, 0, __ATOMIC_RELEASE);
}

/**
 * smp_send() - carry out an IPI of the guest
 * @cpu: this CPU, past the instruction that sends it
 * @ipi: from icr_permit()
 *
 * What is rare is kept out of line: an IPI costs the co-kernel every instruction here.
 */
void smp_send(struct covirt_cpu *cpu, const struct ipi *ipi)
{
	hv_assert(!ipi->route || ipi->mode == ICR_FIXED);
	hv_assert(!(ipi->targets & ~cpu->config->present));
	if (ipi->route)
		send_routed(cpu, ipi->route);
	else if (ipi->mode != ICR_FIXED)
		send_messages(cpu, ipi);
	else
		interrupt_send(cpu, ipi->vector, ipi->targets);
}

/* The guest's own MSRs that the hypervisor keeps; the backend has the others. */
static void registers_reset(struct covirt_cpu *cpu)
{
	guest_apic_reset(cpu);
	cpu->debugctl = 0;
	cpu->backend->write(cpu, COVIRT_REG_DEBUGCTL, 0);
}

/*
 * SDM vol. 3, 9.4: INIT makes a CPU wait, a start-up IPI is for who waits. An NMI is not.
 * Who waits has no heart that could stop.
 */
static void messages_obey(struct covirt_cpu *cpu, u32 messages)
{
	if (messages & INBOX_INIT) {
		cpu->waiting = true;
		WRITE_ONCE(cpu->status->heartbeat, 0);
		apic_reset(cpu);
		registers_reset(cpu);
	}
	if (messages & INBOX_STARTUP && cpu->waiting) {
		cpu->waiting = false;
		cpu->backend->reset(cpu, messages & INBOX_VECTOR);
		run_begin(cpu);
	} else if (messages & INBOX_NMI && !cpu->waiting) {
		cpu->backend->inject(cpu, ARCH_VECTOR_NMI, 0);
	}
}

static enum covirt_verdict doorbell_answer(struct covirt_cpu *cpu)
{
	u32 messages = inbox_drain(&cpu->shared->inbox[cpu->index]);
	u32 tail = cpu->status->command_tail;
	enum covirt_verdict verdict = run_commands(cpu);
	bool typed = com1_typed(cpu);

	if (!messages && !typed && tail == cpu->status->command_tail)
		cpu->status->doorbell_idle++;
	if (verdict == COVIRT_LEAVE)
		return verdict;
	if (messages & INBOX_STOP)
		return run_contain(cpu, NULL, COVIRT_FAULT_STOPPED, 0);
	messages_obey(cpu, messages);
	return COVIRT_RESUME;
}

/**
 * smp_wait() - while this CPU waits for a start-up IPI
 * @cpu: this CPU
 *
 * The processor's own activity state for this is never used: nothing but a
 * start-up IPI ends it, no doorbell either.
 *
 * Return: COVIRT_LEAVE when the run ends before it comes.
 */
enum covirt_verdict smp_wait(struct covirt_cpu *cpu)
{
	enum covirt_verdict verdict = COVIRT_RESUME;

	while (verdict == COVIRT_RESUME && cpu->waiting) {
		cpu->backend->halt(cpu);
		verdict = doorbell_answer(cpu);
	}
	return verdict;
}

/**
 * smp_doorbell() - the doorbell has rung: commands of the controller's, messages of others
 * @cpu: this CPU
 *
 * Return: COVIRT_LEAVE after a stop.
 */
enum covirt_verdict smp_doorbell(struct covirt_cpu *cpu)
{
	enum covirt_verdict verdict = doorbell_answer(cpu);

	return verdict == COVIRT_RESUME ? smp_wait(cpu) : verdict;
}

/**
 * smp_stop_others() - the co-kernel has ended on this CPU, so it ends on all
 * @cpu: this CPU
 */
void smp_stop_others(struct covirt_cpu *cpu)
{
	u32 index, rest;

	for_each_index(index, rest, cpu->config->present & ~BIT(cpu->index))
		message(cpu, index, INBOX_STOP);
}
