// SPDX-License-Identifier: GPL-2.0-only
/* Exit handling: the decisions are the same for every vendor. */
#include "core/arch.h"
#include "core/assert.h"
#include "core/cpuid_policy.h"
#include "core/cpuid_topology.h"
#include "core/exit.h"
#include "core/exit_handlers.h"
#include "core/hv/hv.h"
#include "core/hv/safe.h"
#include "core/smp.h"
#include "irq/avic_posted/irq_filter.h"

static enum covirt_verdict exit_doorbell(struct covirt_cpu *cpu,
					 const struct covirt_exit *exit __maybe_unused)
{
	return smp_doorbell(cpu);
}

/* The backend has done what there is to do: see covirt_backend_cpu::inject. */
static enum covirt_verdict exit_nmi_window(struct covirt_cpu *cpu __maybe_unused,
					   const struct covirt_exit *exit __maybe_unused)
{
	return COVIRT_RESUME;
}

static void cpuid_show(struct covirt_cpu *cpu, u32 leaf, u32 subleaf, struct arch_cpuid *r)
{
	const struct covirt_topology *topology = &cpu->config->topology;

	cpuid_show_more(arch_cpuid, leaf, cpu->backend->read(cpu, COVIRT_REG_CR4), r);
	if (topology->own)
		cpuid_topology_show(topology, cpu_guest_apicid(cpu), leaf, subleaf, r);
	if (leaf == 1 && !cpu->apic_mode)
		r->edx &= ~ARCH_CPUID_1_EDX_APIC;
}

static enum covirt_verdict exit_cpuid(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u32 leaf = cpu->gpr[GPR_RAX], subleaf = cpu->gpr[GPR_RCX];
	struct arch_cpuid r = arch_cpuid(leaf, subleaf);

	if (cpuid_filter(leaf, subleaf, &r))
		cpuid_show(cpu, leaf, subleaf, &r);
	cpu->gpr[GPR_RAX] = r.eax;
	cpu->gpr[GPR_RBX] = r.ebx;
	cpu->gpr[GPR_RCX] = r.ecx;
	cpu->gpr[GPR_RDX] = r.edx;
	return run_skip(cpu, exit);
}

/* Only writes of CR0 and CR4 exit; each backend says why. */
static enum covirt_verdict exit_cr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct control_state now;
	u64 value = exit->value;
	bool permit;

	if (exit->cr != 0 && exit->cr != 4)
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, exit->cr);
	run_control_state(cpu, &now);
	if (!now.code64)
		value = (u32)value;	/* whatever 64-bit code has left in the upper half */
	permit = exit->cr ? cr4_permit(&now, cpu->cr4_mask, value) : cr0_permit(&now, value);
	if (!permit)
		return run_fault(cpu, ARCH_VECTOR_GP);
	cpu->backend->control(cpu, exit, value);
	return COVIRT_RESUME;
}

static enum covirt_verdict exit_xsetbv(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct arch_cpuid leaf = arch_cpuid(0xd, 0);
	u64 supported = (u64)leaf.edx << 32 | leaf.eax;
	u64 value = cpu_edx_eax(cpu);
	u32 index = cpu->gpr[GPR_RCX];

	if (!(cpu->backend->read(cpu, COVIRT_REG_CR4) & ARCH_CR4_OSXSAVE))
		return run_fault(cpu, ARCH_VECTOR_UD);
	if (cpu->backend->read(cpu, COVIRT_REG_CPL) || index || !xcr0_permit(supported, value) ||
	    xsetbv_safe(index, value))
		return run_fault(cpu, ARCH_VECTOR_GP);
	return run_skip(cpu, exit);
}

/*
 * With no device assigned nothing depends on the caches being written back,
 * and flushing a shared cache is an attack on everyone's time.
 */
static enum covirt_verdict exit_cache_flush(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return run_skip(cpu, exit);
}

/*
 * #DB and #AC exit only so that a guest which raises them without end (each
 * delivery raising the next) still takes the doorbell between two of them. A #DB clears
 * DEBUGCTL.BTF, but not when it is injected (APM vol. 2, 13.1.1; SDM vol. 3, 27.6.1.1).
 */
static enum covirt_verdict exit_exception(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	if (exit->vector == ARCH_VECTOR_MC) {
		/* Still "in progress", the next one would shut the processor down. */
		arch_wrmsr_safe(ARCH_MSR_MCG_STATUS, 0);
		return run_contain(cpu, exit, COVIRT_FAULT_MACHINE_CHECK, 0);
	}
	if (exit->vector == ARCH_VECTOR_DB)
		run_debugctl_set(cpu, 0);
	cpu->backend->inject(cpu, exit->vector, exit->error);
	return COVIRT_RESUME;
}

/* An instruction of virtualization, or another one that CPUID does not announce, is #UD. */
static enum covirt_verdict exit_virt_insn(struct covirt_cpu *cpu,
					  const struct covirt_exit *exit __maybe_unused)
{
	return run_fault(cpu, ARCH_VECTOR_UD);
}

static enum covirt_verdict exit_rdpmc(struct covirt_cpu *cpu,
				      const struct covirt_exit *exit __maybe_unused)
{
	return run_fault(cpu, ARCH_VECTOR_GP);
}

static bool is_admitted(struct covirt_cpu *cpu, vector_t vector)
{
	const struct irq_filter filter = {
		.own = &cpu->own,
		.granted = &cpu->self->granted,
		.expected = &cpu->shared->expected[cpu->index],
	};

	return irq_filter_admit(&filter, vector);
}

/*
 * An interrupt that the guest gets is in service in its APIC already, and the guest ends it. A
 * dropped one is ended here. A spurious one needs no end.
 */
static enum covirt_verdict exit_interrupt(struct covirt_cpu *cpu,
					  const struct covirt_exit *exit __maybe_unused)
{
	s32 vector = cpu->backend->accept(cpu);

	if (vector < 0 || !apic_in_service(cpu, vector))
		return COVIRT_RESUME;
	if (is_admitted(cpu, vector)) {
		cpu->backend->interrupt(cpu, vector);
		return COVIRT_RESUME;
	}
	cpu->status->interrupts_dropped++;
	apic_end_interrupt(cpu);
	return COVIRT_RESUME;
}

#define BIOS_ENTRY	0xffff0	/* where a PC's firmware is entered in real mode */

/*
 * Linux's last resort to reboot, and its first where ACPI is hardware-reduced
 * and there is no EFI, is a jump to the BIOS in real mode.
 */
static bool is_bios_entry(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return exit->access == COVIRT_EXEC && exit->gpa == BIOS_ENTRY &&
	       !(cpu->backend->read(cpu, COVIRT_REG_CR0) & ARCH_CR0_PE);
}

static enum covirt_verdict exit_nested_fault(struct covirt_cpu *cpu,
					     const struct covirt_exit *exit)
{
	if (exit_is_xapic(cpu, exit))
		return exit_xapic(cpu, exit);
	if (exit_is_ioapic_write(cpu, exit))
		return exit_ioapic_write(cpu, exit);
	if (exit_is_unclaimed(cpu, exit))
		return exit_unclaimed(cpu, exit);
	return run_contain(cpu, exit,
			   is_bios_entry(cpu, exit) ? COVIRT_FAULT_GUEST_RESET :
						      COVIRT_FAULT_MEMORY_VIOLATION, 0);
}

#define EXIT_CONTAINED(name, reason)						\
static enum covirt_verdict exit_##name(struct covirt_cpu *cpu,			\
				       const struct covirt_exit *exit)		\
{										\
	return run_contain(cpu, exit, COVIRT_FAULT_##reason, 0);		\
}

EXIT_CONTAINED(shutdown, TRIPLE_FAULT)
EXIT_CONTAINED(init, INIT)
EXIT_CONTAINED(entry_failed, ENTRY_FAILED)
EXIT_CONTAINED(unknown, UNKNOWN_EXIT)
EXIT_CONTAINED(nested_broken, NESTED_BROKEN)

typedef enum covirt_verdict exit_handler(struct covirt_cpu *cpu, const struct covirt_exit *exit);

static exit_handler *const handlers[COVIRT_NR_EXITS] = {
#define EXIT_HANDLER(id, name)	[COVIRT_EXIT_##id] = exit_##name,
	COVIRT_EXIT_REASONS(EXIT_HANDLER)
#undef EXIT_HANDLER
};

/**
 * exit_handle() - count an exit, decide about it, and carry the decision out
 * @cpu:  this CPU
 * @exit: the decoded exit
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict exit_handle(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	hv_assert(exit->reason < COVIRT_NR_EXITS);
	run_count_exit(cpu, exit->reason, exit->info1);
	return handlers[exit->reason](cpu, exit);
}
