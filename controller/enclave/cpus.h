/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs of an enclave, by index. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CPUS_H
#define COVIRT_CONTROLLER_ENCLAVE_CPUS_H

#include <linux/types.h>

#include "core/types.h"

struct cpumask;
struct enclave;
struct enclave_cpus;

void enclave_cpus_clear(struct enclave_cpus *cpus);
void enclave_cpus_mask(const struct enclave_cpus *cpus, struct cpumask *mask);
u32 enclave_cpus_present(const struct enclave_cpus *cpus);
u32 enclave_cpus_slot_of(const struct enclave_cpus *cpus, int cpu);
bool enclave_cpus_have(const struct enclave_cpus *cpus, int cpu);
u32 enclave_cpus_first(const struct enclave_cpus *cpus);
apicid_t enclave_cpus_apicid(int cpu);
bool enclave_has_own_ids(const struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CPUS_H */
