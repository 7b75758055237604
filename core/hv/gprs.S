/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The general registers in a world switch, for assembler sources. While the hypervisor
 * runs, the guest's are in covirt_cpu::gpr, whose address is in RDI. RSP, and with some
 * vendors RAX, travel in the control block and are not dealt with here.
 */

#define GPR(n)	((n) * 8)(%rdi)
#define CPU_NMI	128	/* covirt_cpu::nmi */

	/* Registers that a C function has to preserve for its caller. */
	.macro	CALLEE_SAVED_PUSH
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro	CALLEE_SAVED_POP
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	.endm

	/* Loads all registers but RAX and RSP; RDI last, and no flag is changed. */
	.macro	GPRS_LOAD
	movq	GPR(1), %rcx
	movq	GPR(2), %rdx
	movq	GPR(3), %rbx
	movq	GPR(5), %rbp
	movq	GPR(6), %rsi
	movq	GPR(8), %r8
	movq	GPR(9), %r9
	movq	GPR(10), %r10
	movq	GPR(11), %r11
	movq	GPR(12), %r12
	movq	GPR(13), %r13
	movq	GPR(14), %r14
	movq	GPR(15), %r15
	movq	GPR(7), %rdi
	.endm

	/* Saves all registers but RAX, RSP and RDI. */
	.macro	GPRS_STORE
	movq	%rcx, GPR(1)
	movq	%rdx, GPR(2)
	movq	%rbx, GPR(3)
	movq	%rbp, GPR(5)
	movq	%rsi, GPR(6)
	movq	%r8, GPR(8)
	movq	%r9, GPR(9)
	movq	%r10, GPR(10)
	movq	%r11, GPR(11)
	movq	%r12, GPR(12)
	movq	%r13, GPR(13)
	movq	%r14, GPR(14)
	movq	%r15, GPR(15)
	.endm

	/*
	 * Clears the guest's values, so that speculation cannot use them, but for RSI, RDI and RSP.
	 */
	.macro	GPRS_CLEAR
	xorl	%eax, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	.endm
