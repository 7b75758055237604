// SPDX-License-Identifier: GPL-2.0-only
/* APIC ids by which a co-kernel knows its CPUs: the enclave's own, or the hardware's. */
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/life/apic_ids.h"
#include "controller/life/handover.h"
#include "controller/loader/linux_apicid.h"
#include "core/linux/apic_ids.h"
#include "irq/avic_posted/icr.h"

static void list_cpu(const struct enclave *enclave, struct apic_ids *ids, u32 index)
{
	ids->index[ids->nr] = index;
	ids->hardware[ids->nr++] = enclave_cpus_apicid(enclave->cpus.cpu[index]);
}

/* Linux's other CPUs, from the lowest on: the co-kernel may be given them later. */
static void announce_cpus(const struct enclave *enclave, struct apic_ids *ids)
{
	int cpu;

	for_each_present_cpu(cpu) {
		u32 nr = ids->nr + ids->nr_announced;

		if (nr >= enclave->cpus_max)
			break;
		if (!cpu || enclave_cpus_have(&enclave->cpus, cpu))
			continue;
		ids->hardware[nr] = enclave_cpus_apicid(cpu);
		ids->nr_announced++;
	}
}

/**
 * enclave_apic_ids_list() - the CPUs that the co-kernel is told of, and their ids
 * @enclave: locked, with a CPU at least
 * @ids:     written; the CPU that boots is the first
 */
void enclave_apic_ids_list(const struct enclave *enclave, struct apic_ids *ids)
{
	u32 index, rest, boot = enclave_cpus_first(&enclave->cpus);

	lockdep_assert_held(&enclave->lock);
	memset(ids, 0, sizeof(*ids));
	list_cpu(enclave, ids, boot);
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus) & ~BIT(boot))
		list_cpu(enclave, ids, index);
	announce_cpus(enclave, ids);
	if (enclave_has_own_ids(enclave))
		apic_ids_own(ids, enclave_cpus_thread_bits());
	else
		apic_ids_hardware(ids);
}

/**
 * enclave_apic_ids_configure() - tell the hypervisor
 * @enclave: locked, about to start; the CPUs in its configuration are named
 */
void enclave_apic_ids_configure(struct enclave *enclave)
{
	struct covirt_config *config = enclave->space.config;
	struct apic_ids ids;
	u32 i;

	lockdep_assert_held(&enclave->lock);
	enclave_apic_ids_list(enclave, &ids);
	config->topology = ids.topology;
	memset(config->by_id, 0, sizeof(config->by_id));
	for (i = 0; i < ids.nr; i++) {
		config->cpu[ids.index[i]].guest_apicid = ids.guest[i];
		icr_enter_cpu(config, &config->cpu[ids.index[i]]);
	}
}

static void warn_id(const struct enclave *enclave, int cpu, apicid_t id)
{
	if (linux_apicid(id) == LINUX_APICID_NONE)
		dev_warn(&enclave->dev,
			 "CPU %d has APIC id %u: Linux as a co-kernel leaves it out unless apic_ids is own\n",
			 cpu, id);
	else if (linux_apicid(id) == LINUX_APICID_RECENT)
		dev_info(&enclave->dev,
			 "CPU %d has APIC id %u: Linux as a co-kernel leaves it out if it is older than 5.11 or built without KVM_GUEST, unless apic_ids is own\n",
			 cpu, id);
}

/**
 * enclave_apic_ids_warn() - say what a user may not expect of the ids
 * @enclave: locked, about to start
 *
 * Co-kernels other than Linux may use all of the hardware's ids, so they are no reason to refuse.
 */
void enclave_apic_ids_warn(const struct enclave *enclave)
{
	u32 index, rest;

	lockdep_assert_held(&enclave->lock);
	if (enclave_has_own_ids(enclave))
		return;
	if (enclave->apic_ids == ENCLAVE_APIC_IDS_OWN)
		dev_info(&enclave->dev,
			 "apic_ids is host: without x2APIC a co-kernel reads the ids from the APIC itself\n");
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		warn_id(enclave, enclave->cpus.cpu[index],
			enclave_cpus_apicid(enclave->cpus.cpu[index]));
}
