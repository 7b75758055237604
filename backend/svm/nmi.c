// SPDX-License-Identifier: GPL-2.0-only
/*
 * NMIs of the guest's own, from a CPU of its enclave.
 *
 * The processor holds further NMIs back until IRET, but not those that are
 * injected (APM vol. 2, 15.20): that is done here. While one is being handled,
 * IRET is intercepted. If one is owed by then, that IRET is stepped over: when it
 * has ended, the guest takes NMIs again, whatever its RFLAGS.IF. A virtual interrupt
 * (V_IRQ) would wait for IF, and is ignored where there is AVIC.
 */
#include "core/hv/hv.h"
#include "svm.h"

#define DR6_BREAKPOINTS	0xfUL
#define DR6_BS		BIT(14)
#define DR6_CAUSES	0xe00fUL	/* BT, BS, BD, breakpoints */
#define DR7_ENABLED(n)	(3UL << 2 * (n))
#define NR_BREAKPOINTS	4

static bool is_blocked(const struct covirt_cpu *cpu, const struct vmcb_control *control)
{
	return control->intercept3 & INTERCEPT_IRET || cpu->stepping;
}

/**
 * svm_nmi() - an NMI for the guest
 * @cpu: this CPU
 *
 * As in a processor at most one waits. svm_nmi_settle() delivers it.
 */
void svm_nmi(struct covirt_cpu *cpu)
{
	cpu->nmi_owed = true;
}

/**
 * svm_nmi_again() - the delivery of an NMI was broken off: it has yet to come
 * @cpu: this CPU
 */
void svm_nmi_again(struct covirt_cpu *cpu)
{
	svm_vmcb(cpu)->control.intercept3 &= ~INTERCEPT_IRET;
	svm_nmi(cpu);
}

/*
 * While the step lasts every exception exits, for the one that IRET raises must not show the
 * guest our TF. Nor may an interrupt, which would come first: the shadow holds it back.
 */
static void step_begin(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	cpu->stepping = true;
	cpu->step_rflags = vmcb->save.rflags;
	cpu->step_dr6 = vmcb->save.dr6;
	vmcb->save.dr6 = DR6_RESET;
	vmcb->save.rflags |= ARCH_RFLAGS_TF;
	vmcb->control.int_state |= VMCB_INTERRUPT_SHADOW;
	vmcb->control.intercept_exception = ~(u32)BIT(ARCH_VECTOR_NMI);
}

/**
 * svm_nmi_iret() - the guest is about to return from its NMI handler
 * @cpu: this CPU
 */
void svm_nmi_iret(struct covirt_cpu *cpu)
{
	const struct vmcb_save *save = &svm_vmcb(cpu)->save;

	svm_vmcb(cpu)->control.intercept3 &= ~INTERCEPT_IRET;
	cpu->iret_rip = save->rip;
	cpu->iret_rsp = save->rsp;
	if (cpu->nmi_owed)
		step_begin(cpu);
}

/* An IRET that is not intercepted any more has yet to be executed: NMIs are blocked until then. */
static bool is_at_iret(const struct covirt_cpu *cpu, const struct vmcb_save *save)
{
	return save->rip == cpu->iret_rip && save->rsp == cpu->iret_rsp;
}

/* Bits of DR6 for which the guest has asked, by its TF or by DR7. */
static u64 causes_wanted(const struct covirt_cpu *cpu, u64 causes, u64 dr7)
{
	u64 wanted = causes & ~DR6_BREAKPOINTS;
	u32 n;

	if (!(cpu->step_rflags & ARCH_RFLAGS_TF))
		wanted &= ~DR6_BS;
	for (n = 0; n < NR_BREAKPOINTS; n++)
		if (dr7 & DR7_ENABLED(n))
			wanted |= causes & BIT(n);
	return wanted;
}

/*
 * IRET has not ended: whatever came first, it will exit again. If it has faulted NMIs stay
 * blocked until the handler of that returns.
 */
static void step_give_up(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);
	u64 tf = cpu->step_rflags & ARCH_RFLAGS_TF;

	vmcb->save.rflags = (vmcb->save.rflags & ~ARCH_RFLAGS_TF) | tf;
	vmcb->control.intercept3 |= INTERCEPT_IRET;
}

/**
 * svm_nmi_stepped() - the guest has left during a step
 * @cpu: this CPU, which was stepping
 *
 * Return: true if it has left for nothing else: IRET has ended.
 */
bool svm_nmi_stepped(struct covirt_cpu *cpu)
{
	struct vmcb *vmcb = svm_vmcb(cpu);
	u64 causes = vmcb->save.dr6 & DR6_CAUSES;
	/* Bochs exits before DR6 has the cause: where there is none, it is that. */
	bool ended = vmcb->control.exitcode == VMEXIT_EXCEPTION + ARCH_VECTOR_DB &&
		     (causes & DR6_BS || !causes);

	hv_assert(cpu->stepping);
	cpu->stepping = false;
	vmcb->control.intercept_exception = SVM_EXCEPTIONS;
	if (!ended)
		step_give_up(cpu);
	else
		causes = causes_wanted(cpu, causes, vmcb->save.dr7);
	vmcb->save.dr6 = cpu->step_dr6 | causes;
	return ended && !causes;
}

/**
 * svm_nmi_settle() - deliver the NMI that is owed, if the guest can take it
 * @cpu: this CPU, which owes one, the exit having been dealt with
 *
 * Behind an event that is being injected it comes by a doorbell of our own: held back as long
 * as GIF is 0, that makes the guest exit at the first instruction of the event's handler.
 */
void svm_nmi_settle(struct covirt_cpu *cpu)
{
	struct vmcb_control *control = &svm_vmcb(cpu)->control;

	hv_assert(cpu->nmi_owed);
	if (is_blocked(cpu, control))
		return;
	if (control->event_inj & VMCB_EVENT_VALID) {
		apic_send_nmi(cpu, cpu->self->apicid);
		return;
	}
	if (is_at_iret(cpu, &svm_vmcb(cpu)->save)) {
		step_begin(cpu);
		return;
	}
	cpu->nmi_owed = false;
	control->event_inj = VMCB_EVENT_NMI | VMCB_EVENT_VALID;
	control->intercept3 |= INTERCEPT_IRET;
	svm_shadow_clear(cpu);
}
