/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, below events/covirt in tracefs: Documentation/tracing.rst. All fire on Linux's
 * side, for the hypervisor calls nothing of Linux. Texts are arrays: a filter compares them,
 * and no kernel lays them out in another way.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM covirt

#if !defined(COVIRT_CONTROLLER_ENCLAVE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define COVIRT_CONTROLLER_ENCLAVE_TRACE_H

#include <linux/tracepoint.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/names.h"
#include "controller/hv/trace_text.h"
#include "core/linux/recent.h"

#ifndef TRACE_HEADER_MULTI_READ
bool exit_trace_wanted(void);
static_assert(TRACE_NAME > ENCLAVE_NAME_MAX);
static_assert(TRACE_OWNER == sizeof_field(struct covirt_fault_record, owner));
#endif

DECLARE_EVENT_CLASS(covirt_enclave,

	TP_PROTO(const struct enclave *enclave),

	TP_ARGS(enclave),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
	),

	TP_fast_assign(
		trace_text(__entry->name, enclave_name(enclave));
	),

	TP_printk("name=%s", __entry->name)
);

DEFINE_EVENT(covirt_enclave, covirt_create,
	TP_PROTO(const struct enclave *enclave),
	TP_ARGS(enclave)
);

DEFINE_EVENT(covirt_enclave, covirt_destroy,
	TP_PROTO(const struct enclave *enclave),
	TP_ARGS(enclave)
);

TRACE_EVENT(covirt_start,

	TP_PROTO(const struct enclave *enclave),

	TP_ARGS(enclave),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__field(u64, start)
		__field(u64, memory)
		__field(u32, cpus)
	),

	TP_fast_assign(
		trace_text(__entry->name, enclave_name(enclave));
		__entry->start = enclave->starts;
		__entry->memory = enclave->memory.blocks.size;
		__entry->cpus = enclave->cpus.nr;
	),

	TP_printk("name=%s start=%llu cpus=%u memory=%llu", __entry->name, __entry->start,
		  __entry->cpus, __entry->memory)
);

TRACE_EVENT(covirt_stop,

	TP_PROTO(const struct enclave *enclave, const char *reason),

	TP_ARGS(enclave, reason),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, reason, TRACE_WORD)
	),

	TP_fast_assign(
		trace_text(__entry->name, enclave_name(enclave));
		trace_text(__entry->reason, reason);
	),

	TP_printk("name=%s reason=%s", __entry->name, __entry->reason)
);

TRACE_EVENT(covirt_fault,

	TP_PROTO(const struct enclave *enclave),

	TP_ARGS(enclave),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, reason, TRACE_WORD)
		__array(char, owner, TRACE_OWNER)
		__field(u64, sequence)
		__field(u64, detail)
		__field(u64, rip)
		__field(u64, gpa)
		__field(s32, cpu)
	),

	TP_fast_assign(
		const struct covirt_fault_record *record = &enclave->fault;

		trace_text(__entry->name, enclave_name(enclave));
		trace_text(__entry->reason, fault_name(record->fault.reason));
		trace_text(__entry->owner, record->owner);
		__entry->sequence = record->sequence;
		__entry->detail = record->fault.detail;
		__entry->rip = record->fault.rip;
		__entry->gpa = record->fault.gpa;
		__entry->cpu = record->cpu;
	),

	TP_printk("name=%s fault=%llu cpu=%d reason=%s detail=0x%llx rip=0x%llx gpa=0x%llx owner=%s",
		  __entry->name, __entry->sequence, __entry->cpu, __entry->reason,
		  __entry->detail, __entry->rip, __entry->gpa, __entry->owner)
);

DECLARE_EVENT_CLASS(covirt_extent,

	TP_PROTO(const struct enclave *enclave, const struct covirt_extent *extent),

	TP_ARGS(enclave, extent),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, kind, TRACE_WORD)
		__field(u64, gpa)
		__field(u64, hpa)
		__field(u64, len)
		__array(char, access, PARTITION_ACCESS)
	),

	TP_fast_assign(
		trace_text(__entry->name, enclave_name(enclave));
		trace_text(__entry->kind, partition_kind_name(extent));
		partition_access_text(extent, __entry->access);
		__entry->gpa = extent->gpa;
		__entry->hpa = extent->hpa;
		__entry->len = extent->len;
	),

	TP_printk("name=%s gpa=0x%llx hpa=0x%llx len=0x%llx access=%s kind=%s", __entry->name,
		  __entry->gpa, __entry->hpa, __entry->len, __entry->access, __entry->kind)
);

DEFINE_EVENT(covirt_extent, covirt_map,
	TP_PROTO(const struct enclave *enclave, const struct covirt_extent *extent),
	TP_ARGS(enclave, extent)
);

DEFINE_EVENT(covirt_extent, covirt_unmap,
	TP_PROTO(const struct enclave *enclave, const struct covirt_extent *extent),
	TP_ARGS(enclave, extent)
);

TRACE_EVENT(covirt_exit,

	TP_PROTO(const struct enclave *enclave, u32 index, const struct recent_drained *drained,
		 u32 nth),

	TP_ARGS(enclave, index, drained, nth),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, reason, TRACE_WORD)
		__field(u64, tsc)
		__field(s32, cpu)
		__field(u32, number)
		__field(u32, lost)
		__field(u32, info)
		__field(u32, rax)
		__field(u32, rcx)
	),

	TP_fast_assign(
		const struct covirt_recent *exit = &drained->exit[nth];

		trace_text(__entry->name, enclave_name(enclave));
		trace_text(__entry->reason, fault_exit_name(exit->reason));
		__entry->tsc = enclave->space.config->histogram ? drained->tsc[nth] : 0;
		__entry->cpu = enclave->cpus.cpu[index];
		__entry->number = drained->first + nth;
		__entry->lost = nth ? 0 : drained->lost;
		__entry->info = exit->info1;
		__entry->rax = exit->rax;
		__entry->rcx = exit->rcx;
	),

	TP_printk("name=%s cpu=%d number=%u lost=%u reason=%s info=0x%x rax=0x%x rcx=0x%x tsc=%llu",
		  __entry->name, __entry->cpu, __entry->number, __entry->lost, __entry->reason,
		  __entry->info, __entry->rax, __entry->rcx, __entry->tsc)
);

TRACE_EVENT(covirt_exit_count,

	TP_PROTO(const struct enclave *enclave, u32 index, u32 reason, u64 count),

	TP_ARGS(enclave, index, reason, count),

	TP_STRUCT__entry(
		__array(char, name, TRACE_NAME)
		__array(char, reason, TRACE_WORD)
		__field(u64, count)
		__field(s32, cpu)
	),

	TP_fast_assign(
		trace_text(__entry->name, enclave_name(enclave));
		trace_text(__entry->reason, fault_exit_name(reason));
		__entry->count = count;
		__entry->cpu = enclave->cpus.cpu[index];
	),

	TP_printk("name=%s cpu=%d reason=%s count=%llu", __entry->name, __entry->cpu,
		  __entry->reason, __entry->count)
);

#endif /* COVIRT_CONTROLLER_ENCLAVE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH controller/enclave
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
