// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints themselves. */
#define CREATE_TRACE_POINTS
#include "controller/enclave/trace.h"

/**
 * exit_trace_wanted() - does somebody trace exits?
 *
 * Context: any.
 * Return: true while one of the two tracepoints is enabled.
 */
bool exit_trace_wanted(void)
{
	return trace_covirt_exit_enabled() || trace_covirt_exit_count_enabled();
}
