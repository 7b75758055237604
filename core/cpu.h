/* SPDX-License-Identifier: GPL-2.0-only */
/* State of an enclave CPU in the hypervisor. Hypervisor world only. */
#ifndef COVIRT_CORE_CPU_H
#define COVIRT_CORE_CPU_H

#include "core/backend.h"
#include "core/config.h"
#include "core/gpr.h"
#include "core/hv/idt.h"

struct apic_access;

/**
 * struct covirt_cpu - private to its CPU, at the top of its private page
 * @gpr:       guest general-purpose registers, in order of enum covirt_gpr.
 *             Valid from an exit to the next entry; must come first: run.S
 *             addresses it by index.
 * @nmi:       an NMI came while the hypervisor ran; second, for run.S as well
 * @config:    the enclave's configuration, read-only
 * @index:     number of this CPU in it, from 0 on
 * @self:      this CPU's part of it
 * @status:    where this CPU reports
 * @shared:    the enclave's shared area
 * @control:   this CPU's hardware control block, as the hypervisor sees it
 * @backend:   what runs the guest
 * @apic:      how its local APIC is reached
 * @plain_ipis: a plain IPI, see icr_plain(), is just sent: x2APIC, and nobody filters
 * @apic_base: APIC_BASE as Linux left it
 * @apic_mode: in which mode the guest has its APIC: see irq/avic_posted/apic_mode.h
 * @apic_moved: that mode has not always been the same: the guest knows them all
 * @virtualized: virtualization is on
 * @waiting:   for a start-up IPI: the guest is not entered
 * @nmi_owed:  an NMI for the guest waits until the guest can take it; for the backend
 * @interrupts_owed: interrupts whose delivery was broken off, in service in the APIC already;
 *             for the backend
 * @stepping:  the guest executes one instruction that it must not leave unseen; for the backend
 * @step_rflags: RFLAGS before that
 * @step_dr6:  DR6 before that
 * @iret_rip:  where the last handler of an NMI was about to return; likewise
 * @iret_rsp:  its stack there
 * @cr4_mask:  CR4 bits that the guest may set
 * @efer_mask: EFER bits that the guest may set
 * @icr:       last value that the guest wrote to its ICR, where that is not the processor's: the
 *             halves
 * @debugctl:  the guest's DEBUGCTL
 * @linux_debugctl: Linux's
 * @own:       vectors that the guest has given its APIC's own interrupts; where they are filtered
 * @accepted:  vector of the interrupt that trap_accept() has found, or -1
 *
 * The stack lies below it in the same page, an unmapped hole below that.
 */
struct covirt_cpu {
	u64 gpr[COVIRT_NR_GPRS];
	bool nmi;
	const struct covirt_config *config;
	u32 index;
	const struct covirt_cpu_config *self;
	struct covirt_status *status;
	struct covirt_shared *shared;
	void *control;
	const struct covirt_backend_cpu *backend;
	const struct apic_access *apic;
	bool plain_ipis;
	u64 apic_base;
	u64 apic_mode;
	bool apic_moved;
	bool virtualized;
	bool waiting;
	bool nmi_owed;
	bool stepping;
	u64 step_rflags;
	u64 step_dr6;
	u64 iret_rip;
	u64 iret_rsp;
	struct vectors interrupts_owed;
	u64 cr4_mask;
	u64 efer_mask;
	u32 icr[2];
	u64 debugctl;
	u64 linux_debugctl;
	struct vectors own;
	s32 accepted;
} __aligned(16);

static_assert(sizeof(struct covirt_cpu) <= HV_CPU_STRUCT);

/* The APIC id that the guest finds. */
static inline apicid_t cpu_guest_apicid(const struct covirt_cpu *cpu)
{
	return cpu->self->guest_apicid;
}

/* EDX:EAX as RDMSR, WRMSR and XSETBV use it. */
static inline u64 cpu_edx_eax(const struct covirt_cpu *cpu)
{
	return cpu->gpr[GPR_RDX] << 32 | (u32)cpu->gpr[GPR_RAX];
}

static inline void cpu_set_edx_eax(struct covirt_cpu *cpu, u64 value)
{
	cpu->gpr[GPR_RAX] = (u32)value;
	cpu->gpr[GPR_RDX] = value >> 32;
}

#endif /* COVIRT_CORE_CPU_H */
