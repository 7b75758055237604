/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog of an enclave: are its CPUs hung? */
#ifndef COVIRT_CONTROLLER_ENCLAVE_WATCHDOG_H
#define COVIRT_CONTROLLER_ENCLAVE_WATCHDOG_H

#include "core/config.h"
#include "core/linux/watchdog.h"

#define WATCHDOG_PERIOD_MAX	3600	/* seconds */

struct cpumask;
struct enclave;

/**
 * enum enclave_on_hang - what becomes of an enclave with a CPU that is hung
 * @ENCLAVE_HANG_REPORT: it runs on
 * @ENCLAVE_HANG_FAULT:  it has faulted, and enclave::on_fault is obeyed
 */
enum enclave_on_hang {
	ENCLAVE_HANG_REPORT,
	ENCLAVE_HANG_FAULT,
};

/**
 * struct enclave_watchdog - the watchdog of an enclave
 * @period:  seconds between two looks, at most WATCHDOG_PERIOD_MAX; 0: none
 * @on_hang: enum enclave_on_hang
 * @due:     when to look next, jiffies
 * @asked:   by slot, the command that the last look posted
 * @cpu:     by slot, what is known
 */
struct enclave_watchdog {
	u32 period;
	enum enclave_on_hang on_hang;
	unsigned long due;
	u32 asked[COVIRT_MAX_CPUS];
	struct watchdog cpu[COVIRT_MAX_CPUS];
};

void enclave_watchdog_begin(struct enclave *enclave);
void enclave_watchdog_look(struct enclave *enclave);
void enclave_watchdog_hung(const struct enclave *enclave, struct cpumask *mask);
ssize_t enclave_watchdog_print_beats(const struct enclave *enclave, char *buf);

#endif /* COVIRT_CONTROLLER_ENCLAVE_WATCHDOG_H */
