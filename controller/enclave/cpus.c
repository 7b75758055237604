// SPDX-License-Identifier: GPL-2.0-only
/* CPUs of an enclave, by index. */
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/smp.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/host/backend.h"

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
 * enclave_has_own_ids() - does its co-kernel know its CPUs by APIC ids of the enclave's own?
 * @enclave: locked
 *
 * Without x2APIC the id is read from the page of the APIC, which is hardware's, and cannot be
 * changed there: Linux addresses the CPU by it.
 */
bool enclave_has_own_ids(const struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	return enclave->apic_ids == ENCLAVE_APIC_IDS_OWN &&
	       !(backend_features() & COVIRT_FEATURE_XAPIC);
}

/**
 * enclave_cpus_clear() - no CPUs
 * @cpus: uninitialized
 */
void enclave_cpus_clear(struct enclave_cpus *cpus)
{
	u32 index;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		cpus->cpu[index] = ENCLAVE_CPU_NONE;
	cpus->nr = 0;
}

/**
 * enclave_cpus_present() - the CPUs of an enclave, as a mask of indexes
 * @cpus: the CPUs
 *
 * Return: mask of CPU indexes.
 */
u32 enclave_cpus_present(const struct enclave_cpus *cpus)
{
	u32 index, mask = 0;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (cpus->cpu[index] != ENCLAVE_CPU_NONE)
			mask |= BIT(index);
	return mask;
}

/**
 * enclave_cpus_mask() - the CPUs as a mask
 * @cpus: the CPUs
 * @mask: written
 */
void enclave_cpus_mask(const struct enclave_cpus *cpus, struct cpumask *mask)
{
	u32 index, rest;

	cpumask_clear(mask);
	for_each_index(index, rest, enclave_cpus_present(cpus))
		cpumask_set_cpu(cpus->cpu[index], mask);
}

/**
 * enclave_cpus_slot_of() - the index of a CPU
 * @cpus: the CPUs
 * @cpu:  Linux's number of it, or ENCLAVE_CPU_NONE for a index that is free
 *
 * Return: the index; COVIRT_MAX_CPUS if there is none.
 */
u32 enclave_cpus_slot_of(const struct enclave_cpus *cpus, int cpu)
{
	u32 index;

	for (index = 0; index < COVIRT_MAX_CPUS; index++)
		if (cpus->cpu[index] == cpu)
			break;
	return index;
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
 * enclave_cpus_first() - the CPU that boots the co-kernel
 * @cpus: at least one CPU
 *
 * Return: index of the lowest CPU.
 */
u32 enclave_cpus_first(const struct enclave_cpus *cpus)
{
	u32 index, rest, first = COVIRT_MAX_CPUS;

	for_each_index(index, rest, enclave_cpus_present(cpus))
		if (first == COVIRT_MAX_CPUS || cpus->cpu[index] < cpus->cpu[first])
			first = index;
	return first;
}
