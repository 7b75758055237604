/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fault record as user space reads it: what the hypervisor saw, and what only Linux can
 * add while the enclave's memory is still as it was. This is an ABI, as is struct
 * covirt_fault in it: a field keeps its offset for ever, new ones are appended and raise
 * the version.
 */
#ifndef COVIRT_CORE_FAULT_RECORD_H
#define COVIRT_CORE_FAULT_RECORD_H

#include "core/exit_types.h"
#include "core/fault.h"
#include "core/guest_walk.h"

#define COVIRT_FAULT_RECORD_VERSION	2
#define COVIRT_FAULT_RECORDS		16	/* that are kept, the newest ones */
#define COVIRT_FAULT_CODE		64
#define COVIRT_FAULT_STACK		256
#define COVIRT_FAULT_FRAMES		16
#define COVIRT_RECENT_EXITS		16	/* a power of two */

/**
 * struct covirt_recent - an exit that went before
 * @reason: enum covirt_exit_reason
 * @info1:  the vendor's first qualification, its low half; of IO bits 31:16 are the port on both
 * @rax:    the guest's EAX as it exited: leaf of CPUID, value written to a port
 * @rcx:    and its ECX: number of an MSR
 */
struct covirt_recent {
	u32 reason;
	u32 info1;
	u32 rax;
	u32 rcx;
};

/**
 * struct covirt_fault_record - one fault
 * @version:   COVIRT_FAULT_RECORD_VERSION
 * @size:      bytes of this structure
 * @sequence:  counts the faults of the enclave from 1; 0: there is no record
 * @time_ns:   when Linux noticed, CLOCK_REALTIME
 * @cpu:       Linux's number of the CPU
 * @code_len:  valid bytes of @code
 * @policy:    on_fault at that time; "report": the co-kernel runs on
 * @owner:     whose memory was aimed at: "linux", "hypervisor", "enclave NAME", "none"
 * @fault:     the hypervisor's record
 * @code_gva:  guest-virtual address of @code
 * @code:      instructions around the instruction pointer
 * @stack_len: valid bytes of @stack
 * @nr_frames: valid entries of @frame
 * @nr_recent: valid entries of @recent
 * @walked:    @walk is valid
 * @stack:     what the stack pointer points at
 * @frame:     return addresses, as the chain of frame pointers has them
 * @recent:    the last exits of the CPU, the newest last: that of the fault
 * @walk_gva:  MEMORY_VIOLATION: a guest-virtual address that leads to fault.gpa: the instruction
 *             pointer, what a register holds, or what an operand of the instruction means
 * @walk:      its way through the guest's page tables
 * @fs_base:   base of FS; since version 2, as is what follows
 * @gs_base:   base of GS
 */
struct covirt_fault_record {
	u32 version;
	u32 size;
	u64 sequence;
	u64 time_ns;
	s32 cpu;
	u32 code_len;
	char policy[8];
	char owner[40];
	struct covirt_fault fault;
	u64 code_gva;
	u8 code[COVIRT_FAULT_CODE];
	u32 stack_len;
	u32 nr_frames;
	u32 nr_recent;
	u32 walked;
	u8 stack[COVIRT_FAULT_STACK];
	u64 frame[COVIRT_FAULT_FRAMES];
	struct covirt_recent recent[COVIRT_RECENT_EXITS];
	u64 walk_gva;
	struct guest_walk_path walk;
	u64 fs_base;
	u64 gs_base;
};

static_assert(offsetof(struct covirt_fault, rip) == 56);
static_assert(sizeof(struct covirt_fault) == 248);
static_assert(offsetof(struct covirt_fault_record, fault) == 80);
static_assert(offsetof(struct covirt_fault_record, code_gva) == 328);
static_assert(offsetof(struct covirt_fault_record, fs_base) == 1152);
static_assert(sizeof(struct covirt_fault_record) == 1168);

#endif /* COVIRT_CORE_FAULT_RECORD_H */
