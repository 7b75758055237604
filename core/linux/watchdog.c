// SPDX-License-Identifier: GPL-2.0-only
#include "core/linux/watchdog.h"

static u32 count(u32 checks, bool again)
{
	return again ? min_t(u32, checks + 1, WATCHDOG_PATIENCE) : 0;
}

static bool is_still(const struct watchdog *watchdog, const struct watchdog_sample *sample)
{
	return sample->counter && sample->counter == watchdog->counter &&
	       sample->beat == watchdog->beat;
}

/* A CPU that has not answered this time keeps its judgement, until it counts as hung. */
static enum covirt_hang judge(const struct watchdog *watchdog)
{
	if (watchdog->silent >= WATCHDOG_PATIENCE)
		return COVIRT_HANG_DOORBELL;
	if (watchdog->silent)
		return watchdog->hang;
	return watchdog->still >= WATCHDOG_PATIENCE ? COVIRT_HANG_HEARTBEAT : COVIRT_HANG_NONE;
}

/**
 * watchdog_check() - judge anew
 * @watchdog: of the CPU
 * @sample:   what was found, at least a period after the check before
 *
 * Return: whether the judgement is another one, which is worth telling once.
 */
bool watchdog_check(struct watchdog *watchdog, const struct watchdog_sample *sample)
{
	enum covirt_hang before = watchdog->hang;

	watchdog->silent = count(watchdog->silent, !sample->answered);
	watchdog->still = count(watchdog->still, is_still(watchdog, sample));
	watchdog->counter = sample->counter;
	watchdog->beat = sample->beat;
	watchdog->hang = judge(watchdog);
	return watchdog->hang != before;
}
