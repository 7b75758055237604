/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start of a CPU: from a start-up IPI to C.
 *
 * The trampoline runs from a copy in a page below 1 MiB. The hypervisor's page
 * tables map that virtual address to this very page of the image, so that the
 * instructions which follow the switch to paging are the same bytes, and the
 * low page itself never needs to be mapped. Data that the controller fills in
 * is therefore read before paging is on.
 */
#include "core/hv/space.h"
#include "core/hv/idt.h"

#define OFFSET(symbol)	((symbol) - hv_trampoline)

	.section .header, "a"
	.globl hv_header
hv_header:
	.long	HV_HEADER_MAGIC
	.long	hv_text_size
	.long	hv_image_size
	.long	hv_trampoline_offset
	.quad	hv_entry

	.section .trampoline, "ax"
	.code16
	.globl hv_trampoline
hv_trampoline:
	cli
	cld
	jmp	real_mode
	.balign	HV_TRAMPOLINE_PARAMS
param_root:
	.long	0
param_base:
	.long	0
param_stack:
	.quad	0
param_entry:
	.quad	0

real_mode:
	movw	%cs, %ax
	movw	%ax, %ds
	movl	OFFSET(param_base), %ebx
	leal	OFFSET(gdt)(%ebx), %eax
	movl	%eax, OFFSET(gdt_base)
	leal	OFFSET(protected_mode)(%ebx), %eax
	movl	%eax, OFFSET(far_protected)
	lgdtl	OFFSET(gdt_pointer)
	movl	$0x11, %eax			/* PE, ET */
	movl	%eax, %cr0
	ljmpl	*OFFSET(far_protected)

	.code32
protected_mode:
	movw	$HV_DS, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$0x20, %eax			/* PAE */
	movl	%eax, %cr4
	movl	OFFSET(param_root)(%ebx), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		/* EFER: LME, NXE */
	movl	$0x900, %eax
	xorl	%edx, %edx
	wrmsr
	movl	OFFSET(param_stack)(%ebx), %esp
	movl	$0x80050033, %eax		/* PG, AM, WP, NE, ET, MP, PE; caches on */
	movl	%eax, %cr0
	/* Paging is on: the bytes from here on come from the image's own page. */
	ljmpl	*OFFSET(far_entry)(%ebx)

far_entry:
	.long	hv_entry
	.word	HV_CS
	.balign	8
far_protected:
	.long	0
	.word	HV_CS32
	.balign	8
gdt_pointer:
	.word	gdt_end - gdt - 1
gdt_base:
	.long	0
	.balign	8
	/* Accessed bits are set, so that loading a selector writes nothing. */
gdt:
	.quad	0
	.quad	0x00af9b000000ffff		/* HV_CS: 64-bit code */
	.quad	0x00cf93000000ffff		/* HV_DS: data */
	.quad	0x00cf9b000000ffff		/* HV_CS32: 32-bit code */
gdt_end:
	.balign	4096

	.section .rodata, "a"
	.balign	8
hv_gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	gdt

	.text
	.code64
	.globl hv_entry
hv_entry:
	lgdt	hv_gdt_pointer
	movl	%esp, %ecx
	leal	-HV_CPU(%rcx), %edx
	shrl	$HV_CPU_STRIDE_SHIFT, %edx
	incl	%edx
	shll	$HV_PARK_SHIFT, %edx
	leal	HV_PARK(%rdx), %esp
	/* The IDT is loaded when there is a stack for the code that it leads to. */
	lidt	hv_park_idt_pointer
	movl	$HV_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	/*
	 * The status page begins where the private page ends, and with the state. Who comes when
	 * the controller does not wait any more finds another than OFF: it leaves all memory alone.
	 */
	xorl	%eax, %eax		/* COVIRT_CPU_OFF */
	movl	$1, %edx		/* COVIRT_CPU_ENTERED */
	lock cmpxchgl %edx, (%rcx)
	jne	late
	leaq	-HV_CPU_STRUCT(%rcx), %rdi
	movq	%rdi, %rsp
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	lldt	%ax
	xorl	%ebp, %ebp
	call	hv_main
	ud2

late:	hlt
	jmp	late
