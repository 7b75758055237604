// SPDX-License-Identifier: GPL-2.0-only
/* Exceptions that are delivered at the next entry. */
#include "core/arch.h"
#include "vmx.h"

#define DR6_BS	BIT(14)

/* Exceptions with an error code: #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP. */
#define VECTORS_WITH_ERROR	0x00227d00

/**
 * vmx_inject() - deliver an exception at the next entry
 * @cpu:    this CPU
 * @vector: exception vector; an NMI waits for its window
 * @error:  error code, for vectors that have one
 *
 * Real mode has no error codes, and entry fails if one is asked for there. Nor may
 * an interrupt shadow stay that delivery ends (SDM vol. 3, 27.2.1.3 and 27.3.1.5).
 */
void vmx_inject(struct covirt_cpu *cpu, vector_t vector, u32 error)
{
	u64 event = vector | EVENT_TYPE_EXCEPTION << 8 | EVENT_VALID;

	if (vector == ARCH_VECTOR_NMI) {
		vmx_nmi();
		return;
	}
	hv_assert(vector < HV_NR_EXCEPTIONS && !(vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID));
	if (VECTORS_WITH_ERROR >> vector & 1 && vmcs_read(VMCS_GUEST_CR0) & ARCH_CR0_PE) {
		event |= EVENT_ERROR;
		vmcs_write(VMCS_ENTRY_EVENT_ERROR, error);
	}
	vmcs_write(VMCS_ENTRY_EVENT, event);
	vmx_shadow_clear();
}

/**
 * vmx_insn_end() - the guest has set RFLAGS.RF or RFLAGS.TF, and is past an instruction
 * @cpu:    this CPU
 * @rflags: its RFLAGS
 */
void vmx_insn_end(struct covirt_cpu *cpu, u64 rflags)
{
	vmcs_write(VMCS_GUEST_RFLAGS, rflags & ~ARCH_RFLAGS_RF);
	if (!(rflags & ARCH_RFLAGS_TF))
		return;
	if (cpu->debugctl & ARCH_DEBUGCTL_BTF)
		return;		/* what exits is no branch */
	arch_write_dr6(arch_read_dr6() | DR6_BS);
	vmx_inject(cpu, ARCH_VECTOR_DB, 0);
}
