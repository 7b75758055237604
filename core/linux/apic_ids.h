/* SPDX-License-Identifier: GPL-2.0-only */
/* APIC ids of an enclave's own. Module only, freestanding. */
#ifndef COVIRT_CORE_LINUX_APIC_IDS_H
#define COVIRT_CORE_LINUX_APIC_IDS_H

#include "core/config.h"

/**
 * struct apic_ids - the CPUs that a co-kernel is told of, in the order in which it is
 * @nr:           CPUs of the enclave, at least one; the first boots
 * @nr_announced: CPUs behind them, which it may be given later
 * @index:        by place, of the CPUs of the enclave: index
 * @hardware:     by place: id of the hardware
 * @guest:        by place: id that the co-kernel knows
 * @topology:     what CPUID tells
 */
struct apic_ids {
	u32 nr;
	u32 nr_announced;
	u32 index[COVIRT_MAX_CPUS];
	apicid_t hardware[COVIRT_MAX_CPUS];
	apicid_t guest[COVIRT_MAX_CPUS];
	struct covirt_topology topology;
};

void apic_ids_own(struct apic_ids *ids, u32 thread_bits);
void apic_ids_hardware(struct apic_ids *ids);

#endif /* COVIRT_CORE_LINUX_APIC_IDS_H */
