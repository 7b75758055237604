// SPDX-License-Identifier: GPL-2.0-only
#include "core/hv/hv.h"
#include "core/interrupt.h"

/* A CPU that filters its interrupts has to expect this one before it is sent. */
static noinline void expect(struct covirt_cpu *cpu, vector_t vector, u32 targets)
{
	u32 index, rest;

	for_each_index(index, rest, targets)
		vectors_add_shared(&cpu->shared->expected[index], vector);
}

/**
 * interrupt_send() - interrupt CPUs of the enclave
 * @cpu:     this CPU, perhaps among them
 * @vector:  vector, from 16 on
 * @targets: mask of CPU indexes
 */
void interrupt_send(struct covirt_cpu *cpu, vector_t vector, u32 targets)
{
	if (cpu->config->interrupts == COVIRT_INTERRUPTS_FILTERED)
		expect(cpu, vector, targets);
	apic_send_fixed(cpu, vector, targets);
}
