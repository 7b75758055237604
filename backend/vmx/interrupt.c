// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts that arrive, where they are screened: they exit, and are not acknowledged by that. */
#include "core/arch.h"
#include "vmx.h"

/*
 * An interrupt that waits makes the guest exit, whether or not it could take it. While it
 * could not, it exits when it can instead: at a window, which comes before the interrupt
 * (SDM vol. 3, 26.2).
 */
static void interrupt_window(bool wanted)
{
	u64 pin = vmcs_read(VMCS_PIN_CONTROLS) & ~PIN_INTERRUPT_EXITING;
	u64 primary = vmcs_read(VMCS_PRIMARY_CONTROLS) & ~PRIMARY_INTERRUPT_WINDOW;

	vmcs_write(VMCS_PIN_CONTROLS, wanted ? pin : pin | PIN_INTERRUPT_EXITING);
	vmcs_write(VMCS_PRIMARY_CONTROLS, wanted ? primary | PRIMARY_INTERRUPT_WINDOW : primary);
}

static bool takes_interrupts(void)
{
	return vmcs_read(VMCS_GUEST_RFLAGS) & ARCH_RFLAGS_IF &&
	       !(vmcs_read(VMCS_GUEST_INTERRUPTIBILITY) & INTERRUPTIBILITY_SHADOW);
}

/**
 * vmx_accept() - take the interrupt that made the guest exit, if the guest could
 * @cpu: this CPU
 *
 * It is not acknowledged by the exit: as long as the guest cannot take it, it waits in the APIC
 * as if there were no hypervisor.
 *
 * Return: see trap_accept().
 */
s32 vmx_accept(struct covirt_cpu *cpu)
{
	bool takes = takes_interrupts();

	interrupt_window(!takes);
	return takes ? trap_accept(cpu, vmx_interrupt_gap) : -1;
}

/**
 * vmx_interrupt() - deliver an interrupt at the next entry
 * @cpu:    this CPU
 * @vector: vector
 */
void vmx_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
	vmcs_write(VMCS_ENTRY_EVENT, vector | EVENT_TYPE_INTERRUPT << 8 | EVENT_VALID);
}
