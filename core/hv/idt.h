/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's own exceptions. */
#ifndef COVIRT_CORE_HV_IDT_H
#define COVIRT_CORE_HV_IDT_H

#define HV_NR_EXCEPTIONS	32
#define HV_NR_VECTORS		256
#define HV_TRAP_INTERRUPT	0x100	/* in hv_trap_frame::vector: an interrupt, no exception */
#define HV_TSS_SIZE	104	/* bytes, in hv_tss */
#define HV_CS		0x08
#define HV_DS		0x10
#define HV_CS32		0x18	/* trampoline only */

#ifndef __ASSEMBLER__

#include "core/types.h"

/**
 * struct hv_trap_frame - what trap_stubs.S leaves on the stack
 * @scratch: registers that C code may change
 * @vector: exception vector, or HV_TRAP_INTERRUPT + the vector of an interrupt
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

struct covirt_cpu;

void idt_load(void);
void idt_load_stack(void);
void trap_handle(struct hv_trap_frame *frame);
s32 trap_accept(struct covirt_cpu *cpu, void (*window)(void));

/* trap_stubs.S: two IDTs, of HV_NR_EXCEPTIONS and HV_NR_VECTORS gates. */
extern const char hv_idt[];
extern const char hv_accept_idt[];

/* The first one for who has a TSS of hv_tss, which has one for each CPU. */
extern const char hv_stack_idt[];
extern const char hv_tss[];

#endif /* __ASSEMBLER__ */

#endif /* COVIRT_CORE_HV_IDT_H */
