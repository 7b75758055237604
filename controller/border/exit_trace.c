// SPDX-License-Identifier: GPL-2.0-only
/*
 * covirt_exit_count: what the counters have gained since the last poll, which is exact.
 * covirt_exit: the exits themselves, as far as the ring in the status page still has them.
 */
#include <linux/lockdep.h>

#include "controller/border/exit_trace.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/trace.h"

static void emit_counts(const struct enclave *enclave, u32 index, u64 *counted)
{
	const struct covirt_status *status = hv_space_status(&enclave->space, index);
	u32 reason;

	for (reason = 0; reason < COVIRT_NR_EXITS; reason++) {
		u64 now = READ_ONCE(status->exits[reason]);

		if (now != counted[reason])
			trace_covirt_exit_count(enclave, index, reason, now - counted[reason]);
		counted[reason] = now;
	}
}

static void emit_exits(const struct enclave *enclave, u32 index, u32 *seen)
{
	struct recent_drained drained;
	u32 i;

	recent_drain(hv_space_status(&enclave->space, index), seen, &drained);
	for (i = 0; i < drained.nr; i++)
		trace_covirt_exit(enclave, index, &drained, i);
}

/* Exits are traced from here on. */
static void skip(struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus)) {
		const struct covirt_status *status = hv_space_status(&enclave->space, index);

		enclave->exit_trace.cpu[index].seen = READ_ONCE(status->nr_recent);
		memcpy(enclave->exit_trace.cpu[index].counted, status->exits,
		       sizeof(status->exits));
	}
}

static void emit(struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus)) {
		emit_exits(enclave, index, &enclave->exit_trace.cpu[index].seen);
		emit_counts(enclave, index, enclave->exit_trace.cpu[index].counted);
	}
}

/**
 * exit_trace_begin() - a run begins: its first exits are traced too
 * @enclave: locked; none of its CPUs has been started
 */
void exit_trace_begin(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	memset(&enclave->exit_trace, 0, sizeof(enclave->exit_trace));
	enclave->exit_trace.live = exit_trace_wanted();
}

/**
 * exit_trace_poll() - trace the exits since the last poll, if somebody listens
 * @enclave: locked, runs or has just ended
 */
void exit_trace_poll(struct enclave *enclave)
{
	bool wanted = exit_trace_wanted();

	lockdep_assert_held(&enclave->lock);
	if (wanted && enclave->exit_trace.live)
		emit(enclave);
	else if (wanted)
		skip(enclave);
	enclave->exit_trace.live = wanted;
}
