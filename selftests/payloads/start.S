/* SPDX-License-Identifier: GPL-2.0-only */
/* First instruction of the payload; entry state: include/uapi/linux/covirt.h. */
	.section .text
	.globl	_start
_start:
	leaq	stack_top(%rip), %rsp
	xorl	%ebp, %ebp
	call	payload_main
0:	cli
	hlt
	jmp	0b

	.section .bss
	.balign	16
	.skip	16384
stack_top:
	.section .note.GNU-stack, "", @progbits
