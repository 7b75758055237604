// SPDX-License-Identifier: GPL-2.0-only
#include "core/assert.h"
#include "core/guest_apic.h"
#include "core/hv/hv.h"
#include "irq/avic_posted/apic_mode.h"

/**
 * guest_apic_reset() - after an INIT: what the hypervisor keeps of it
 * @cpu: this CPU
 *
 * SDM vol. 3, 12.4.7.1.
 */
void guest_apic_reset(struct covirt_cpu *cpu)
{
	memset(cpu->icr, 0, sizeof(cpu->icr));
	WRITE_ONCE(guest_apic_logical(cpu)->ldr, 0);
	WRITE_ONCE(guest_apic_logical(cpu)->dfr, ~0U);
}

/**
 * guest_apic_switch() - the guest changes its mode
 * @cpu:  this CPU, whose processor has x2APIC
 * @mode: from apic_base_permit()
 *
 * SDM vol. 3, 12.4.3: one that is disabled has lost what it was told.
 */
void guest_apic_switch(struct covirt_cpu *cpu, u64 mode)
{
	hv_assert(guest_apic_is_emulated(cpu));
	if (mode == APIC_MODE_DISABLED)
		apic_reset(cpu);
	guest_apic_reset(cpu);
	apic_mode_set(cpu, mode);
	cpu->apic_moved = true;
}
