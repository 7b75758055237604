// SPDX-License-Identifier: GPL-2.0-only
/*
 * covirt_exit_count: what the counters have gained since the last look, which is exact.
 * covirt_exit: the exits themselves, as far as the ring in the status page still has them.
 */
#include <linux/lockdep.h>

#include "controller/border/exit_trace.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/trace.h"

static void tell_counts(const struct enclave *enclave, u32 slot, u64 *counted)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, slot);
	u32 reason;

	for (reason = 0; reason < COVIRT_NR_EXITS; reason++) {
		u64 now = READ_ONCE(status->exits[reason]);

		if (now != counted[reason])
			trace_covirt_exit_count(enclave, slot, reason, now - counted[reason]);
		counted[reason] = now;
	}
}

static void tell_exits(const struct enclave *enclave, u32 slot, u32 *seen)
{
	struct recent_drained drained;
	u32 i;

	recent_drain(hv_space_status(&enclave->space, slot), seen, &drained);
	for (i = 0; i < drained.nr; i++)
		trace_covirt_exit(enclave, slot, &drained, i);
}

/* From here on it is told. */
static void skip(struct enclave *enclave)
{
	u32 slot, rest;

	for_each_slot(slot, rest, enclave_cpus_slots(&enclave->cpus)) {
		const struct covirt_status *status = hv_space_status(&enclave->space, slot);

		enclave->exit_trace.cpu[slot].seen = READ_ONCE(status->nr_recent);
		memcpy(enclave->exit_trace.cpu[slot].counted, status->exits,
		       sizeof(status->exits));
	}
}

static void tell(struct enclave *enclave)
{
	u32 slot, rest;

	for_each_slot(slot, rest, enclave_cpus_slots(&enclave->cpus)) {
		tell_exits(enclave, slot, &enclave->exit_trace.cpu[slot].seen);
		tell_counts(enclave, slot, enclave->exit_trace.cpu[slot].counted);
	}
}

/**
 * exit_trace_begin() - a run begins: its first exits are told too
 * @enclave: locked; none of its CPUs has been started
 */
void exit_trace_begin(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	memset(&enclave->exit_trace, 0, sizeof(enclave->exit_trace));
	enclave->exit_trace.live = exit_trace_wanted();
}

/**
 * exit_trace_look() - tell the exits since the last look, if somebody listens
 * @enclave: locked, runs or has just ended
 */
void exit_trace_look(struct enclave *enclave)
{
	bool wanted = exit_trace_wanted();

	lockdep_assert_held(&enclave->lock);
	if (wanted && enclave->exit_trace.live)
		tell(enclave);
	else if (wanted)
		skip(enclave);
	enclave->exit_trace.live = wanted;
}
