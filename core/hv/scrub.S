/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State that no control block holds, back to its reset value: at the first
 * entry so that no secret of Linux's reaches the co-kernel, and on leaving so
 * that none of the co-kernel's reaches Linux. INIT clears none of it.
 *
 * VERW, in its form with a memory operand, also overwrites the processor's internal
 * buffers where microcode has taught it to (MDS and its kin; SDM vol. 3, 2.8 names
 * MD_CLEAR). Elsewhere it does nothing of note.
 */
#include "core/hv/idt.h"

#define CPUID_XSAVE	26
#define MXCSR_RESET	0x1f80

	.section .rodata, "a"
	.balign	64
	/*
	 * An XSAVE header of zeros: XRSTOR puts every component that it is
	 * asked for into its initial state (SDM vol. 1, 13.8).
	 */
initial_state:
	.fill	24, 1, 0
	.long	MXCSR_RESET
	.fill	576 - 28, 1, 0

writable_segment:
	.word	HV_DS

	.text
	.globl scrub_registers
scrub_registers:
	pushq	%rbx
	verw	writable_segment
	xorl	%eax, %eax
	movq	%rax, %dr0
	movq	%rax, %dr1
	movq	%rax, %dr2
	movq	%rax, %dr3
	movq	%rax, %cr2
	movl	$0xffff0ff0, %ecx
	movq	%rcx, %dr6
	movl	$0x400, %ecx
	movq	%rcx, %dr7
	fninit
	movl	$1, %eax
	xorl	%ecx, %ecx
	cpuid
	btl	$CPUID_XSAVE, %ecx
	jnc	1f
	movl	$0xd, %eax
	xorl	%ecx, %ecx
	cpuid
	xorl	%ecx, %ecx
	movl	%eax, %ebx
	xsetbv				/* all components on ... */
	movl	%ebx, %eax
	xrstor	initial_state		/* ... to their initial state ... */
	movl	$1, %eax
	xorl	%edx, %edx
	xorl	%ecx, %ecx
	xsetbv				/* ... and XCR0 to its reset value */
1:	popq	%rbx
	ret

	.section .note.GNU-stack, "", @progbits
