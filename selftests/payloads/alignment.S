/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop of XSA-156: in protected mode without paging, a handler of #AC at privilege
 * level 3 whose frame is pushed on a stack that is not aligned. A 64-bit CPU aligns its
 * stacks, so it takes the way back. command_machine.c copies this to ALIGNMENT_PAGE and
 * jumps to its beginning.
 */
#include "alignment.h"

#define AT(symbol)	(ALIGNMENT_PAGE + (symbol) - alignment_begin)

#define CODE		0x08
#define DATA		0x10
#define USER_CODE	0x1b
#define USER_DATA	0x23
#define VECTOR_AC	17
#define GATE_USER	0xee00		/* present, DPL 3, 32-bit interrupt gate */
#define EFLAGS_AC	0x40002

	.section .rodata
	.globl	alignment_begin
	.globl	alignment_end
	.code64
alignment_begin:
	cli
	lgdt	gdt_pointer(%rip)
	ljmpl	*far_pointer(%rip)

	.code32
compatibility:
	movl	%cr0, %eax
	andl	$0x7fffffff, %eax		/* PG */
	movl	%eax, %cr0
	movl	$0xc0000080, %ecx		/* EFER: LME */
	rdmsr
	andl	$~0x100, %eax
	wrmsr
	lidt	AT(idt_pointer)
	movl	%cr0, %eax
	orl	$0x40000, %eax			/* AM */
	movl	%eax, %cr0
	movl	$DATA, %eax
	movl	%eax, %ss
	movl	$ALIGNMENT_STACK_TOP, %esp
	movl	$USER_DATA, %eax
	movl	%eax, %ds
	pushl	%eax
	pushl	$ALIGNMENT_STACK_TOP - 255	/* room for the frame above */
	pushl	$EFLAGS_AC
	pushl	$USER_CODE
	pushl	$AT(user)
	iretl
user:
	movl	%eax, ALIGNMENT_STACK_TOP - 101
	jmp	user

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff		/* flat: code and data, for level 0 and level 3 */
	.quad	0x00cf93000000ffff
	.quad	0x00cffb000000ffff
	.quad	0x00cff3000000ffff
gdt_end:
idt:
	.fill	VECTOR_AC, 8, 0
	.word	AT(user), USER_CODE, GATE_USER, 0
idt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	AT(gdt)
idt_pointer:
	.word	idt_end - idt - 1
	.long	AT(idt)
far_pointer:
	.long	AT(compatibility)
	.word	CODE
alignment_end:
	.section .note.GNU-stack, "", @progbits
