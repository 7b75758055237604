/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt entries: one 16-byte stub per vector, all of them leading to
 * idt_dispatch(vector, frame). See struct idt_frame for the stack.
 */
#define STUB_SIZE 16

/* Vectors for which the CPU pushes an error code: APM vol. 2, table 8-1. */
#define ERROR_CODES ((1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | \
		     (1 << 14) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30))

	.section .text
	.globl	idt_stubs
	.balign	STUB_SIZE
idt_stubs:
	vector = 0
	.rept	256
	.balign	STUB_SIZE
	.if	((ERROR_CODES >> (vector & 31)) & (vector < 32) & 1) == 0
	pushq	$0
	.endif
	pushq	$vector
	jmp	idt_common
	vector = vector + 1
	.endr

idt_common:
	cld
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbp
	movq	%rsp, %rbp
	movq	80(%rbp), %rdi
	leaq	88(%rbp), %rsi
	andq	$-16, %rsp
	call	idt_dispatch
	movq	%rbp, %rsp
	popq	%rbp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$16, %rsp
	iretq

	.section .note.GNU-stack, "", @progbits
