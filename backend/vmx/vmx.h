/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that the files of the VMX backend share. Hypervisor world only. */
#ifndef COVIRT_VMX_VMX_H
#define COVIRT_VMX_VMX_H

#include "core/arch.h"
#include "core/assert.h"
#include "core/cpu.h"
#include "backend/vmx/access.h"
#include "vmcs.h"

#define VMX_VPID	1	/* one guest per CPU; 0 is the host's */

/* Exceptions that exit. */
#define VMX_EXCEPTIONS	(BIT(ARCH_VECTOR_DB) | BIT(ARCH_VECTOR_AC) | BIT(ARCH_VECTOR_MC))

/* Result of an attempt to enter the guest; run.S has the same numbers. */
enum vmx_entered {
	VMX_ENTERED,		/* and left again */
	VMX_NOT_ENTERED,	/* VMLAUNCH or VMRESUME failed */
	VMX_NMI_BEFORE,		/* an NMI came before the entry */
};

/* run.S calls this after each attempt to enter, and tests the result for COVIRT_RESUME. */
typedef enum covirt_verdict vmx_exit_handler(struct covirt_cpu *cpu, enum vmx_entered how);
static_assert(COVIRT_RESUME == 0);
static_assert(offsetof(struct covirt_cpu, nmi) == 128);

/* run.S. Addresses are host-physical; an int is 0, or not after a VMfail. */
void vmx_loop(struct covirt_cpu *cpu, vmx_exit_handler *handler);
int vmx_on(const hpa_t *region);
int vmx_clear(const hpa_t *vmcs);
int vmx_load(const hpa_t *vmcs);
void vmx_off(void);
void vmx_invalidate_all(void);
void vmx_unblock_nmi(void);
void vmx_interrupt_window(void);
void vmx_wait_nmi(struct covirt_cpu *cpu);

/* vmcs.c */
void vmcs_build(struct covirt_cpu *cpu);
void vmcs_build_startup(struct covirt_cpu *cpu, vector_t vector);

/* guest.c */
void vmx_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit);
void vmx_flush(struct covirt_cpu *cpu);
u64 vmx_read(struct covirt_cpu *cpu, enum covirt_reg reg);
void vmx_write(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value);
void vmx_control(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value);

/* inject.c */
void vmx_inject(struct covirt_cpu *cpu, vector_t vector, u32 error);
void vmx_insn_end(struct covirt_cpu *cpu, u64 rflags);

/* interrupt.c */
s32 vmx_accept(struct covirt_cpu *cpu);
void vmx_interrupt(struct covirt_cpu *cpu, vector_t vector);
bool vmx_interrupt_window_open(struct covirt_cpu *cpu);
void vmx_redeliver(struct covirt_cpu *cpu);

/* nmi.c */
void vmx_nmi(void);
void vmx_nmi_again(void);
void vmx_nmi_window_open(void);

/* exit.c */
vmx_exit_handler vmx_exit, vmx_exit_measured;

/* CS.L has no meaning outside long mode. */
static inline bool vmx_code64(struct covirt_cpu *cpu __maybe_unused)
{
	return vmcs_read(VMCS_GUEST_EFER) & ARCH_EFER_LMA &&
	       vmcs_read(VMCS_GUEST_CS_ACCESS) & ACCESS_CODE64;
}

/* Delivery and the end of an instruction end it; that an NMI is being handled stays. */
static inline void vmx_shadow_clear(void)
{
	u64 state = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	if (state & INTERRUPTIBILITY_SHADOW)
		vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, state & ~INTERRUPTIBILITY_SHADOW);
}

#endif /* COVIRT_VMX_VMX_H */
