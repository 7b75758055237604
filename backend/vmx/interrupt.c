// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that arrive, where they are filtered: they exit, and are not acknowledged by that.
 * And those whose delivery was broken off: what is in service in the APIC does not come by
 * itself again.
 */
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

	interrupt_window(!takes || vectors_any(&cpu->interrupts_owed));
	return takes ? trap_accept(cpu, vmx_interrupt_window) : -1;
}

/**
 * vmx_interrupt() - deliver an interrupt at the next entry
 * @cpu:    this CPU, whose guest can take one
 * @vector: vector
 */
void vmx_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
	hv_assert(takes_interrupts());
	hv_assert(!(vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID));
	vmcs_write(VMCS_ENTRY_EVENT, vector | EVENT_TYPE_INTERRUPT << 8 | EVENT_VALID);
}

static bool is_filtered(const struct covirt_cpu *cpu)
{
	return cpu->config->interrupts == COVIRT_INTERRUPTS_FILTERED;
}

static void window_close(void)
{
	vmcs_write(VMCS_PRIMARY_CONTROLS,
		   vmcs_read(VMCS_PRIMARY_CONTROLS) & ~PRIMARY_INTERRUPT_WINDOW);
}

static void window_open(void)
{
	vmcs_write(VMCS_PRIMARY_CONTROLS,
		   vmcs_read(VMCS_PRIMARY_CONTROLS) | PRIMARY_INTERRUPT_WINDOW);
}

/**
 * vmx_interrupt_window_open() - the guest takes interrupts: now it gets one that it is owed
 * @cpu: this CPU
 *
 * Where they are filtered the window stays open: vmx_accept() closes it.
 *
 * Return: false if none is owed.
 */
bool vmx_interrupt_window_open(struct covirt_cpu *cpu)
{
	s32 vector = vectors_pop_highest(&cpu->interrupts_owed);

	if (vector < 0)
		return false;
	if (!is_filtered(cpu) && !vectors_any(&cpu->interrupts_owed))
		window_close();
	vmx_interrupt(cpu, vector);
	return true;
}

/**
 * vmx_redeliver() - the guest may have left while an event was being delivered: it is not lost
 * @cpu: this CPU
 *
 * An interrupt comes when the guest takes interrupts again, behind the exception that broke its
 * delivery off, and an NMI likewise. Exceptions and software interrupts their instruction raises
 * again (SDM vol. 3, 28.2.4).
 */
void vmx_redeliver(struct covirt_cpu *cpu)
{
	u64 event = vmcs_read(VMCS_EXIT_DELIVERY);

	if (!(event & EVENT_VALID))
		return;
	if (EVENT_TYPE(event) == EVENT_TYPE_NMI) {
		vmx_nmi_again();
	} else if (EVENT_TYPE(event) == EVENT_TYPE_INTERRUPT) {
		vectors_add(&cpu->interrupts_owed, EVENT_VECTOR(event));
		window_open();
	}
}
