/* SPDX-License-Identifier: GPL-2.0-only */
/* The state in which a co-kernel's boot CPU is entered. */
#ifndef COVIRT_CORE_ENTRY_H
#define COVIRT_CORE_ENTRY_H

#include "core/types.h"

/**
 * enum covirt_entry_mode - mode in which the boot CPU is entered
 * @COVIRT_ENTRY_64: 64-bit mode, with paging
 * @COVIRT_ENTRY_32: 32-bit protected mode, without paging
 */
enum covirt_entry_mode {
	COVIRT_ENTRY_64,
	COVIRT_ENTRY_32,
};

/**
 * struct covirt_entry - first instruction of a co-kernel and what it finds
 * @rip:       guest-virtual address of the first instruction; below 4 GiB in 32-bit mode
 * @rsp:       stack pointer
 * @rax:       RAX; the magic number of a multiboot loader
 * @rbx:       RBX; the information of multiboot and of PVH
 * @rsi:       RSI; the zero page of a Linux image
 * @rdi:       RDI; the struct covirt_bootinfo of a plain ELF image
 * @cr3:       guest-physical address of the boot page tables; 0 without paging
 * @gdt_base:  guest-physical address of the boot GDT
 * @gdt_limit: its limit in bytes, minus one
 * @cs:        selector of the flat code segment, 64-bit or 32-bit
 * @ds:        selector of the flat data segment (DS, ES, SS)
 * @mode:      enum covirt_entry_mode
 *
 * Interrupts are off, x2APIC is enabled where there is one, all other registers are zero.
 * Written by a loader, consumed by a backend.
 */
struct covirt_entry {
	gva_t rip;
	u64 rsp;
	u64 rax;
	u64 rbx;
	u64 rsi;
	u64 rdi;
	gpa_t cr3;
	gpa_t gdt_base;
	u16 gdt_limit;
	u16 cs;
	u16 ds;
	u16 mode;
};

#endif /* COVIRT_CORE_ENTRY_H */
