// SPDX-License-Identifier: GPL-2.0-only
#include "core/linux/recent.h"

/**
 * recent_first() - from which exit on the ring can be trusted
 * @seen: exits that were read before
 * @end:  exits that have been written
 *
 * The place of the next exit may be half written, so the ring holds one less than it has room.
 *
 * Return: number of that exit: from @seen to @end.
 */
u32 recent_first(u32 seen, u32 end)
{
	u32 kept = COVIRT_RECENT_EXITS - 1;

	return end - seen > kept ? end - kept : seen;
}

static void copy(const struct covirt_status *status, struct recent_drained *drained)
{
	u32 i;

	for (i = 0; i < drained->nr; i++) {
		u32 at = (drained->first + i) % COVIRT_RECENT_EXITS;

		drained->exit[i] = status->recent[at];
		drained->tsc[i] = status->recent_tsc[at];
	}
}

/**
 * recent_settle() - forget what was overwritten while it was copied
 * @drained: exits copied from the ring; those that go are counted as lost
 * @end:     exits that have been written since
 */
void recent_settle(struct recent_drained *drained, u32 end)
{
	u32 gone = recent_first(drained->first, end) - drained->first;

	if (gone > drained->nr)
		gone = drained->nr;
	drained->lost += gone;
	drained->first += gone;
	drained->nr -= gone;
	memmove(drained->exit, drained->exit + gone, drained->nr * sizeof(drained->exit[0]));
	memmove(drained->tsc, drained->tsc + gone, drained->nr * sizeof(drained->tsc[0]));
}

/**
 * recent_drain() - the exits since the last poll
 * @status:  the CPU's status page; the CPU may be writing it
 * @seen:    exits that were read before; advanced
 * @drained: filled in
 */
void recent_drain(const struct covirt_status *status, u32 *seen, struct recent_drained *drained)
{
	u32 end = __atomic_load_n(&status->nr_recent, __ATOMIC_ACQUIRE);

	drained->first = recent_first(*seen, end);
	drained->lost = drained->first - *seen;
	drained->nr = end - drained->first;
	copy(status, drained);
	/* The copy is complete before the count is read again. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	recent_settle(drained, __atomic_load_n(&status->nr_recent, __ATOMIC_RELAXED));
	*seen = end;
}
