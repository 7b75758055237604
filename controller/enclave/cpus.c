// SPDX-License-Identifier: GPL-2.0-only
/* Which CPUs an enclave has. */
#include <linux/cpumask.h>
#include <linux/smp.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"

/**
 * enclave_cpus_apicid() - hardware's name for a CPU
 * @cpu: Linux's name for it
 *
 * Return: its APIC id.
 */
apicid_t enclave_cpus_apicid(int cpu)
{
	return per_cpu(x86_cpu_to_apicid, cpu);
}

/**
 * enclave_cpus_clear() - no CPUs
 * @cpus: uninitialized
 */
void enclave_cpus_clear(struct enclave_cpus *cpus)
{
	u32 slot;

	for (slot = 0; slot < COVIRT_MAX_CPUS; slot++)
		cpus->slot[slot] = ENCLAVE_CPU_NONE;
	cpus->nr = 0;
}

/**
 * enclave_cpus_slots() - the slots that have a CPU
 * @cpus: the CPUs
 *
 * Return: mask of slots.
 */
u32 enclave_cpus_slots(const struct enclave_cpus *cpus)
{
	u32 slot, slots = 0;

	for (slot = 0; slot < COVIRT_MAX_CPUS; slot++)
		if (cpus->slot[slot] != ENCLAVE_CPU_NONE)
			slots |= BIT(slot);
	return slots;
}

/**
 * enclave_cpus_mask() - the CPUs as a mask
 * @cpus: the CPUs
 * @mask: written
 */
void enclave_cpus_mask(const struct enclave_cpus *cpus, struct cpumask *mask)
{
	u32 slot, rest;

	cpumask_clear(mask);
	for_each_slot(slot, rest, enclave_cpus_slots(cpus))
		cpumask_set_cpu(cpus->slot[slot], mask);
}

/**
 * enclave_cpus_slot_of() - the slot of a CPU
 * @cpus: the CPUs
 * @cpu:  Linux's number of it, or ENCLAVE_CPU_NONE for a slot that is free
 *
 * Return: the slot; COVIRT_MAX_CPUS if there is none.
 */
u32 enclave_cpus_slot_of(const struct enclave_cpus *cpus, int cpu)
{
	u32 slot;

	for (slot = 0; slot < COVIRT_MAX_CPUS; slot++)
		if (cpus->slot[slot] == cpu)
			break;
	return slot;
}

/**
 * enclave_cpus_have() - is it one of them?
 * @cpus: the CPUs
 * @cpu:  Linux's number of it
 */
bool enclave_cpus_have(const struct enclave_cpus *cpus, int cpu)
{
	return enclave_cpus_slot_of(cpus, cpu) < COVIRT_MAX_CPUS;
}

/**
 * enclave_cpus_first_slot() - the CPU that boots the co-kernel
 * @cpus: at least one CPU
 *
 * Return: slot of the lowest CPU.
 */
u32 enclave_cpus_first_slot(const struct enclave_cpus *cpus)
{
	u32 slot, rest, first = COVIRT_MAX_CPUS;

	for_each_slot(slot, rest, enclave_cpus_slots(cpus))
		if (first == COVIRT_MAX_CPUS || cpus->slot[slot] < cpus->slot[first])
			first = slot;
	return first;
}
