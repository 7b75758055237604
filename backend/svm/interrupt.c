// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that arrive, where they are filtered; and those whose delivery was broken off: what
 * is in service in the APIC does not come by itself again.
 */
#include "svm.h"

/* A virtual interrupt that is never delivered: the guest exits when it could be. */
static void window(struct vmcb_control *control, bool wanted)
{
	if (wanted) {
		control->int_ctl |= VMCB_V_IRQ | VMCB_V_IGN_TPR;
		control->intercept3 |= INTERCEPT_VINTR;
	} else {
		control->int_ctl &= ~(VMCB_V_IRQ | VMCB_V_IGN_TPR);
		control->intercept3 &= ~INTERCEPT_VINTR;
	}
}

/**
 * svm_accept() - take the interrupt that made the guest exit
 * @cpu: this CPU
 *
 * With V_INTR_MASKING off, RFLAGS.IF is the guest's (APM vol. 2, 15.21.1): it exits only
 * when it could take one.
 *
 * Return: see trap_accept().
 */
s32 svm_accept(struct covirt_cpu *cpu)
{
	return trap_accept(cpu, svm_interrupt_window);
}

/**
 * svm_interrupt() - deliver an interrupt at the next entry
 * @cpu:    this CPU, whose guest can take one
 * @vector: vector
 */
void svm_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
	struct vmcb *vmcb = svm_vmcb(cpu);

	hv_assert(vmcb->save.rflags & ARCH_RFLAGS_IF);
	hv_assert(!(vmcb->control.event_inj & VMCB_EVENT_VALID));
	vmcb->control.event_inj = vector | VMCB_EVENT_INTERRUPT | VMCB_EVENT_VALID;
}

/**
 * svm_interrupt_window_open() - the guest takes interrupts: now it gets one that it is owed
 * @cpu: this CPU
 */
void svm_interrupt_window_open(struct covirt_cpu *cpu)
{
	s32 vector = vectors_pop_highest(&cpu->interrupts_owed);

	window(&svm_vmcb(cpu)->control, vectors_any(&cpu->interrupts_owed));
	if (vector >= 0)
		svm_interrupt(cpu, vector);
}

/**
 * svm_redeliver() - the guest may have left while an event was being delivered: it is not lost
 * @cpu: this CPU
 *
 * An interrupt comes when the guest takes interrupts again, behind the exception that broke its
 * delivery off, and an NMI likewise. Exceptions and software interrupts their instruction raises
 * again (APM vol. 2, 15.7.2). QEMU tells of interrupts and NMIs as exceptions of their vector.
 */
void svm_redeliver(struct covirt_cpu *cpu)
{
	struct vmcb_control *control = &svm_vmcb(cpu)->control;
	u64 event = control->exitintinfo;
	vector_t vector = VMCB_EVENT_VECTOR(event);

	if (!(event & VMCB_EVENT_VALID) || VMCB_EVENT_TYPE(event) > VMCB_EVENT_EXCEPTION)
		return;
	if (vector == ARCH_VECTOR_NMI) {
		svm_nmi_again(cpu);
	} else if (VMCB_EVENT_TYPE(event) == VMCB_EVENT_INTERRUPT || vector >= HV_NR_EXCEPTIONS) {
		vectors_add(&cpu->interrupts_owed, vector);
		window(control, true);
	}
}
