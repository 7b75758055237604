/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs on their way from Linux to an enclave and back. */
#ifndef COVIRT_CONTROLLER_LIFE_HANDOVER_H
#define COVIRT_CONTROLLER_LIFE_HANDOVER_H

#include <linux/types.h>

struct cpumask;
struct enclave;

int enclave_cpus_init(void);
void enclave_cpus_exit(void);
int enclave_cpus_online_init(void);
void enclave_cpus_online_exit(void);
bool enclave_cpus_any_stuck(void);
bool enclave_cpus_may_be_parked(const struct enclave *enclave);
int enclave_cpus_set(struct enclave *enclave, const struct cpumask *wanted);
int enclave_cpus_release(struct enclave *enclave);
void enclave_cpus_slept(void);
int enclave_cpus_prepare(struct enclave *enclave);
u32 enclave_cpus_thread_bits(void);

#endif /* COVIRT_CONTROLLER_LIFE_HANDOVER_H */
