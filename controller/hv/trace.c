// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints of commands themselves. */
#define CREATE_TRACE_POINTS
#include "controller/hv/trace.h"
