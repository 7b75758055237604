/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel that boots by multiboot 1, PVH or covirt's own protocol, says by which, and is off. */
#define SAY(text)	movl $text, %esi; jmp say
#define NO_PAGING	movl %cr0, %ecx; testl %ecx, %ecx; js wrong
	.section .note.Xen, "a", @note
	.long	4, 4, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	pvh_start
	.text
	.balign	4				/* flag 16: what of the file goes where */
header:	.long	0x1badb002, 1 << 16, -(0x1badb002 + (1 << 16))
	.long	header, header, _edata, _end, multiboot_start
	.code32
multiboot_start:
	NO_PAGING
	cmpl	$0x2badb002, %eax
	jne	wrong
	SAY(multiboot)
pvh_start:
	NO_PAGING
	cmpl	$0x336ec578, (%ebx)		/* hvm_start_info */
	jne	wrong
	SAY(pvh)
	.globl	_start
	.code64
_start:	cmpl	$0x54525643, (%rdi)		/* struct covirt_bootinfo */
	jne	wrong
	SAY(covirt)
wrong:	movl	$refused, %esi
say:	movl	$0x3f8, %edx			/* from here on the same code in both modes */
	cld
1:	lodsb
	testb	%al, %al
	jz	2f
	outb	%al, %dx
	jmp	1b
2:	movl	$0x604, %edx			/* sleep register of the FADT, _S5 */
	movb	$0x34, %al
	outb	%al, %dx
	hlt
multiboot: .asciz "hello by multiboot\n"
pvh:	.asciz	"hello by pvh\n"
covirt:	.asciz	"hello by covirt\n"
refused: .asciz	"hello: entered in another way than it was made for\n"
