/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a core dump says of a CPU beside its NT_PRSTATUS: a note of our own, one behind each.
 * This is an ABI: a field keeps its offset for ever, new ones are appended, so that the
 * length of the note says which there are.
 */
#ifndef COVIRT_CORE_CORE_NOTE_H
#define COVIRT_CORE_CORE_NOTE_H

#include "core/fault.h"

#define COVIRT_NOTE_NAME	"COVIRT"
#define COVIRT_NOTE_CPU		1	/* type of the note: struct covirt_note_cpu */

/**
 * struct covirt_registers - where a CPU is, or was when it left the co-kernel
 * @taken:   how often they have been written since the start; 0: the rest is not valid
 * @cs:      selector of the code segment
 * @ss:      selector of the stack segment
 * @cpl:     privilege level
 * @code64:  64-bit code is executed
 * @reserved: 0
 * @gpr:     general-purpose registers
 * @rip:     instruction pointer
 * @rflags:  flags
 * @cr0:     control register as the co-kernel sees it
 * @cr2:     control register
 * @cr3:     control register
 * @cr4:     control register as the co-kernel sees it
 * @efer:    EFER as the co-kernel sees it
 * @fs_base: base of FS
 * @gs_base: base of GS
 * @cs_base: base of CS
 */
struct covirt_registers {
	u32 taken;
	u16 cs;
	u16 ss;
	u32 cpl;
	u32 code64;
	u64 gpr[COVIRT_NR_GPRS];
	u64 rip;
	u64 rflags;
	u64 cr0;
	u64 cr2;
	u64 cr3;
	u64 cr4;
	u64 efer;
	u64 fs_base;
	u64 gs_base;
	u64 cs_base;
};

/**
 * struct covirt_note_cpu - one CPU of the enclave
 * @cpu:       Linux's number of it
 * @apicid:    its APIC id
 * @reason:    enum covirt_fault_reason: why it left the co-kernel; NONE: it has not
 * @reserved:  0
 * @registers: its registers
 */
struct covirt_note_cpu {
	s32 cpu;
	apicid_t apicid;
	u32 reason;
	u32 reserved;
	struct covirt_registers registers;
};

static_assert(sizeof(struct covirt_registers) == 224);
static_assert(offsetof(struct covirt_note_cpu, registers) == 16);
static_assert(sizeof(struct covirt_note_cpu) == 240);

#endif /* COVIRT_CORE_CORE_NOTE_H */
