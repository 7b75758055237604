/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that may fault on a value the guest chose. Each returns 0, or
 * -1 through its fixup.
 */
	.text

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
