// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC in xAPIC mode, whose registers are in memory. A processor without x2APIC has them
 * there: the nested tables show the guest that page read-only, so that it reads natively and each
 * write ends here. With x2APIC the processor stays in that mode whatever the guest's is, the page
 * is not there, and reads end here as well: answered from MSRs, and from what is kept here.
 */
#include "core/access.h"
#include "core/exit_handlers.h"
#include "core/fetch.h"
#include "core/guest_apic.h"
#include "core/hv/hv.h"
#include "core/hv/safe.h"
#include "core/msr_policy.h"
#include "irq/avic_posted/apic_mode.h"
#include "irq/avic_posted/lvt.h"
#include "irq/avic_posted/xapic.h"

/* A reserved or read-only register, or bytes of two: as any other address that is not its own. */
static enum covirt_verdict refuse(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return run_contain(cpu, exit, COVIRT_FAULT_MEMORY_VIOLATION, 0);
}

static void register_write(const struct covirt_cpu *cpu, enum apic_register reg, u32 value)
{
	apic_write(cpu, reg, value & xapic_writable(reg));
}

/* The APIC itself raises no exception for a bad value: the write is lost, and counted. */
static enum covirt_verdict lvt_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				     enum apic_register reg, u64 value)
{
	if (lvt_filter(APIC_MSR + reg, &value)) {
		vectors_add(&cpu->own, value);
		register_write(cpu, reg, value);
	} else {
		cpu->status->lvt_denied++;
	}
	return run_skip(cpu, exit);
}

/* Nobody but CPUs of the enclave is meant by these ids, and the processor's stay as they are. */
static void logical_write(const struct covirt_cpu *cpu, enum apic_register reg, u32 value)
{
	value &= xapic_writable(reg);
	if (reg == APIC_REG_LDR)
		WRITE_ONCE(guest_apic_logical(cpu)->ldr, value);
	else
		WRITE_ONCE(guest_apic_logical(cpu)->dfr, value | ~xapic_writable(reg));
}

static void icr_high_write(struct covirt_cpu *cpu, u32 value)
{
	if (guest_apic_is_emulated(cpu))
		cpu->icr[1] = value & xapic_writable(APIC_REG_ICR_HIGH);
	else
		apic_write(cpu, APIC_REG_ICR_HIGH, value);
}

static enum covirt_verdict icr_write(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				     u32 value)
{
	if (!guest_apic_is_emulated(cpu))
		cpu->icr[1] = apic_read(cpu, APIC_REG_ICR_HIGH);
	cpu->icr[0] = value;
	return exit_xapic_icr_write(cpu, exit, cpu->icr[1], value);
}

static enum covirt_verdict store(struct covirt_cpu *cpu, const struct covirt_exit *exit, u32 value)
{
	u32 offset = exit->gpa - APIC_PAGE;
	enum apic_register reg = offset / APIC_STRIDE;

	switch (xapic_write_action(offset)) {
	case XAPIC_PASS:
		register_write(cpu, reg, value);
		return run_skip(cpu, exit);
	case XAPIC_IGNORE:
		return run_skip(cpu, exit);
	case XAPIC_LOGICAL:
		if (guest_apic_is_emulated(cpu))
			logical_write(cpu, reg, value);
		return run_skip(cpu, exit);
	case XAPIC_ICR_HIGH:
		icr_high_write(cpu, value);
		return run_skip(cpu, exit);
	case XAPIC_LVT:
		return lvt_write(cpu, exit, reg, value);
	case XAPIC_SVR:
		register_write(cpu, reg, svr_filter(value));
		return run_skip(cpu, exit);
	case XAPIC_ICR:
		return icr_write(cpu, exit, value);
	default:
		return refuse(cpu, exit);
	}
}

/* The guest may read in the other mode, without an exit, what it may read here. */
static u32 msr_read(enum apic_register reg)
{
	const struct msr_rule *rule = msr_rule_find(APIC_MSR + reg);
	u64 value;

	if (!rule || rule->read != MSR_PASS || arch_rdmsr_safe(APIC_MSR + reg, &value))
		return 0;
	return value;
}

static u32 register_read(const struct covirt_cpu *cpu, enum apic_register reg)
{
	switch (reg) {
	case APIC_REG_ID:
		return cpu_guest_apicid(cpu) << 24;
	case APIC_REG_LDR:
		return guest_apic_logical(cpu)->ldr;
	case APIC_REG_DFR:
		return guest_apic_logical(cpu)->dfr;
	case APIC_REG_ICR:
		return cpu->icr[0];
	case APIC_REG_ICR_HIGH:
		return cpu->icr[1];
	default:
		return msr_read(reg);
	}
}

/* Of the 16 bytes of a register the first four are something (SDM vol. 3, 12.4.1). */
static enum covirt_verdict load(struct covirt_cpu *cpu, const struct covirt_exit *exit,
				const struct mov *insn)
{
	u32 offset = exit->gpa - APIC_PAGE, byte = offset % APIC_STRIDE;
	u32 value = byte < sizeof(u32) ? register_read(cpu, offset / APIC_STRIDE) >> byte * 8 : 0;

	access_load(cpu, insn, value);
	return run_skip(cpu, exit);
}

/* No register is in memory in this mode: as an address that is nobody's. */
static enum covirt_verdict access_nothing(struct covirt_cpu *cpu, const struct covirt_exit *exit,
					  const struct mov *insn)
{
	if (!insn->store)
		access_load(cpu, insn, EMPTY_BUS);
	return run_skip(cpu, exit);
}

/**
 * exit_is_xapic() - did an instruction access the APIC's page, and may that be meant?
 * @cpu:  this CPU
 * @exit: a nested fault
 *
 * What the processor itself accesses, walking the guest's page tables or delivering an event,
 * has no instruction that could be decoded. A guest that has never left x2APIC mode does not know
 * that it is in it: what it read would not be an APIC, and it would fail anywhere later.
 */
bool exit_is_xapic(const struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	if (exit->gpa >> COVIRT_PAGE_SHIFT != APIC_PAGE >> COVIRT_PAGE_SHIFT || exit->walk ||
	    exit->event)
		return false;
	return guest_apic_is_emulated(cpu) ? cpu->apic_moved && exit->access != COVIRT_EXEC :
				  exit->access == COVIRT_WRITE;
}

/* Native reads leave writes only, for which the address that the processor reports is enough. */
static bool fetch(struct covirt_cpu *cpu, const struct covirt_exit *exit, struct mov *insn)
{
	return guest_apic_is_emulated(cpu) ? access_fetch(cpu, exit, insn) :
				  guest_fetch_mov(cpu, insn) && insn->store;
}

/**
 * exit_xapic() - decode an access to the APIC's page and carry it out, if it may be
 * @cpu:  this CPU
 * @exit: the nested fault, of which exit_is_xapic() is true
 *
 * Another CPU may have changed the instruction since it faulted. The one that is found is
 * carried out then, at the address of the other: the guest could have written that as well.
 *
 * Return: whether the guest is entered again.
 */
enum covirt_verdict exit_xapic(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct covirt_exit decoded = *exit;
	struct mov insn;

	hv_assert(exit_is_xapic(cpu, exit));
	cpu->status->xapic_accesses += guest_apic_is_emulated(cpu);
	if (!fetch(cpu, exit, &insn))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	decoded.insn_len = insn.len;
	if (cpu->apic_mode != APIC_MODE_XAPIC)
		return access_nothing(cpu, &decoded, &insn);
	if (!insn.store)
		return load(cpu, &decoded, &insn);
	if (insn.size != sizeof(u32))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	return store(cpu, &decoded, insn.immediate ? insn.value : (u32)cpu->gpr[insn.gpr]);
}
