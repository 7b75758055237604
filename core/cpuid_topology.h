/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUID of a co-kernel whose APIC ids are the enclave's own. */
#ifndef COVIRT_CORE_CPUID_TOPOLOGY_H
#define COVIRT_CORE_CPUID_TOPOLOGY_H

#include "core/arch.h"
#include "core/topology.h"

void cpuid_topology_show(const struct covirt_topology *topology, apicid_t id, u32 leaf, u32 subleaf,
			 struct arch_cpuid *r);

#endif /* COVIRT_CORE_CPUID_TOPOLOGY_H */
