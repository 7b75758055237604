/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a CPU of an enclave hung? A judgement about what a look now and then finds, apart from who
 * looks, and when.
 */
#ifndef COVIRT_CORE_WATCHDOG_H
#define COVIRT_CORE_WATCHDOG_H

#include "core/types.h"
#include "include/uapi/linux/covirt.h"

/* One look that finds nothing may have come at a bad time: a machine is slow, or was suspended. */
#define WATCHDOG_PATIENCE	2

/**
 * struct watchdog_sight - what a look at a CPU found
 * @answered: it has carried out what the look before asked of it
 * @counter:  where its heartbeat is, 0: it has announced none
 * @beat:     what the counter reads; the co-kernel may write anything there
 */
struct watchdog_sight {
	bool answered;
	gpa_t counter;
	u64 beat;
};

/**
 * struct watchdog - what is known of a CPU; zeroed: nothing
 * @counter: as of the last look
 * @beat:    as of the last look
 * @silent:  looks in a row that it had not answered, at most WATCHDOG_PATIENCE
 * @still:   looks in a row that found its heartbeat as it was, at most WATCHDOG_PATIENCE
 * @hang:    the judgement
 */
struct watchdog {
	gpa_t counter;
	u64 beat;
	u32 silent;
	u32 still;
	enum covirt_hang hang;
};

bool watchdog_look(struct watchdog *watchdog, const struct watchdog_sight *sight);

#endif /* COVIRT_CORE_WATCHDOG_H */
