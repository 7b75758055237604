// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choice between direct and filtered interrupts. Linux's broadcasts reach every CPU whose APIC is
 * enabled, and interrupts that Linux sends by logical id may reach others than it means: where
 * either is possible, arriving interrupts are filtered.
 */
#include <linux/io.h>
#include <linux/lockdep.h>
#include <asm/apic.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/interrupts.h"
#include "controller/enclave/state.h"
#include "controller/host/backend.h"
#include "controller/host/linux_cmdline.h"

/*
 * In flat logical mode Linux addresses CPU n by bit n. A CPU in x2APIC mode
 * answers to bit (APIC id & 15) of cluster 0 (SDM vol. 3, 12.12.10.2): if that is
 * the bit of another CPU, interrupts for Linux reach the co-kernel. One in xAPIC mode
 * has no such bit (core/hv/apic.c).
 */
static bool answers_for_another(int cpu)
{
	apicid_t bit = enclave_cpus_apicid(cpu);

	return bit < 8 && bit != cpu && bit < nr_cpu_ids && cpu_present(bit);
}

static bool ids_are_safe(const struct enclave *enclave)
{
	u32 index, rest;

	if (backend_features() & COVIRT_FEATURE_XAPIC || x2apic_mode || !apic->dest_mode_logical)
		return true;
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (answers_for_another(enclave->cpus.cpu[index]))
			return false;
	return true;
}

/* Linux is taken to broadcast if the parameter cannot be read. */
static bool linux_does_not_broadcast(void)
{
	return linux_cmdline_int("no_ipi_broadcast") > 0;
}

static bool arrivals_are_safe(const struct enclave *enclave)
{
	return linux_does_not_broadcast() && ids_are_safe(enclave);
}

/**
 * enclave_interrupts_mode() - the mode of the next start, or of the run
 * @enclave: locked
 *
 * Return: enum covirt_interrupts.
 */
u32 enclave_interrupts_mode(const struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	if (enclave_is_busy(enclave))
		return enclave->space.config->interrupts;
	if (enclave->interrupts != ENCLAVE_INTERRUPTS_AUTO)
		return enclave->interrupts;
	return arrivals_are_safe(enclave) ? COVIRT_INTERRUPTS_DIRECT : COVIRT_INTERRUPTS_FILTERED;
}

/**
 * enclave_interrupts_choose() - decide on the mode of a start
 * @enclave: locked, about to start; its configuration says it afterwards
 */
void enclave_interrupts_choose(struct enclave *enclave)
{
	u32 mode = enclave_interrupts_mode(enclave);

	lockdep_assert_held(&enclave->lock);
	enclave->space.config->interrupts = mode;
	if (mode == COVIRT_INTERRUPTS_DIRECT && !arrivals_are_safe(enclave))
		dev_warn(&enclave->dev,
			 "interrupts is direct, so Linux's broadcast interrupts reach the co-kernel: boot Linux with no_ipi_broadcast=1 (and possible_cpus=9 where it uses logical ids), or write auto to interrupts\n");
}

/**
 * enclave_ioapic() - the page that the co-kernel finds as its I/O APIC
 * @enclave: locked
 *
 * Return: host-physical address; 0 where com1_irq is off.
 */
hpa_t enclave_ioapic(const struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	return enclave->com1_irq ? virt_to_phys(&enclave->space.shared->ioapic_page) : 0;
}
