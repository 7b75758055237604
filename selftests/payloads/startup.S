/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start of a further CPU, from real mode to C. command_smp.c copies this to
 * STARTUP_PAGE and fills in the parameters. It reaches protected mode by LMSW,
 * as old kernels do, and long mode from there.
 */
#include "startup.h"

#define HERE(symbol)	((symbol) - startup_begin)

	.section .rodata
	.globl	startup_begin
	.globl	startup_end
	.code16
startup_begin:
	jmp	1f
	.balign	STARTUP_PARAMS
param_cr3:
	.quad	0
param_stack:
	.quad	0
param_entry:
	.quad	0
param_gdt:
	.word	0
	.quad	0
far_pointer:
	.long	STARTUP_PAGE + HERE(long_mode)
	.word	STARTUP_CS
1:	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	HERE(param_gdt)
	movw	$1, %ax				/* PE */
	lmsw	%ax
	movl	$0x20, %eax			/* PAE */
	movl	%eax, %cr4
	movl	HERE(param_cr3), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		/* EFER: LME, NXE */
	movl	$0x900, %eax
	xorl	%edx, %edx
	wrmsr
	movl	%cr0, %eax
	orl	$0x80000000, %eax		/* PG */
	movl	%eax, %cr0
	ljmpl	*HERE(far_pointer)

	.code64
long_mode:
	movl	$STARTUP_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movq	param_stack(%rip), %rsp
	xorl	%ebp, %ebp
	jmp	*param_entry(%rip)
startup_end:
	.section .note.GNU-stack, "", @progbits
