/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs taken from Linux for one enclave. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_CPUS_H
#define COVIRT_CONTROLLER_ENCLAVE_CPUS_H

#include <linux/cpumask.h>

#include "core/config.h"

struct enclave;

#define ENCLAVE_CPU_NONE	(-1)

/**
 * struct enclave_cpus - which CPU is in which slot of the enclave
 * @slot: Linux CPU number, or ENCLAVE_CPU_NONE
 * @nr:   slots in use
 *
 * A CPU keeps its slot as long as it belongs to the enclave.
 */
struct enclave_cpus {
	int slot[COVIRT_MAX_CPUS];
	u32 nr;
};

int enclave_cpus_init(void);
void enclave_cpus_exit(void);
bool enclave_cpus_any_stuck(void);
void enclave_cpus_clear(struct enclave_cpus *cpus);
int enclave_cpus_set(struct enclave *enclave, const struct cpumask *wanted);
int enclave_cpus_release(struct enclave *enclave);
void enclave_cpus_slept(void);
int enclave_cpus_prepare(struct enclave *enclave);
void enclave_cpus_mask(const struct enclave_cpus *cpus, struct cpumask *mask);
u32 enclave_cpus_slots(const struct enclave_cpus *cpus);
bool enclave_cpus_have(const struct enclave_cpus *cpus, int cpu);
u32 enclave_cpus_first_slot(const struct enclave_cpus *cpus);
apicid_t enclave_cpus_apicid(int cpu);

#endif /* COVIRT_CONTROLLER_ENCLAVE_CPUS_H */
