/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a core dump says of a CPU beside its NT_PRSTATUS: a note of our own, one behind each.
 * This is an ABI: a field keeps its offset for ever, new ones are appended, so that the
 * length of the note says which there are.
 */
#ifndef COVIRT_CORE_CORE_NOTE_H
#define COVIRT_CORE_CORE_NOTE_H

#include "core/fault.h"
#include "core/registers.h"

#define COVIRT_NOTE_NAME	"COVIRT"
#define COVIRT_NOTE_CPU		1	/* type of the note: struct covirt_note_cpu */

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

static_assert(offsetof(struct covirt_note_cpu, registers) == 16);
static_assert(sizeof(struct covirt_note_cpu) == 240);

#endif /* COVIRT_CORE_CORE_NOTE_H */
