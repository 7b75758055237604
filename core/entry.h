/* SPDX-License-Identifier: GPL-2.0-only */
/* The state in which a co-kernel's boot CPU is entered. */
#ifndef COVIRT_CORE_ENTRY_H
#define COVIRT_CORE_ENTRY_H

#include "core/types.h"

/**
 * struct covirt_entry - first instruction of a co-kernel and what it finds
 * @rip:       guest-virtual address of the first instruction
 * @rsp:       stack pointer
 * @rsi:       RSI; the zero page of a Linux image
 * @rdi:       RDI; the struct covirt_bootinfo of a plain ELF image
 * @cr3:       guest-physical address of the boot page tables
 * @gdt_base:  guest-physical address of the boot GDT
 * @gdt_limit: its limit in bytes, minus one
 * @cs:        selector of the flat 64-bit code segment
 * @ds:        selector of the flat data segment (DS, ES, SS)
 *
 * The CPU is in 64-bit mode with paging on, interrupts off, x2APIC enabled
 * where there is one, all other registers zero. Written by a loader, consumed by a backend.
 */
struct covirt_entry {
	gva_t rip;
	u64 rsp;
	u64 rsi;
	u64 rdi;
	gpa_t cr3;
	gpa_t gdt_base;
	u16 gdt_limit;
	u16 cs;
	u16 ds;
	/* private: */
	u16 reserved;
};

#endif /* COVIRT_CORE_ENTRY_H */
