// SPDX-License-Identifier: GPL-2.0-only
/*
 * APIC ids of an enclave's own: a core's number, and behind it the number of the thread in as many
 * bits as the core with most threads needs. Where no core has two, the ids are 0, 1, 2, ..., and
 * also where all have as many. A core with fewer than others leaves out numbers.
 */
#include "core/linux/apic_ids.h"

/**
 * struct cores - the cores found so far
 * @nr:      how many
 * @id:      their hardware ids, without the bits of threads
 * @threads: of each, CPUs found
 */
struct cores {
	u32 nr;
	apicid_t id[COVIRT_MAX_CPUS];
	u32 threads[COVIRT_MAX_CPUS];
};

static u32 core_of(struct cores *cores, apicid_t id)
{
	u32 core;

	for (core = 0; core < cores->nr; core++)
		if (cores->id[core] == id)
			return core;
	cores->id[cores->nr] = id;
	return cores->nr++;
}

/* Fills in who is which thread of which core, and returns the most threads that one has. */
static u32 cores_find(const struct apic_ids *ids, u32 thread_bits, struct cores *cores, u32 *core,
		      u32 *thread)
{
	u32 i, most = 1;

	for (i = 0; i < ids->nr; i++) {
		core[i] = core_of(cores, ids->hardware[i] >> thread_bits);
		thread[i] = cores->threads[core[i]]++;
		most = max(most, thread[i] + 1);
	}
	return most;
}

static u32 bits_that_differ(const struct apic_ids *ids)
{
	apicid_t differ = 0;
	u32 i;

	for (i = 1; i < ids->nr; i++)
		differ |= ids->hardware[i] ^ ids->hardware[0];
	return differ ? 32 - __builtin_clz(differ) : 0;
}

/**
 * apic_ids_own() - number the CPUs from 0 on
 * @ids:         its CPUs by hardware's ids; receives the others
 * @thread_bits: lowest bits of a hardware's id, which number the threads of a core
 *
 * CPUs that are announced only are cores of their own, behind the others.
 */
void apic_ids_own(struct apic_ids *ids, u32 thread_bits)
{
	u32 core[COVIRT_MAX_CPUS], thread[COVIRT_MAX_CPUS], i, shift;
	struct cores cores = {};
	u32 threads = cores_find(ids, thread_bits, &cores, core, thread);

	shift = topology_order(threads);
	for (i = 0; i < ids->nr; i++)
		ids->guest[i] = core[i] << shift | thread[i];
	for (i = 0; i < ids->nr_announced; i++)
		ids->guest[ids->nr + i] = (cores.nr + i) << shift;
	ids->topology = (struct covirt_topology) {
		.own = true,
		.nr_cpus = ids->nr,
		.nr_threads = threads,
		.core_shift = shift,
		.package_shift = shift + topology_order(cores.nr + ids->nr_announced),
		.hardware_shift = bits_that_differ(ids),
	};
}

/**
 * apic_ids_hardware() - leave the CPUs the numbers that hardware has given them
 * @ids: its CPUs by hardware's ids; receives the others
 */
void apic_ids_hardware(struct apic_ids *ids)
{
	memcpy(ids->guest, ids->hardware, sizeof(ids->guest));
	ids->topology = (struct covirt_topology) {};
}
