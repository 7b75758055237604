/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints of commands to a CPU that runs the hypervisor; the others are those of enclaves. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM covirt

#if !defined(COVIRT_CONTROLLER_HV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define COVIRT_CONTROLLER_HV_TRACE_H

#include <linux/tracepoint.h>

#include "controller/hv/space.h"
#include "controller/hv/trace_text.h"

TRACE_EVENT(covirt_command,

	TP_PROTO(const struct hv_space *space, u32 index, const char *command, u32 number),

	TP_ARGS(space, index, command, number),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, command, TRACE_WORD)
		__field(s32, cpu)
		__field(u32, number)
	),

	TP_fast_assign(
		trace_text(__entry->name, space->name);
		trace_text(__entry->command, command);
		__entry->cpu = space->linux_cpu[index];
		__entry->number = number;
	),

	TP_printk("name=%s cpu=%d command=%s number=%u", __entry->name, __entry->cpu,
		  __entry->command, __entry->number)
);

TRACE_EVENT(covirt_command_done,

	TP_PROTO(const struct hv_space *space, u32 index, u32 number, int error),

	TP_ARGS(space, index, number, error),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__field(s32, cpu)
		__field(u32, number)
		__field(s32, error)
	),

	TP_fast_assign(
		trace_text(__entry->name, space->name);
		__entry->cpu = space->linux_cpu[index];
		__entry->number = number;
		__entry->error = error;
	),

	TP_printk("name=%s cpu=%d number=%u error=%d", __entry->name, __entry->cpu,
		  __entry->number, __entry->error)
);

TRACE_EVENT(covirt_doorbell,

	TP_PROTO(const struct hv_space *space, u32 index),

	TP_ARGS(space, index),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__field(s32, cpu)
	),

	TP_fast_assign(
		trace_text(__entry->name, space->name);
		__entry->cpu = space->linux_cpu[index];
	),

	TP_printk("name=%s cpu=%d", __entry->name, __entry->cpu)
);

#endif /* COVIRT_CONTROLLER_HV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH controller/hv
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
