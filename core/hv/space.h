/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's address space: a handful of fixed addresses on page tables
 * of its own. Nothing of Linux's memory is in it.
 *
 *   trampoline   the physical page below 1 MiB that a CPU starts on, mapped to
 *                the image's own copy: the bytes are the same when paging comes on
 *   HV_IMAGE     text (read, execute), then constants (read)
 *   HV_CONFIG    struct covirt_config (read)
 *   HV_SHARED    struct covirt_shared (read, write)
 *   HV_PARK      behind it: a stack for each CPU once it has left for good (read, write)
 *   HV_APIC      without x2APIC: the registers of this CPU's local APIC (read, write)
 *   HV_CPU + n   CPU n: guard hole, private page with the stack, status page,
 *                control block (read, write); the save area is not mapped
 *   HV_GUEST     only where the CPU leaves instructions for us to decode: the
 *                direct map: the enclave's guest-physical memory (read)
 *
 * This file is also read by the assembler and the linker script.
 */
#ifndef COVIRT_CORE_HV_SPACE_H
#define COVIRT_CORE_HV_SPACE_H

#define HV_IMAGE		0x40000000
#define HV_IMAGE_MAX		0x00080000
#define HV_TRAP_STUBS		0x40001000	/* in the image: its IDTs are constants */
#define HV_CONFIG		0x40100000
#define HV_CONFIG_SIZE		0x2000
#define HV_SHARED		0x40110000
#define HV_SHARED_SIZE		0x13000
#define HV_PARK			0x40122000	/* its last page */
#define HV_PARK_SHIFT		8	/* bytes of a stack there, as a power of two */
#define HV_APIC			0x40130000

#define HV_CPU			0x40200000
#define HV_CPU_STRIDE_SHIFT	15
#define HV_CPU_STRIDE		0x8000
#define HV_CPU_PRIVATE		0x4000	/* offsets within a CPU's stride */
#define HV_CPU_STATUS		0x5000
#define HV_CPU_CONTROL		0x6000
#define HV_CPU_MAPPED		0x3000	/* bytes mapped from HV_CPU_PRIVATE on */
#define HV_CPU_BYTES		0x4000	/* with the save area behind them */
#define HV_CPU_STRUCT		0x400	/* struct covirt_cpu at the end of the private page */

#define HV_GUEST_ENTRY		256	/* first root entry of the direct map */
#define HV_GUEST_ENTRIES	128
#define HV_GUEST		0xffff800000000000

/*
 * struct hv_header at the start of the image. Offsets are from the image's
 * start; the trampoline is one page with struct hv_trampoline at its start.
 */
#define HV_TRAMPOLINE_PARAMS	8
#define HV_HEADER_MAGIC		0x49565643	/* "CVVI" */

#ifndef __ASSEMBLER__

#include "core/types.h"

/**
 * struct hv_header - what the controller must know of the image
 * @magic:      HV_HEADER_MAGIC
 * @text_size:  bytes of text from the image's start, page multiple
 * @size:       bytes of the image, page multiple
 * @trampoline: offset of the trampoline page
 * @entry:      virtual address of the 64-bit entry
 */
struct hv_header {
	u32 magic;
	u32 text_size;
	u32 size;
	u32 trampoline;
	u64 entry;
};

/**
 * struct hv_trampoline - parameters at offset 8 of the trampoline page
 * @root:  host-physical address of the hypervisor's page tables, below 4 GiB
 * @base:  physical address of the low page; the code is position independent
 * @stack: virtual address of the top of the CPU's private page
 * @entry: virtual address to jump to in 64-bit mode
 *
 * The controller fills them in the low page only: what the code needs after
 * paging is on, it carries in registers, so the image's copy is never written.
 */
struct hv_trampoline {
	u32 root;
	u32 base;
	u64 stack;
	u64 entry;
};

#endif /* __ASSEMBLER__ */

#endif /* COVIRT_CORE_HV_SPACE_H */
