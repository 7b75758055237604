/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that the files of the SVM backend share. Hypervisor world only. */
#ifndef COVIRT_SVM_SVM_H
#define COVIRT_SVM_SVM_H

#include "core/arch.h"
#include "core/assert.h"
#include "core/cpu.h"
#include "backend/svm/access.h"
#include "vmcb.h"

#define SVM_ASID	1	/* one guest per CPU; 0 is the host's */

#define DR6_RESET	0xffff0ff0UL

/* Exceptions that are intercepted, but for the time of a step over one instruction. */
#define SVM_EXCEPTIONS	(BIT(ARCH_VECTOR_DB) | BIT(ARCH_VECTOR_AC) | BIT(ARCH_VECTOR_MC))

static inline bool svm_has(const struct covirt_cpu *cpu, enum covirt_feature feature)
{
	return cpu->config->features & feature;
}

/* run.S calls this after each exit, and tests the result for COVIRT_RESUME. */
typedef enum covirt_verdict svm_exit_handler(struct covirt_cpu *cpu);
static_assert(COVIRT_RESUME == 0);
static_assert(offsetof(struct covirt_cpu, nmi) == 128);

/* run.S. @vmcb and @host are host-physical addresses. */
void svm_loop(struct covirt_cpu *cpu, hpa_t vmcb, hpa_t host, svm_exit_handler *handler);
void svm_vmload(hpa_t vmcb);
void svm_clgi(void);
void svm_stgi(void);
void svm_take_nmi(void);
void svm_interrupt_window(void);
void svm_wait_nmi(struct covirt_cpu *cpu);

/* vmcb.c */
void vmcb_build(struct covirt_cpu *cpu);
void vmcb_build_startup(struct covirt_cpu *cpu, vector_t vector);
void vmcb_build_host(struct covirt_cpu *cpu);

/* guest.c */
void svm_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit);
void svm_flush(struct covirt_cpu *cpu);
u64 svm_read(struct covirt_cpu *cpu, enum covirt_reg reg);
void svm_write(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value);
void svm_control(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value);

/* inject.c */
void svm_inject(struct covirt_cpu *cpu, vector_t vector, u32 error);
void svm_insn_end(struct covirt_cpu *cpu);

/* interrupt.c */
s32 svm_accept(struct covirt_cpu *cpu);
void svm_interrupt(struct covirt_cpu *cpu, vector_t vector);
void svm_interrupt_window_open(struct covirt_cpu *cpu);
void svm_redeliver(struct covirt_cpu *cpu);

/* nmi.c */
void svm_nmi(struct covirt_cpu *cpu);
void svm_nmi_again(struct covirt_cpu *cpu);
void svm_nmi_iret(struct covirt_cpu *cpu);
bool svm_nmi_stepped(struct covirt_cpu *cpu);
void svm_nmi_settle(struct covirt_cpu *cpu);

/* exit.c */
svm_exit_handler svm_exit, svm_exit_measured;

/* The upper half of RIP is not defined outside 64-bit code, and CS.L not outside long mode. */
static inline bool svm_code64(struct covirt_cpu *cpu)
{
	const struct vmcb_save *save = &svm_vmcb(cpu)->save;

	return save->efer & ARCH_EFER_LMA && save->cs.attrib & VMCB_ATTRIB_L;
}

static inline void svm_shadow_clear(struct covirt_cpu *cpu)
{
	svm_vmcb(cpu)->control.int_state &= ~VMCB_INTERRUPT_SHADOW;
}

#endif /* COVIRT_SVM_SVM_H */
