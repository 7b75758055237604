/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions and interrupts. */
#ifndef PAYLOAD_IDT_H
#define PAYLOAD_IDT_H

#include "core/base.h"

/**
 * struct idt_frame - what lies on the stack behind the vector number
 * @error:  error code, 0 where the CPU has none
 * @rip:    interrupted instruction
 * @cs:     its code segment
 * @rflags: flags
 * @rsp:    stack pointer
 * @ss:     stack segment
 */
struct idt_frame {
	u64 error;
	u64 rip;
	u64 cs;
	u64 rflags;
	u64 rsp;
	u64 ss;
};

/* In entry.S, one every 16 bytes. */
extern const u8 idt_stubs[];

/* Set by probes.S around an instruction that may fault. */
extern u64 probe_resume;

/* Return from the next debug exceptions, and count them. */
extern bool debug_returns;
extern u64 debug_taken;

/* Send the next NMI to this CPU while one is being handled. */
extern bool nmi_repeats;
extern u64 probe_stack;

void idt_init(void);
void idt_load(void);
u64 idt_count(u8 vector);
u64 idt_count_others(const u8 *known, u32 nr);
void idt_report(void);
void idt_report_nmi(void);
void idt_dispatch(u64 vector, struct idt_frame *frame);

#endif /* PAYLOAD_IDT_H */
