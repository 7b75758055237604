/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of an instruction that the hypervisor has carried out. Hypervisor world only. */
#ifndef COVIRT_VMX_ADVANCE_H
#define COVIRT_VMX_ADVANCE_H

#include "core/rip.h"
#include "vmx.h"

static inline void vmx_rip_add(struct covirt_cpu *cpu, u64 len)
{
	u64 rip = vmcs_read(VMCS_GUEST_RIP);

	vmcs_write(VMCS_GUEST_RIP, rip_next(cpu, rip, rip + len, vmx_code64));
}

/*
 * Emulates the end of an instruction: RF and the interrupt shadow are cleared, and a
 * single-stepping guest gets its #DB.
 */
static inline void vmx_advance(struct covirt_cpu *cpu, u64 len)
{
	u64 rflags = vmcs_read(VMCS_GUEST_RFLAGS);

	vmx_rip_add(cpu, len);
	vmx_shadow_clear();
	if (rflags & (ARCH_RFLAGS_RF | ARCH_RFLAGS_TF))
		vmx_insn_end(cpu, rflags);
}

#endif /* COVIRT_VMX_ADVANCE_H */
