/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits as trace events: looked for now and then, since the hypervisor cannot tell Linux. */
#ifndef COVIRT_CONTROLLER_EXIT_TRACE_H
#define COVIRT_CONTROLLER_EXIT_TRACE_H

#include "core/config.h"

struct enclave;

/**
 * struct exit_trace - what has been told already
 * @live: somebody listened at the last look; what went before is not told
 * @cpu:  by slot: exits seen in the ring, and by the counters
 */
struct exit_trace {
	bool live;
	struct {
		u32 seen;
		u64 counted[COVIRT_NR_EXITS];
	} cpu[COVIRT_MAX_CPUS];
};

bool exit_trace_wanted(void);
void exit_trace_begin(struct enclave *enclave);
void exit_trace_look(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_EXIT_TRACE_H */
