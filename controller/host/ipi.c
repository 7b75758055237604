// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bug.h>
#include <linux/irqflags.h>
#include <asm/apic.h>

#include "controller/host/ipi.h"

/**
 * ipi_send() - write Linux's ICR
 * @command: its lower half
 * @apicid:  destination
 *
 * The ICR of this CPU takes one command at a time, and in xAPIC mode two
 * writes make one: nothing else of this CPU may come in between.
 *
 * Context: any but an NMI.
 */
void ipi_send(u32 command, apicid_t apicid)
{
	unsigned long flags;

	WARN_ON_ONCE(in_nmi());
	local_irq_save(flags);
	if (apic->safe_wait_icr_idle)
		apic->safe_wait_icr_idle();
	apic->icr_write(command, apicid);
	local_irq_restore(flags);
}

/**
 * ipi_doorbell() - make a CPU leave guest mode
 * @apicid: the CPU, which runs the hypervisor
 */
void ipi_doorbell(apicid_t apicid)
{
	ipi_send(APIC_DM_NMI, apicid);
}

/**
 * ipi_interrupt() - interrupt the co-kernel on a CPU
 * @apicid: the CPU
 * @vector: vector
 *
 * What was written to memory before is seen by who is interrupted.
 */
void ipi_interrupt(apicid_t apicid, vector_t vector)
{
	mb();	/* in x2APIC mode the write to the ICR alone orders nothing */
	ipi_send(APIC_DM_FIXED | vector, apicid);
}
