// SPDX-License-Identifier: GPL-2.0-only
/* Rules of VMRUN (APM vol. 2, 15.5.1 and 15.20), and our own for the control block. */
#include "core/arch.h"
#include "backend/svm/vmcb.h"
#include "entry.h"

#define UPPER_HALF	GENMASK_ULL(63, 32)
#define CR4_DEFINED	(0x770fffULL | ARCH_CR4_PKE)
#define EFER_DEFINED	(ARCH_EFER_SCE | ARCH_EFER_LME | ARCH_EFER_LMA | ARCH_EFER_NXE | \
			 ARCH_EFER_SVME | ARCH_EFER_FFXSR | ARCH_EFER_TCE | ARCH_EFER_AIBRSE)
#define EVENT_RESERVED	0x7ffff000U
#define EXCEPTIONS	(BIT(ARCH_VECTOR_DB) | BIT(ARCH_VECTOR_AC) | BIT(ARCH_VECTOR_MC))
#define NEEDED3		(INTERCEPT_NMI | INTERCEPT_INIT | INTERCEPT_CR0_SELECTIVE |	\
			 INTERCEPT_IOIO | INTERCEPT_MSR | INTERCEPT_SHUTDOWN)
#define INT_CTL_OURS	(VMCB_V_IRQ | VMCB_V_IGN_TPR)

static bool long_mode_wanted(const struct vmcb_save *save)
{
	return save->efer & ARCH_EFER_LME && save->cr0 & ARCH_CR0_PG;
}

static bool efer_holds(const struct vmcb *vmcb)
{
	u64 efer = vmcb->save.efer;

	return efer & ARCH_EFER_SVME && !(efer & ~EFER_DEFINED);
}

static bool cr0_holds(const struct vmcb *vmcb)
{
	u64 cr0 = vmcb->save.cr0;

	return !(cr0 & UPPER_HALF) && (cr0 & ARCH_CR0_CD || !(cr0 & ARCH_CR0_NW)) &&
	       (cr0 & ARCH_CR0_PE || !(cr0 & ARCH_CR0_PG));
}

static bool cr4_holds(const struct vmcb *vmcb)
{
	return !(vmcb->save.cr4 & ~CR4_DEFINED);
}

static bool debug_holds(const struct vmcb *vmcb)
{
	return !(vmcb->save.dr6 & UPPER_HALF) && !(vmcb->save.dr7 & UPPER_HALF);
}

static bool long_mode_holds(const struct vmcb *vmcb)
{
	const struct vmcb_save *save = &vmcb->save;

	return !long_mode_wanted(save) || (save->cr4 & ARCH_CR4_PAE && save->cr0 & ARCH_CR0_PE);
}

static bool code_holds(const struct vmcb *vmcb)
{
	const struct vmcb_save *save = &vmcb->save;

	return !long_mode_wanted(save) || !(save->cs.attrib & VMCB_ATTRIB_L) ||
	       !(save->cs.attrib & VMCB_ATTRIB_D);
}

/* No rule of the manual's, but what EFER.LMA is where software writes it. */
static bool lma_holds(const struct vmcb *vmcb)
{
	return !(vmcb->save.efer & ARCH_EFER_LMA) == !long_mode_wanted(&vmcb->save);
}

static bool control_holds(const struct vmcb *vmcb)
{
	return vmcb->control.intercept4 & INTERCEPT_VMRUN && vmcb->control.asid;
}

static bool is_exception_vector(u32 vector)
{
	return vector < 32 && vector != ARCH_VECTOR_NMI;
}

static bool event_holds(const struct vmcb *vmcb)
{
	u32 event = vmcb->control.event_inj;

	if (!(event & VMCB_EVENT_VALID))
		return !event;
	if (event & EVENT_RESERVED)
		return false;
	switch (VMCB_EVENT_TYPE(event)) {
	case VMCB_EVENT_INTERRUPT:
		return !(event & VMCB_EVENT_ERROR) && VMCB_EVENT_VECTOR(event) >= 16;
	case VMCB_EVENT_NMI & ~0xffU:
		return !(event & VMCB_EVENT_ERROR);
	case VMCB_EVENT_EXCEPTION:
		return is_exception_vector(VMCB_EVENT_VECTOR(event));
	default:
		return false;
	}
}

/* An error code is pushed in protected mode only. */
static bool error_holds(const struct vmcb *vmcb)
{
	return !(vmcb->control.event_inj & VMCB_EVENT_ERROR) || vmcb->save.cr0 & ARCH_CR0_PE;
}

/* An interrupt that the guest does not take now. */
static bool interrupt_holds(const struct vmcb *vmcb)
{
	u32 event = vmcb->control.event_inj;

	return !(event & VMCB_EVENT_VALID) || VMCB_EVENT_TYPE(event) != VMCB_EVENT_INTERRUPT ||
	       vmcb->save.rflags & ARCH_RFLAGS_IF;
}

/* Not among the rules: a RIP with more bits than the code has is undefined. */
static bool rip_holds(const struct vmcb *vmcb)
{
	const struct vmcb_save *save = &vmcb->save;

	return (save->efer & ARCH_EFER_LMA && save->cs.attrib & VMCB_ATTRIB_L) ||
	       !(save->rip & UPPER_HALF);
}

/* Our promises. */
static bool intercepts_hold(const struct vmcb *vmcb)
{
	const struct vmcb_control *control = &vmcb->control;

	return (control->intercept3 & NEEDED3) == NEEDED3 &&
	       (control->intercept_exception & EXCEPTIONS) == EXCEPTIONS &&
	       control->intercept_cr_write & INTERCEPT_WRITE_CR4;
}

static bool int_ctl_holds(const struct vmcb *vmcb)
{
	u32 ours = vmcb->control.int_ctl & INT_CTL_OURS;

	return !(vmcb->control.int_ctl & ~INT_CTL_OURS) &&
	       (ours == INT_CTL_OURS) == !!(vmcb->control.intercept3 & INTERCEPT_VINTR);
}

static bool caches_hold(const struct vmcb *vmcb)
{
	return vmcb->save.cr0 & ARCH_CR0_NE && !(vmcb->save.cr0 & (ARCH_CR0_CD | ARCH_CR0_NW)) &&
	       vmcb->save.cr4 & ARCH_CR4_MCE;
}

static const struct {
	bool (*holds)(const struct vmcb *vmcb);
	const char *broken;
} rules[] = {
	{ efer_holds, "EFER: SVME is clear, or a reserved bit is set" },
	{ cr0_holds, "CR0: NW without CD, PG without PE, or the upper half" },
	{ cr4_holds, "CR4: a reserved bit is set" },
	{ debug_holds, "DR6 or DR7: the upper half" },
	{ long_mode_holds, "EFER.LME and CR0.PG without CR4.PAE" },
	{ code_holds, "EFER.LME, CR0.PG, CR4.PAE, CS.L and CS.D are all set" },
	{ lma_holds, "EFER.LMA does not say whether long mode is active" },
	{ control_holds, "the intercept of VMRUN, or an ASID, is missing" },
	{ event_holds, "an event that cannot be injected" },
	{ error_holds, "an error code in real mode" },
	{ interrupt_holds, "an interrupt while RFLAGS.IF is 0" },
	{ rip_holds, "RIP has more than 32 bits outside 64-bit code" },
	{ intercepts_hold, "an intercept is missing" },
	{ int_ctl_holds, "stray bits in int_ctl" },
	{ caches_hold, "CR0.NE, CR0.CD, CR0.NW or CR4.MCE is the guest's" },
};

const char *svm_entry_broken(const struct vmcb *vmcb)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!rules[i].holds(vmcb))
			return rules[i].broken;
	return NULL;
}
