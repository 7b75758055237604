/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel that boots by multiboot 1 and 2, PVH, Linux's protocol or covirt's own, and as a flat
 * image by that, too. It says by which, and is off.
 */
#define SAY(text)	movl $text, %esi; jmp say
#define NO_PAGING	movl %cr0, %ecx; testl %ecx, %ecx; js wrong
	.section .note.Xen, "a", @note
	.long	4, 4, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	pvh_start
	.text
flat:	.byte	0xe9				/* JMP: a flat image begins with its first byte */
	.long	_start - . - 4
	.balign	8
header2: .long	0xe85250d6, 0, header2_end - header2, -(0xe85250d6 + header2_end - header2)
	.word	2, 0				/* address tag: what of the file goes where */
	.long	24, header2, flat, _edata, _end
	.word	3, 0				/* entry tag */
	.long	12, multiboot2_start, 0
	.word	77, 1				/* unknown, but optional */
	.long	8
	.word	0, 0
	.long	8
header2_end:
	.balign	4				/* flag 16: likewise */
header:	.long	0x1badb002, 1 << 16, -(0x1badb002 + (1 << 16))
	.long	header, header, _edata, _end, multiboot_start
	.code32
multiboot_start:
	NO_PAGING
	cmpl	$0x2badb002, %eax
	jne	wrong
	SAY(multiboot)
multiboot2_start:
	NO_PAGING
	cmpl	$0x36d76289, %eax
	jne	wrong
	SAY(multiboot2)
pvh_start:
	NO_PAGING
	cmpl	$0x336ec578, (%ebx)		/* hvm_start_info */
	jne	wrong
	SAY(pvh)
	.globl	_start
	.code64
_start:	testq	%rsi, %rsi
	jnz	zero_page
	cmpl	$0x54525643, (%rdi)		/* struct covirt_bootinfo */
	jne	wrong
	SAY(covirt)
zero_page: cmpl	$0x53726448, 0x202(%rsi)	/* zero page */
	jne	wrong
	SAY(linux_elf)
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
multiboot2: .asciz "hello by multiboot2\n"
pvh:	.asciz	"hello by pvh\n"
linux_elf: .asciz "hello by linux-elf\n"
covirt:	.asciz	"hello by covirt\n"
refused: .asciz	"hello: entered in another way than it was made for\n"
