// SPDX-License-Identifier: GPL-2.0-only
/* A lock holds UART, rings and I/O APIC together: several CPUs may use the port at once. */
#include "core/com1.h"
#include "core/assert.h"
#include "core/guest_apic.h"
#include "core/hv/hv.h"
#include "core/interrupt.h"
#include "irq/avic_posted/apic_mode.h"
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/xapic.h"

/* Held for the time of one access. */
static void com1_lock(struct covirt_cpu *cpu)
{
	u32 nobody = 0;

	hv_assert(READ_ONCE(cpu->shared->com1_owner) != cpu->index + 1);
	while (!__atomic_compare_exchange_n(&cpu->shared->com1_owner, &nobody, cpu->index + 1,
					    false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		nobody = 0;
		asm volatile("pause");
	}
}

/**
 * com1_unlock() - let others use COM1
 * @cpu: this CPU, which may have it: if it panics it gives up what it has
 */
void com1_unlock(struct covirt_cpu *cpu)
{
	u32 self = cpu->index + 1;

	__atomic_compare_exchange_n(&cpu->shared->com1_owner, &self, 0, false,
				    __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static u32 resolve(const struct covirt_cpu *cpu, bool logical, u32 dest)
{
	const struct icr icr = { .logical = logical, .dest = dest };
	u32 targets;

	return icr_resolve(&icr, cpu->config, cpu->index, &targets) ? targets : 0;
}

static u32 resolve_xapic(const struct covirt_cpu *cpu, bool logical, u8 dest)
{
	if (dest == XAPIC_DEST_ALL)
		return cpu->config->present;
	if (logical && guest_apic_is_emulated(cpu))
		return xapic_targets(cpu->shared->logical, COVIRT_MAX_CPUS, dest);
	return resolve(cpu, logical, dest);
}

/*
 * Lock held. CPUs by the ids that they have to the co-kernel, in the mode in which it has its local
 * APICs; none if one is foreign.
 */
static u32 targets_of(const struct covirt_cpu *cpu, const struct ioapic_message *message)
{
	u32 targets = cpu->apic_mode == APIC_MODE_XAPIC ?
			      resolve_xapic(cpu, message->logical, message->dest) :
			      resolve(cpu, message->logical, message->dest);

	return message->lowest ? targets & -targets : targets;
}

/*
 * Lock held, so that a redirection entry which has been rewritten is not used any more: the
 * co-kernel has given its vector to something else, perhaps.
 */
static void pin_send(struct covirt_cpu *cpu, u32 pin)
{
	struct ioapic_message message;
	u32 targets = 0;

	if (ioapic_message(&cpu->shared->ioapic, pin, &message))
		targets = targets_of(cpu, &message);
	if (targets)
		interrupt_send(cpu, message.vector, targets);
	else
		cpu->status->ioapic_dropped++;
}

/* Lock held. The next byte that was typed; true if the typist can go on. */
static bool refill(struct covirt_cpu *cpu)
{
	struct covirt_shared *shared = cpu->shared;
	bool emptied = false;
	u8 byte;

	if (uart16550_can_receive(&shared->uart) &&
	    input_ring_get(&cpu->config->input, &shared->input_tail, &byte, &emptied))
		uart16550_receive(&shared->uart, byte);
	return emptied;
}

/* Lock held. An edge is sent though an earlier one is in service: a byte may have come since. */
static void line_follow(struct covirt_cpu *cpu)
{
	struct covirt_shared *shared = cpu->shared;
	bool line = uart16550_line(&shared->uart);

	if (line && !shared->com1_line && ioapic_edge(&shared->ioapic, IOAPIC_COM1))
		pin_send(cpu, IOAPIC_COM1);
	shared->com1_line = line;
}

/*
 * Lock held, after each access. Without an interrupt the co-kernel looks for itself whether there
 * is more, which it cannot know to do with one: what was typed goes on at once.
 */
static bool settle(struct covirt_cpu *cpu)
{
	bool emptied;

	if (!cpu->config->com1_irq)
		return false;
	emptied = refill(cpu);
	line_follow(cpu);
	return emptied;
}

/**
 * com1_read() - the co-kernel reads a register
 * @cpu:  this CPU
 * @port: one of COM1's
 *
 * Return: the byte.
 */
u8 com1_read(struct covirt_cpu *cpu, u16 port)
{
	bool emptied;
	u8 value;

	com1_lock(cpu);
	emptied = refill(cpu);
	value = uart16550_in(&cpu->shared->uart, port - UART16550_COM1);
	emptied |= settle(cpu);
	com1_unlock(cpu);
	if (emptied)
		apic_notify(cpu);
	return value;
}

/**
 * com1_write() - the co-kernel writes a register
 * @cpu:   this CPU
 * @port:  one of COM1's
 * @value: the byte
 */
void com1_write(struct covirt_cpu *cpu, u16 port, u8 value)
{
	bool wanted = false;
	u8 byte;

	com1_lock(cpu);
	if (uart16550_out(&cpu->shared->uart, port - UART16550_COM1, value, &byte))
		wanted = console_ring_put(&cpu->shared->console, byte);
	wanted |= settle(cpu);
	com1_unlock(cpu);
	if (wanted)
		apic_notify(cpu);
}

/**
 * com1_ioapic_write() - the co-kernel writes to the page of its I/O APIC
 * @cpu:    this CPU
 * @offset: in the page
 * @value:  the word
 */
void com1_ioapic_write(struct covirt_cpu *cpu, u32 offset, u32 value)
{
	struct covirt_shared *shared = cpu->shared;
	u32 pin;

	com1_lock(cpu);
	if (ioapic_write(&shared->ioapic, &shared->ioapic_page, offset, value, &pin))
		pin_send(cpu, pin);
	com1_unlock(cpu);
}

/**
 * com1_typed() - a doorbell has rung: was it for what was typed?
 * @cpu: this CPU, no matter which
 *
 * Return: true if more had been typed since the last time; COM1 has received it.
 */
bool com1_typed(struct covirt_cpu *cpu)
{
	u32 typed = __atomic_load_n(&cpu->config->input.head, __ATOMIC_ACQUIRE);
	bool emptied;

	if (!cpu->config->com1_irq || typed == cpu->shared->typed)
		return false;
	com1_lock(cpu);
	cpu->shared->typed = typed;
	emptied = settle(cpu);
	com1_unlock(cpu);
	if (emptied)
		apic_notify(cpu);
	return true;
}
