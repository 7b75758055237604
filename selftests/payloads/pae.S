/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PAE paging, switched on together with a bit of CR0 that the hypervisor keeps for itself. The
 * four entries of the table at CR3 are loaded by that write of CR0: code that runs on with
 * older ones finds no page. command_edge.c copies this to PAE_PAGE, fills in the address of the
 * page directory, and jumps to its beginning.
 */
#include "pae.h"

#define AT(symbol)	(PAE_PAGE + (symbol) - pae_begin)

#define CODE		0x08
#define DATA		0x10
#define CR0_ON		0xc0000000	/* PG, CD */
#define COM1_DATA	0x3f8
#define COM1_LSR	0x3fd
#define LSR_THR_EMPTY	0x20

	.section .rodata
	.globl	pae_begin
	.globl	pae_end
	.code64
pae_begin:
	cli
	orl	$1, %edi			/* present */
	movq	%rdi, pointers(%rip)
	lgdt	gdt_pointer(%rip)
	ljmpl	*far_pointer(%rip)

	.code32
compatibility:
	movl	$DATA, %eax
	movl	%eax, %ds
	movl	%eax, %ss
	movl	%cr0, %eax
	andl	$0x7fffffff, %eax		/* PG */
	movl	%eax, %cr0
	movl	$0xc0000080, %ecx		/* EFER: LME */
	rdmsr
	andl	$~0x100, %eax
	wrmsr
	movl	$0x20, %eax			/* PAE */
	movl	%eax, %cr4
	movl	$AT(pointers), %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$CR0_ON, %eax
	movl	%eax, %cr0
	movl	$AT(text), %esi
1:	movl	$COM1_LSR, %edx
2:	inb	%dx, %al
	testb	$LSR_THR_EMPTY, %al
	jz	2b
	lodsb
	testb	%al, %al
	jz	3f
	movl	$COM1_DATA, %edx
	outb	%al, %dx
	jmp	1b
3:	hlt
	jmp	3b

text:
	.asciz	"payload: runs with PAE paging\n"
	.balign	32
pointers:
	.fill	4, 8, 0
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff		/* flat: code and data */
	.quad	0x00cf93000000ffff
gdt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	AT(gdt)
far_pointer:
	.long	AT(compatibility)
	.word	CODE
pae_end:

	.section .bss
	.globl	pae_directory
	.balign	4096
pae_directory:
	.skip	4096
	.section .note.GNU-stack, "", @progbits
