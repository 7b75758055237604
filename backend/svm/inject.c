// SPDX-License-Identifier: GPL-2.0-only
/* Exceptions that are delivered at the next entry. */
#include "svm.h"

#define DR6_BS	BIT(14)

/* Exceptions with an error code: #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP, #VC, #SX. */
#define VECTORS_WITH_ERROR	0x60227d00

/**
 * svm_inject() - deliver an exception at the next entry
 * @cpu:    this CPU
 * @vector: exception vector; an NMI may have to wait
 * @error:  error code, for vectors that have one; real mode has none
 */
void svm_inject(struct covirt_cpu *cpu, vector_t vector, u32 error)
{
	struct vmcb_control *control = &svm_vmcb(cpu)->control;

	if (vector == ARCH_VECTOR_NMI) {
		svm_nmi(cpu);
		return;
	}
	hv_assert(vector < HV_NR_EXCEPTIONS && !(control->event_inj & VMCB_EVENT_VALID));
	control->event_inj = vector | VMCB_EVENT_EXCEPTION | VMCB_EVENT_VALID;
	if (VECTORS_WITH_ERROR >> vector & 1 && svm_vmcb(cpu)->save.cr0 & ARCH_CR0_PE) {
		control->event_inj |= VMCB_EVENT_ERROR;
		control->event_inj_error = error;
	}
	svm_shadow_clear(cpu);	/* delivery ends it */
}

/**
 * svm_insn_end() - the guest has set RFLAGS.RF or RFLAGS.TF, and is past an instruction
 * @cpu: this CPU
 */
void svm_insn_end(struct covirt_cpu *cpu)
{
	struct vmcb_save *save = &svm_vmcb(cpu)->save;

	save->rflags &= ~ARCH_RFLAGS_RF;
	if (!(save->rflags & ARCH_RFLAGS_TF))
		return;
	if (cpu->debugctl & ARCH_DEBUGCTL_BTF)
		return;		/* what exits is no branch */
	save->dr6 |= DR6_BS;
	svm_inject(cpu, ARCH_VECTOR_DB, 0);
}
