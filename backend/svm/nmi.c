// SPDX-License-Identifier: GPL-2.0-only
/*
 * NMIs of the guest's own, from a CPU of its enclave.
 *
 * The processor holds further NMIs back until IRET, but not those that are
 * injected (APM vol. 2, 15.20): that is done here. While one is being handled,
 * IRET is intercepted; one that comes meanwhile is owed, and injected when the
 * guest takes interrupts again, which is what there is an intercept for.
 */
#include "svm.h"

static bool is_blocked(const struct vmcb_control *control)
{
	return control->intercept3 & INTERCEPT_IRET;
}

/* A virtual interrupt that is never delivered: the guest exits when it could be. */
static void window_open(struct vmcb_control *control)
{
	control->int_ctl = VMCB_V_IRQ | VMCB_V_IGN_TPR;
	control->intercept3 |= INTERCEPT_VINTR;
}

static void window_close(struct vmcb_control *control)
{
	control->int_ctl = 0;
	control->intercept3 &= ~INTERCEPT_VINTR;
}

/**
 * svm_nmi() - an NMI for the guest
 * @cpu: this CPU
 */
void svm_nmi(struct covirt_cpu *cpu)
{
	struct vmcb_control *control = &svm_vmcb(cpu)->control;

	cpu->nmi_owed = is_blocked(control) || control->event_inj & VMCB_EVENT_VALID;
	if (!cpu->nmi_owed) {
		control->event_inj = VMCB_EVENT_NMI | VMCB_EVENT_VALID;
		control->intercept3 |= INTERCEPT_IRET;
	} else if (!is_blocked(control)) {
		window_open(control);
	}
}

/**
 * svm_nmi_iret() - the guest is about to return from its NMI handler
 * @cpu: this CPU
 */
void svm_nmi_iret(struct covirt_cpu *cpu)
{
	struct vmcb_control *control = &svm_vmcb(cpu)->control;

	control->intercept3 &= ~INTERCEPT_IRET;
	if (cpu->nmi_owed)
		window_open(control);
}

/**
 * svm_nmi_window() - the guest takes interrupts: now it gets what it is owed
 * @cpu: this CPU
 */
void svm_nmi_window(struct covirt_cpu *cpu)
{
	window_close(&svm_vmcb(cpu)->control);
	if (cpu->nmi_owed)
		svm_nmi(cpu);
}
