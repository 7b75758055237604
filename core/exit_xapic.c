// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write to the local APIC where its registers are in memory: the nested tables show the
 * guest that page read-only, so that it reads natively and each write ends here.
 */
#include "core/exit_handlers.h"
#include "core/fetch.h"
#include "core/hv/hv.h"
#include "irq/avic_posted/lvt.h"
#include "irq/avic_posted/xapic.h"

/* A reserved or read-only register, or bytes of two: as any other address that is not its own. */
static enum covirt_verdict refuse(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return run_contain(cpu, exit, COVIRT_FAULT_MEMORY_VIOLATION, 0);
}

/* The APIC itself raises no exception for a bad value: the write is lost, and counted. */
static enum covirt_verdict lvt_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				     enum apic_register reg, u64 value)
{
	if (lvt_filter(APIC_MSR + reg, &value)) {
		vectors_add(&cpu->own, value);
		apic_write(cpu, reg, value);
	} else {
		cpu->status->lvt_denied++;
	}
	return run_skip(cpu, exit);
}

static enum covirt_verdict register_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					  u32 value)
{
	u32 offset = exit->gpa - APIC_PAGE;
	enum apic_register reg = offset / APIC_STRIDE;

	switch (xapic_write_action(offset)) {
	case XAPIC_PASS:
		apic_write(cpu, reg, value);
		return run_skip(cpu, exit);
	case XAPIC_IGNORE:
		return run_skip(cpu, exit);
	case XAPIC_LVT:
		return lvt_write(cpu, exit, reg, value);
	case XAPIC_SVR:
		apic_write(cpu, reg, svr_filter(value));
		return run_skip(cpu, exit);
	case XAPIC_ICR:
		return exit_icr_write(cpu, exit,
				      xapic_icr(apic_read(cpu, APIC_REG_ICR_HIGH), value));
	default:
		return refuse(cpu, exit);
	}
}

/**
 * exit_is_xapic_write() - did an instruction write to the APIC's page?
 * @cpu:  this CPU
 * @exit: a nested fault
 *
 * What the processor itself writes, walking the guest's page tables or delivering an event,
 * has no instruction that could be decoded.
 */
bool exit_is_xapic_write(const struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return cpu->config->features & COVIRT_FEATURE_XAPIC && exit->access == COVIRT_WRITE &&
	       exit->gpa >> COVIRT_PAGE_SHIFT == APIC_PAGE >> COVIRT_PAGE_SHIFT &&
	       !exit->walk && !exit->event;
}

/**
 * exit_xapic_write() - decode a write to the APIC's page and carry it out, if it may be
 * @cpu:  this CPU
 * @exit: the nested fault, of which exit_is_xapic_write() is true
 *
 * Another CPU may have changed the instruction since it faulted. The one that is found is
 * carried out then, at the address of the other: the guest could have written that as well.
 */
enum covirt_verdict exit_xapic_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct covirt_exit decoded = *exit;
	struct mov insn;

	hv_assert(exit_is_xapic_write(cpu, exit));
	if (!guest_fetch_mov(cpu, &insn) || !insn.store || insn.size != sizeof(u32))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	decoded.insn_len = insn.len;
	return register_write(cpu, &decoded, insn.immediate ? insn.value : (u32)cpu->gpr[insn.gpr]);
}
