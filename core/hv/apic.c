// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC at hand-over and at an INIT, and what the hypervisor sends. */
#include "core/cpu.h"
#include "core/icr.h"
#include "hv.h"
#include "safe.h"

#define X2APIC_TPR		0x808
#define X2APIC_EOI		0x80b
#define X2APIC_SPURIOUS		0x80f
#define X2APIC_ISR		0x810	/* eight of 32 bits */
#define X2APIC_LVT_TIMER	0x832	/* the first of six in a row */
#define X2APIC_LVT_ERROR	0x837
#define X2APIC_TIMER_COUNT	0x838
#define X2APIC_TIMER_DIVIDE	0x83e

#define LVT_MASKED		BIT(16)
#define SPURIOUS_RESET		0xff
#define NR_VECTORS		256

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
 * apic_in_service() - has this interrupt been delivered, and not been ended yet?
 * @vector: vector; a spurious interrupt never is
 */
bool apic_in_service(vector_t vector)
{
	return arch_rdmsr(X2APIC_ISR + vector / 32) & BIT(vector % 32);
}

/**
 * apic_end_interrupt() - the one of highest priority that is in service
 */
void apic_end_interrupt(void)
{
	arch_wrmsr(X2APIC_EOI, 0);
}

static bool any_in_service(void)
{
	u32 n;

	for (n = 0; n < NR_VECTORS / 32; n++)
		if (arch_rdmsr(X2APIC_ISR + n))
			return true;
	return false;
}

/* At most once per priority class and vector, whatever the guest did. */
static void end_interrupts(void)
{
	u32 n;

	for (n = 0; n < NR_VECTORS && any_in_service(); n++)
		apic_end_interrupt();
}

/**
 * apic_reset() - the guest's APIC after an INIT
 *
 * SDM vol. 3, 12.4.7.3, for an APIC in x2APIC mode, which INIT keeps. What is
 * requested already stays so: it is delivered once the guest switches the APIC on
 * again, and kernels are used to find such leftovers there.
 */
void apic_reset(void)
{
	u32 msr;

	for (msr = X2APIC_LVT_TIMER; msr <= X2APIC_LVT_ERROR; msr++)
		arch_wrmsr_safe(msr, LVT_MASKED);
	arch_wrmsr(X2APIC_TIMER_COUNT, 0);
	arch_wrmsr(X2APIC_TIMER_DIVIDE, 0);
	arch_wrmsr(X2APIC_TPR, 0);
	end_interrupts();
	arch_wrmsr(X2APIC_SPURIOUS, SPURIOUS_RESET);
}

/*
 * What was written to memory before is seen by who is interrupted: WRMSR to the ICR alone
 * does not order it (SDM vol. 3, 12.12.3).
 */
static void order_stores(void)
{
	asm volatile("mfence; lfence" ::: "memory");
}

static void send(u32 command, apicid_t apicid)
{
	arch_wrmsr(ARCH_MSR_X2APIC_ICR, (u64)apicid << 32 | command);
}

/**
 * apic_send_nmi() - ring another CPU's doorbell
 * @apicid: the CPU
 *
 * Context: x2APIC mode.
 */
void apic_send_nmi(apicid_t apicid)
{
	order_stores();
	send(ICR_NMI << 8, apicid);
}

/**
 * apic_send_fixed() - interrupt CPUs of the enclave, this one perhaps among them
 * @vector:  vector, from 16 on
 * @config:  the enclave
 * @targets: mask of slots
 *
 * Context: x2APIC mode.
 */
void apic_send_fixed(vector_t vector, const struct covirt_config *config, u32 targets)
{
	u32 slot, rest;

	order_stores();
	for_each_slot(slot, rest, targets)
		send(ICR_FIXED << 8 | vector, config->cpu[slot].apicid);
}

/**
 * apic_send_routed() - interrupt somebody outside the enclave
 * @target: from route_order()
 *
 * Context: x2APIC mode.
 */
void apic_send_routed(u64 target)
{
	order_stores();
	arch_wrmsr(ARCH_MSR_X2APIC_ICR, target);
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
