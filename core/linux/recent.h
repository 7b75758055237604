/* SPDX-License-Identifier: GPL-2.0-only */
/* The ring of a CPU's last exits, read while the CPU goes on writing it. */
#ifndef COVIRT_CORE_RECENT_H
#define COVIRT_CORE_RECENT_H

#include "core/config.h"

/**
 * struct recent_drained - exits that a poll has found
 * @lost: exits before them that no poll has found
 * @nr:   valid entries
 * @first: number of the first one; exits are counted from 0, modulo 2^32
 * @exit: the exits, the oldest first
 * @tsc:  when they happened; means nothing where exits are not measured
 */
struct recent_drained {
	u32 lost;
	u32 nr;
	u32 first;
	struct covirt_recent exit[COVIRT_RECENT_EXITS];
	u64 tsc[COVIRT_RECENT_EXITS];
};

u32 recent_first(u32 seen, u32 end);
void recent_settle(struct recent_drained *drained, u32 end);
void recent_drain(const struct covirt_status *status, u32 *seen, struct recent_drained *drained);

#endif /* COVIRT_CORE_RECENT_H */
