/* SPDX-License-Identifier: GPL-2.0-only */
/* Entry stubs of the hypervisor's own exceptions, one per vector at a fixed stride. */
#include "core/hv/idt.h"

#define VECTORS_WITH_ERROR_CODE	0x60227d00	/* 8, 10-14, 17, 21, 29, 30 */

	.text
	.balign	16
	.globl hv_trap_stubs
hv_trap_stubs:
	.set	vector, 0
	.rept	HV_NR_VECTORS
	.balign	16
	.if	!((VECTORS_WITH_ERROR_CODE >> vector) & 1)
	pushq	$0
	.endif
	pushq	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

	.balign	16
trap_common:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	movq	%rsp, %rdi
	call	trap_handle
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

/*
 * Instructions that may fault on a value the guest chose. Each returns 0, or
 * -1 through its fixup.
 */
	.macro	FIXUP from, to
	.pushsection .fixups, "a"
	.quad	\from, \to
	.popsection
	.endm

	/* int arch_wrmsr_safe(u32 msr, u64 value) */
	.globl arch_wrmsr_safe
arch_wrmsr_safe:
	movl	%edi, %ecx
	movl	%esi, %eax
	movq	%rsi, %rdx
	shrq	$32, %rdx
1:	wrmsr
	xorl	%eax, %eax
	ret
	FIXUP	1b, fault_return

	/* int arch_rdmsr_safe(u32 msr, u64 *value) */
	.globl arch_rdmsr_safe
arch_rdmsr_safe:
	movl	%edi, %ecx
1:	rdmsr
	shlq	$32, %rdx
	orq	%rdx, %rax
	movq	%rax, (%rsi)
	xorl	%eax, %eax
	ret
	FIXUP	1b, fault_return

	/* int xsetbv_safe(u32 index, u64 value) */
	.globl xsetbv_safe
xsetbv_safe:
	movl	%edi, %ecx
	movl	%esi, %eax
	movq	%rsi, %rdx
	shrq	$32, %rdx
1:	xsetbv
	xorl	%eax, %eax
	ret
	FIXUP	1b, fault_return

	/* int copy_safe(void *to, const void *from, size_t len): @from may be unmapped */
	.globl copy_safe
copy_safe:
	movq	%rdx, %rcx
1:	rep movsb
	xorl	%eax, %eax
	ret
	FIXUP	1b, fault_return

fault_return:
	movl	$-1, %eax
	ret

	.section .note.GNU-stack, "", @progbits
