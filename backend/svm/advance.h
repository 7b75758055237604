/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of an instruction that the hypervisor has carried out. Hypervisor world only. */
#ifndef COVIRT_SVM_ADVANCE_H
#define COVIRT_SVM_ADVANCE_H

#include "core/rip.h"
#include "svm.h"

/*
 * Emulates the end of an instruction: RF and the interrupt shadow are cleared, and a
 * single-stepping guest gets its #DB. @next is the address behind the instruction.
 */
static inline void svm_advance_to(struct covirt_cpu *cpu, u64 next)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	vmcb->save.rip = rip_next(cpu, vmcb->save.rip, next, svm_code64);
	vmcb->control.int_state &= ~VMCB_INTERRUPT_SHADOW;
	if (vmcb->save.rflags & (ARCH_RFLAGS_RF | ARCH_RFLAGS_TF))
		svm_insn_end(cpu);
}

/* The next RIP, where it is saved, knows of prefixes; @len does not. */
static inline void svm_advance(struct covirt_cpu *cpu, u32 len)
{
	const struct vmcb *vmcb = svm_vmcb(cpu);

	svm_advance_to(cpu, svm_has(cpu, COVIRT_FEATURE_NEXT_RIP) ? vmcb->control.next_rip :
								    vmcb->save.rip + len);
}

#endif /* COVIRT_SVM_ADVANCE_H */
