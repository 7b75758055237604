/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the VMX backend share. Hypervisor world only. */
#ifndef COVIRT_VMX_VMX_H
#define COVIRT_VMX_VMX_H

#include "core/arch.h"
#include "core/cpu.h"
#include "vmcs.h"

#define VMX_VPID	1	/* one guest per CPU; 0 is the host's */

static inline u64 vmcs_read(enum vmcs_field field)
{
	u64 value;

	asm volatile("vmread %1, %0" : "=r"(value) : "r"((u64)field) : "cc");
	return value;
}

static inline void vmcs_write(enum vmcs_field field, u64 value)
{
	asm volatile("vmwrite %1, %0" :: "r"((u64)field), "r"(value) : "cc", "memory");
}

/* How an attempt to enter the guest ended; run.S has the same numbers. */
enum vmx_entered {
	VMX_ENTERED,		/* and left again */
	VMX_NOT_ENTERED,	/* VMLAUNCH or VMRESUME failed */
	VMX_NMI_BEFORE,		/* an NMI came before the entry */
};

/* What run.S calls after each attempt; it tests for COVIRT_RESUME. */
typedef enum covirt_verdict vmx_exit_handler(struct covirt_cpu *cpu, enum vmx_entered how);
static_assert(COVIRT_RESUME == 0);
static_assert(offsetof(struct covirt_cpu, nmi) == 128);

/* run.S. Addresses are host-physical; an int is 0, or not after a VMfail. */
int vmx_on(const hpa_t *region);
int vmx_clear(const hpa_t *vmcs);
int vmx_load(const hpa_t *vmcs);
void vmx_loop(struct covirt_cpu *cpu, vmx_exit_handler *handler);
void vmx_off(void);
void vmx_invalidate_all(void);
void vmx_wait_nmi(struct covirt_cpu *cpu);
void vmx_unblock_nmi(void);
void vmx_interrupt_gap(void);

/* vmcs.c */
void vmcs_build(struct covirt_cpu *cpu);
void vmcs_build_startup(struct covirt_cpu *cpu, vector_t vector);

/* guest.c */
void vmx_skip(struct covirt_cpu *cpu, const struct covirt_exit *exit);
void vmx_inject(struct covirt_cpu *cpu, vector_t vector, u32 error);
void vmx_flush(struct covirt_cpu *cpu);
u64 vmx_read(struct covirt_cpu *cpu, enum covirt_reg reg);
void vmx_write(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value);
void vmx_nmi_window(void);
void vmx_single_step(struct covirt_cpu *cpu);
s32 vmx_accept(struct covirt_cpu *cpu);
void vmx_interrupt(struct covirt_cpu *cpu, vector_t vector);

/* exit.c */
vmx_exit_handler vmx_exit, vmx_exit_measured;

/* Delivery and the end of an instruction end it; that an NMI is being handled stays. */
static inline void vmx_shadow_clear(void)
{
	u64 state = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	if (state & INTERRUPTIBILITY_SHADOW)
		vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, state & ~INTERRUPTIBILITY_SHADOW);
}

/*
 * What the processor does at the end of an instruction: RF and the interrupt shadow go,
 * and a single-stepping guest gets its #DB.
 */
static inline void vmx_advance(struct covirt_cpu *cpu, u32 len)
{
	u64 rflags = vmcs_read(VMCS_GUEST_RFLAGS);

	vmcs_write(VMCS_GUEST_RIP, vmcs_read(VMCS_GUEST_RIP) + len);
	if (rflags & ARCH_RFLAGS_RF)
		vmcs_write(VMCS_GUEST_RFLAGS, rflags & ~ARCH_RFLAGS_RF);
	vmx_shadow_clear();
	if (rflags & ARCH_RFLAGS_TF)
		vmx_single_step(cpu);
}

#endif /* COVIRT_VMX_VMX_H */
