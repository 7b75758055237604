// SPDX-License-Identifier: GPL-2.0-only
/* RDMSR and WRMSR of what the permission map does not pass. */
#include "core/arch.h"
#include "core/exit_handlers.h"
#include "core/guest_apic.h"
#include "core/hv/safe.h"
#include "core/msr_policy.h"
#include "irq/avic_posted/apic_mode.h"
#include "irq/avic_posted/icr.h"
#include "irq/avic_posted/lvt.h"

static enum covirt_verdict msr_deny(struct covirt_cpu *cpu)
{
	cpu->status->msr_denied++;
	return run_fault(cpu, ARCH_VECTOR_GP);
}

static enum covirt_verdict msr_return(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				      u64 value)
{
	cpu_set_edx_eax(cpu, value);
	return run_skip(cpu, exit);
}

/*
 * The boot processor is the enclave's, not the machine's: kernels compare it with the MADT. The
 * mode is the guest's.
 */
static u64 apic_base(const struct covirt_cpu *cpu)
{
	u64 value = arch_rdmsr(ARCH_MSR_APIC_BASE) & ~(ARCH_APIC_BASE_BSP | APIC_MODE_X2APIC);

	value |= cpu->apic_mode;
	return cpu->index == cpu->config->boot ? value | ARCH_APIC_BASE_BSP : value;
}

/* The processor may lack it. */
static enum covirt_verdict masked_read(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				       const struct msr_rule *rule)
{
	u64 value;

	if (arch_rdmsr_safe(cpu->gpr[GPR_RCX], &value))
		return run_fault(cpu, ARCH_VECTOR_GP);
	return msr_return(cpu, exit, value & rule->value);
}

static bool is_x2apic(const struct covirt_cpu *cpu)
{
	return cpu->apic_mode == APIC_MODE_X2APIC;
}

/* A register of the APIC's, which is no MSR in xAPIC mode. */
static enum covirt_verdict apic_return(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				       u64 value)
{
	if (!is_x2apic(cpu))
		return msr_deny(cpu);
	return msr_return(cpu, exit, value);
}

enum covirt_verdict exit_msr_read(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	const struct msr_rule *rule = msr_rule_find(cpu->gpr[GPR_RCX]);

	if (!rule)
		return msr_deny(cpu);
	switch (rule->read) {
	case MSR_FIXED:
		return msr_return(cpu, exit, rule->value);
	case MSR_MASKED:
		return masked_read(cpu, exit, rule);
	case MSR_APIC_ID:
		return apic_return(cpu, exit, cpu_guest_apicid(cpu));
	case MSR_APIC_LDR:
		return apic_return(cpu, exit, icr_logical_id(cpu_guest_apicid(cpu)));
	case MSR_ICR: /* as it was written: the delivery status is never set */
		return apic_return(cpu, exit, (u64)cpu->icr[1] << 32 | cpu->icr[0]);
	case MSR_DEBUGCTL:
		return msr_return(cpu, exit, cpu->debugctl);
	case MSR_EFER_BITS:
		return msr_return(cpu, exit, cpu->backend->read(cpu, COVIRT_REG_EFER));
	case MSR_APIC_BASE:
		return msr_return(cpu, exit, apic_base(cpu));
	case MSR_HEARTBEAT:
		return msr_return(cpu, exit, cpu->status->heartbeat);
	default:
		return msr_deny(cpu);
	}
}

/* The processor has the last word on reserved bits; its #GP becomes the guest's. */
static enum covirt_verdict msr_carry_out(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					 u32 msr, u64 value)
{
	if (arch_wrmsr_safe(msr, value))
		return run_fault(cpu, ARCH_VECTOR_GP);
	return run_skip(cpu, exit);
}

static enum covirt_verdict x2apic_icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					    u64 value)
{
	if (!is_x2apic(cpu))
		return msr_deny(cpu);
	cpu->icr[0] = value;
	cpu->icr[1] = value >> 32;
	return exit_icr_write(cpu, exit, value);
}

/*
 * A self-IPI that exits is sent as an ordinary IPI to oneself, so that it is announced as any
 * other.
 */
static enum covirt_verdict self_ipi_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u64 value = cpu_edx_eax(cpu);

	if (value >> 8 || !is_x2apic(cpu))
		return msr_deny(cpu);
	return exit_icr_write(cpu, exit, ICR_SELF << ICR_SHORTHAND_SHIFT | value);
}

static enum covirt_verdict lvt_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u64 value = cpu_edx_eax(cpu);
	u32 msr = cpu->gpr[GPR_RCX];

	if (!is_x2apic(cpu))
		return msr_deny(cpu);
	if (lvt_filter(msr, &value)) {
		vectors_add(&cpu->own, value);
		return msr_carry_out(cpu, exit, msr, value);
	}
	cpu->status->lvt_denied++;
	return run_fault(cpu, ARCH_VECTOR_GP);
}

static enum covirt_verdict svr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	if (!is_x2apic(cpu))
		return msr_deny(cpu);
	return msr_carry_out(cpu, exit, cpu->gpr[GPR_RCX], svr_filter(cpu_edx_eax(cpu)));
}

static enum covirt_verdict efer_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct control_state now;
	u64 value = cpu_edx_eax(cpu);

	run_control_state(cpu, &now);
	if (!efer_permit(&now, cpu->efer_mask, value))
		return msr_deny(cpu);
	value = (value & ~ARCH_EFER_LMA) | (now.efer & ARCH_EFER_LMA);
	cpu->backend->write(cpu, COVIRT_REG_EFER, value);
	return run_skip(cpu, exit);
}

static enum covirt_verdict debugctl_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u64 value = cpu_edx_eax(cpu);

	if (!debugctl_permit(value))
		return msr_deny(cpu);
	run_debugctl_set(cpu, value);
	return run_skip(cpu, exit);
}

/* The hypervisor only keeps the address of the counter, which Linux checks again and reads. */
static enum covirt_verdict heartbeat_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u64 counter = cpu_edx_eax(cpu);

	if (!heartbeat_permit(&cpu->config->ram, counter))
		return msr_deny(cpu);
	WRITE_ONCE(cpu->status->heartbeat, counter);
	return run_skip(cpu, exit);
}

/* Writing back what it reads changes nothing; anything else is refused. */
static enum covirt_verdict msr_keep(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				    u64 value)
{
	return cpu_edx_eax(cpu) == value ? run_skip(cpu, exit) : msr_deny(cpu);
}

/*
 * Another mode than the processor's has its registers emulated, which takes a decoder that reads
 * the guest's memory. A processor without x2APIC has one mode only.
 */
static bool has_modes(const struct covirt_cpu *cpu)
{
	return guest_apic_is_emulated(cpu) && cpu->config->features & COVIRT_FEATURE_DIRECT_MAP;
}

static enum covirt_verdict apic_base_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u64 value = cpu_edx_eax(cpu), now = apic_base(cpu);

	if (value != now && !(has_modes(cpu) && apic_base_permit(now, value)))
		return msr_deny(cpu);
	if (value != now)
		guest_apic_switch(cpu, value & APIC_MODE_X2APIC);
	return run_skip(cpu, exit);
}

enum covirt_verdict exit_msr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	u32 msr = cpu->gpr[GPR_RCX];
	const struct msr_rule *rule;

	/* The ICR is written most often, so that it skips the search. */
	if (msr == ARCH_MSR_X2APIC_ICR)
		return x2apic_icr_write(cpu, exit, cpu_edx_eax(cpu));
	rule = msr_rule_find(msr);
	if (!rule)
		return msr_deny(cpu);
	switch (rule->write) {
	case MSR_FIXED:
		return msr_keep(cpu, exit, rule->value);
	case MSR_APIC_BASE:
		return apic_base_write(cpu, exit);
	case MSR_IGNORE:
		return run_skip(cpu, exit);
	case MSR_EFER_BITS:
		return efer_write(cpu, exit);
	case MSR_SELF_IPI:
		return self_ipi_write(cpu, exit);
	case MSR_LVT:
		return lvt_write(cpu, exit);
	case MSR_SVR:
		return svr_write(cpu, exit);
	case MSR_DEBUGCTL:
		return debugctl_write(cpu, exit);
	case MSR_HEARTBEAT:
		return heartbeat_write(cpu, exit);
	default:
		return msr_deny(cpu);
	}
}
