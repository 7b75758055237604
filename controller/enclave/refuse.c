// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ratelimit.h>

#include "controller/enclave/refuse.h"

/**
 * enclaves_may_refuse_aloud() - may another refusal be explained in the log?
 *
 * Return: true up to 100 times in 5 s: what a person or a tool asks for is answered, and a
 * program that asks without end does not fill the log.
 */
bool enclaves_may_refuse_aloud(void)
{
	/* Not by ratelimit_set_flags() at each call: that makes newer kernels begin anew. */
	static struct ratelimit_state state =
		RATELIMIT_STATE_INIT_FLAGS(state, 5 * HZ, 100, RATELIMIT_MSG_ON_RELEASE);

	return __ratelimit(&state);
}
