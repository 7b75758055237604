// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC at hand-over, and the one interrupt that the hypervisor sends. */
#include "core/cpu.h"
#include "hv.h"

#define APIC_MODE	(ARCH_APIC_BASE_EN | ARCH_APIC_BASE_EXTD)

/*
 * SDM vol. 3, 12.12.5 and APM vol. 2, 16.9: the only way out of x2APIC mode is
 * through the disabled state, which also resets every register of the APIC.
 */
static void apic_set_mode(u64 base)
{
	arch_wrmsr(ARCH_MSR_APIC_BASE, base & ~APIC_MODE);
	if (base & ARCH_APIC_BASE_EN)
		arch_wrmsr(ARCH_MSR_APIC_BASE, base & ~ARCH_APIC_BASE_EXTD);
	arch_wrmsr(ARCH_MSR_APIC_BASE, base);
}

/**
 * apic_enter_x2apic() - x2APIC mode, whatever Linux uses
 * @cpu: this CPU
 *
 * The INIT that brought the CPU here has reset the APIC's registers, so the way
 * in need not pass through the disabled state, from which some (Bochs') never return.
 */
void apic_enter_x2apic(struct covirt_cpu *cpu)
{
	cpu->apic_base = arch_rdmsr(ARCH_MSR_APIC_BASE);
	arch_wrmsr(ARCH_MSR_APIC_BASE, cpu->apic_base | APIC_MODE);
}

/**
 * apic_restore() - Linux's APIC mode, with nothing of the co-kernel in the APIC
 * @cpu: this CPU
 */
void apic_restore(const struct covirt_cpu *cpu)
{
	apic_set_mode(cpu->apic_base);
}

/**
 * apic_notify() - raise the controller's interrupt on Linux
 * @cpu: this CPU, in x2APIC mode
 *
 * Destination and vector are one word, so that they change together when Linux moves the interrupt.
 */
void apic_notify(const struct covirt_cpu *cpu)
{
	u64 notify = READ_ONCE(cpu->config->notify);

	if (notify)
		arch_wrmsr(ARCH_MSR_X2APIC_ICR, notify);
}
