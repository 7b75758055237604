// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts that arrive, where they are screened. */
#include "svm.h"

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
 * @cpu:    this CPU
 * @vector: vector
 */
void svm_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
	svm_vmcb(cpu)->control.event_inj = vector | VMCB_EVENT_INTERRUPT | VMCB_EVENT_VALID;
}
