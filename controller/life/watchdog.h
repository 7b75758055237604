/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog of an enclave: are its CPUs hung? */
#ifndef COVIRT_CONTROLLER_LIFE_WATCHDOG_H
#define COVIRT_CONTROLLER_LIFE_WATCHDOG_H

#include <linux/types.h>

struct cpumask;
struct enclave;

void enclave_watchdog_begin(struct enclave *enclave);
void enclave_watchdog_check(struct enclave *enclave);
void enclave_watchdog_hung(const struct enclave *enclave, struct cpumask *mask);
ssize_t enclave_watchdog_print_beats(const struct enclave *enclave, char *buf);

#endif /* COVIRT_CONTROLLER_LIFE_WATCHDOG_H */
