/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of a guest's CPU, as the hypervisor reports them. Core dumps have them as they are:
 * this is an ABI, a field keeps its offset for ever, and new ones are appended.
 */
#ifndef COVIRT_CORE_REGISTERS_H
#define COVIRT_CORE_REGISTERS_H

#include "core/fault.h"

/**
 * struct covirt_registers - where a CPU is, or was when it left the co-kernel
 * @taken:   how often they have been written since the start; 0: the rest is not valid
 * @cs:      selector of the code segment
 * @ss:      selector of the stack segment
 * @cpl:     privilege level
 * @code64:  64-bit code is executed
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

static_assert(sizeof(struct covirt_registers) == 224);

void registers_to_fault(const struct covirt_registers *from, struct covirt_fault *fault);

#endif /* COVIRT_CORE_REGISTERS_H */
