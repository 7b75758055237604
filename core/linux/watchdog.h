/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a CPU of an enclave hung? A judgement about what a check now and then finds, apart from who
 * checks, and when.
 */
#ifndef COVIRT_CORE_WATCHDOG_H
#define COVIRT_CORE_WATCHDOG_H

#include "core/types.h"
#include "include/uapi/linux/covirt.h"

/* One check that finds nothing may have come at a bad time: a machine is slow, or was suspended. */
#define WATCHDOG_PATIENCE	2

/**
 * struct watchdog_sample - what a check of a CPU found
 * @answered: it has carried out what the check before asked of it
 * @counter:  where its heartbeat is, 0: it has announced none
 * @beat:     what the counter reads; the co-kernel may write anything there
 */
struct watchdog_sample {
	bool answered;
	gpa_t counter;
	u64 beat;
};

/**
 * struct watchdog - what is known of a CPU; zeroed: nothing
 * @counter: as of the last check
 * @beat:    as of the last check
 * @silent:  checks in a row that it had not answered, at most WATCHDOG_PATIENCE
 * @still:   checks in a row that found its heartbeat as it was, at most WATCHDOG_PATIENCE
 * @hang:    the judgement
 */
struct watchdog {
	gpa_t counter;
	u64 beat;
	u32 silent;
	u32 still;
	enum covirt_hang hang;
};

bool watchdog_check(struct watchdog *watchdog, const struct watchdog_sample *sample);

#endif /* COVIRT_CORE_WATCHDOG_H */
