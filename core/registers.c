// SPDX-License-Identifier: GPL-2.0-only
#include "core/registers.h"

/**
 * registers_to_fault() - registers as a fault record has them
 * @from:  the registers
 * @fault: the record, whose other fields stay as they are
 */
void registers_to_fault(const struct covirt_registers *from, struct covirt_fault *fault)
{
	memcpy(fault->gpr, from->gpr, sizeof(fault->gpr));
	fault->cpl = from->cpl;
	fault->code64 = from->code64;
	fault->rip = from->rip;
	fault->rflags = from->rflags;
	fault->cr0 = from->cr0;
	fault->cr2 = from->cr2;
	fault->cr3 = from->cr3;
	fault->cr4 = from->cr4;
	fault->efer = from->efer;
	fault->cs_base = from->cs_base;
}
