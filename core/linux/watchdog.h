/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watchdog: judges from the samples of its checks whether a CPU is hung. The controller takes the
 * samples, and decides when.
 */
#ifndef COVIRT_CORE_WATCHDOG_H
#define COVIRT_CORE_WATCHDOG_H

#include "core/types.h"
#include "include/uapi/linux/covirt.h"

/*
 * Checks in a row before a CPU counts as hung: a single one may come while the machine is slow, or
 * just after it was suspended.
 */
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
