/* SPDX-License-Identifier: GPL-2.0-only */
/* APIC ids that are the enclave's own, and the topology that they tell. */
#ifndef COVIRT_CORE_TOPOLOGY_H
#define COVIRT_CORE_TOPOLOGY_H

#include "core/types.h"

/**
 * struct covirt_topology - which CPUs of an enclave share a core, as their APIC ids say it
 * @own:           CPUID tells ids of the enclave's own and this topology; else it tells the
 *                 hardware's, and nothing else here counts
 * @nr_cpus:       CPUs that there are
 * @nr_threads:    the most that there are of one core
 * @core_shift:    lowest bits of an id, which number the threads of a core
 * @package_shift: lowest bits of an id, which number the CPUs; all are of one package
 * @hardware_shift: lowest bits in which the hardware's ids of the CPUs differ: what so many bits
 *                 number the sharers of, is shared by all of them
 */
struct covirt_topology {
	u32 own;
	u32 nr_cpus;
	u32 nr_threads;
	u32 core_shift;
	u32 package_shift;
	u32 hardware_shift;
};

/* Number of bits that number so many things, from 0 on. */
static inline u32 topology_order(u32 nr)
{
	return nr > 1 ? 32 - __builtin_clz(nr - 1) : 0;
}

#endif /* COVIRT_CORE_TOPOLOGY_H */
