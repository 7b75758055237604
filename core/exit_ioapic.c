// SPDX-License-Identifier: GPL-2.0-only
/* A write to the page of the I/O APIC, which the guest has read-only: a read makes no exit. */
#include "core/com1.h"
#include "core/exit_handlers.h"
#include "core/fetch.h"

/**
 * exit_is_ioapic_write() - did an instruction write to the page of the I/O APIC?
 * @cpu:  this CPU
 * @exit: a nested fault
 *
 * What the processor itself writes has no instruction that could be decoded.
 */
bool exit_is_ioapic_write(const struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	return cpu->config->com1_irq && exit->access == COVIRT_WRITE && !exit->walk &&
	       !exit->event && ALIGN_DOWN(exit->gpa, COVIRT_PAGE_SIZE) == IOAPIC_PAGE;
}

/**
 * exit_ioapic_write() - decode a write to the page of the I/O APIC and carry it out
 * @cpu:  this CPU
 * @exit: the nested fault, of which exit_is_ioapic_write() is true
 *
 * Another CPU may have changed the instruction since it faulted, as in exit_xapic().
 *
 * Return: whether the guest is entered again: not after any but a MOV of 32 bits.
 */
enum covirt_verdict exit_ioapic_write(struct covirt_cpu *cpu, const struct covirt_exit *exit)
{
	struct covirt_exit decoded = *exit;
	struct mov insn;

	hv_assert(exit_is_ioapic_write(cpu, exit));
	if (!guest_fetch_mov(cpu, &insn) || !insn.store || insn.size != sizeof(u32))
		return run_contain(cpu, exit, COVIRT_FAULT_UNDECODED, 0);
	com1_ioapic_write(cpu, exit->gpa - IOAPIC_PAGE,
			  insn.immediate ? insn.value : (u32)cpu->gpr[insn.gpr]);
	decoded.insn_len = insn.len;
	return run_skip(cpu, &decoded);
}
