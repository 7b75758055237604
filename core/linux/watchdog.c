// SPDX-License-Identifier: GPL-2.0-only
#include "core/linux/watchdog.h"

static u32 count(u32 looks, bool again)
{
	return again ? min_t(u32, looks + 1, WATCHDOG_PATIENCE) : 0;
}

static bool is_still(const struct watchdog *watchdog, const struct watchdog_sight *sight)
{
	return sight->counter && sight->counter == watchdog->counter &&
	       sight->beat == watchdog->beat;
}

/* Of a CPU that has not answered this time nothing new is known, until it is known to be hung. */
static enum covirt_hang judge(const struct watchdog *watchdog)
{
	if (watchdog->silent >= WATCHDOG_PATIENCE)
		return COVIRT_HANG_DOORBELL;
	if (watchdog->silent)
		return watchdog->hang;
	return watchdog->still >= WATCHDOG_PATIENCE ? COVIRT_HANG_HEARTBEAT : COVIRT_HANG_NONE;
}

/**
 * watchdog_look() - judge anew
 * @watchdog: of the CPU
 * @sight:    what was found, at least a period after the look before
 *
 * Return: whether the judgement is another one, which is worth telling once.
 */
bool watchdog_look(struct watchdog *watchdog, const struct watchdog_sight *sight)
{
	enum covirt_hang before = watchdog->hang;

	watchdog->silent = count(watchdog->silent, !sight->answered);
	watchdog->still = count(watchdog->still, is_still(watchdog, sight));
	watchdog->counter = sight->counter;
	watchdog->beat = sight->beat;
	watchdog->hang = judge(watchdog);
	return watchdog->hang != before;
}
