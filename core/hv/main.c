// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's life on one CPU: arrive, run the co-kernel, leave. */
#include "core/control_policy.h"
#include "core/cpu.h"
#include "core/guest_apic.h"
#include "core/run.h"
#include "core/smp.h"
#include "hv.h"
#include "safe.h"

/* Readers on the other side of the wall see everything written before. */
static void state_set(struct covirt_status *status, enum covirt_cpu_state state)
{
	__atomic_store_n(&status->state, state, __ATOMIC_RELEASE);
}

/*
 * The hypervisor takes machine checks itself, and executes XSETBV for the
 * guest where there is any.
 */
static void cr4_init(void)
{
	u64 cr4 = ARCH_CR4_PAE | ARCH_CR4_MCE;

	if (arch_cpuid(1, 0).ecx & ARCH_CPUID_1_ECX_XSAVE)
		cr4 |= ARCH_CR4_OSXSAVE | ARCH_CR4_OSFXSR;
	arch_write_cr4(cr4);
}

static void cpu_init(struct covirt_cpu *cpu)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu_place(cpu);
	idt_load();
	cr4_init();
	cpu->cr4_mask = cr4_mask(arch_cpuid);
	cpu->efer_mask = efer_mask(arch_cpuid);
	cpu->waiting = cpu->index != cpu->config->boot;
}

/* INIT does not clear it. A processor may lack it: what is written back then is lost as well. */
static void debugctl_save(struct covirt_cpu *cpu)
{
	if (arch_rdmsr_safe(ARCH_MSR_DEBUGCTL, &cpu->linux_debugctl))
		cpu->linux_debugctl = 0;
	arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, 0);
}

/**
 * hv_main() - first C function on an enclave CPU, which is ENTERED
 * @cpu: at the top of the CPU's private page
 *
 * The order at the end matters: Linux is notified while the APIC is still in the
 * enclave's mode; PARKED comes when the CPU wants nothing but an INIT, and before an
 * INIT that was held while the guest ran can end all this.
 */
void __noreturn hv_main(struct covirt_cpu *cpu)
{
	cpu_init(cpu);
	apic_enter(cpu);
	guest_apic_reset(cpu);
	scrub_registers();
	debugctl_save(cpu);
	cpu->backend->enable(cpu);
	run_begin(cpu);
	state_set(cpu->status, COVIRT_CPU_RUNNING);
	if (smp_wait(cpu) == COVIRT_RESUME)
		cpu->backend->run(cpu);
	if (cpu->status->fault.reason != COVIRT_FAULT_STOPPED)
		smp_stop_others(cpu);
	state_set(cpu->status, COVIRT_CPU_LEAVING);
	cpu->backend->disable(cpu);
	arch_wrmsr_safe(ARCH_MSR_DEBUGCTL, cpu->linux_debugctl);
	scrub_registers();
	apic_notify(cpu);
	apic_restore(cpu);
	cpu_park(cpu);
}
