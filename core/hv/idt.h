/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's own exceptions. */
#ifndef COVIRT_CORE_HV_IDT_H
#define COVIRT_CORE_HV_IDT_H

#define HV_NR_VECTORS	32	/* exceptions and NMI; interrupts are never accepted */
#define HV_CS		0x08
#define HV_DS		0x10
#define HV_CS32		0x18	/* trampoline only */

#ifndef __ASSEMBLER__

#include "core/types.h"

/* A 64-bit gate, APM vol. 2, 4.8.4. */
struct hv_gate {
	u16 offset_low;
	u16 selector;
	u16 type;
	u16 offset_mid;
	u32 offset_high;
	u32 reserved;
};

/**
 * struct hv_trap_frame - what trap_stubs.S leaves on the stack
 * @scratch: registers that C code may change
 * @vector: exception vector
 * @error:  error code, 0 where there is none
 * @rip:    instruction that trapped; the handler may move it to a fixup
 * @cs:     code segment
 * @rflags: flags
 * @rsp:    stack pointer
 * @ss:     stack segment
 */
struct hv_trap_frame {
	u64 scratch[9];
	u64 vector;
	u64 error;
	u64 rip;
	u64 cs;
	u64 rflags;
	u64 rsp;
	u64 ss;
};

void idt_load(struct hv_gate *idt);
void trap_handle(struct hv_trap_frame *frame);

#endif /* __ASSEMBLER__ */

#endif /* COVIRT_CORE_HV_IDT_H */
