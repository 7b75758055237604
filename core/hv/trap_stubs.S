/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the hypervisor is entered by exceptions, and by the interrupts that it accepts.
 *
 * Two tables. Exceptions of the hypervisor's own come by the first one, always. While
 * interrupts are accepted, the second one is used: vectors 16 to 31 may then be interrupts,
 * which push no error code where an exception of that number does. No gate switches
 * stacks: the CPU's task register belongs to the guest while the hypervisor runs, and the
 * hypervisor never leaves ring 0.
 */
#include "core/hv/space.h"
#include "core/hv/idt.h"

#define VECTORS_WITH_ERROR_CODE	0x60227d00	/* 8, 10-14, 17, 21, 29, 30 */
#define FIRST_INTERRUPT		16
#define STUB_STRIDE		16
#define ACCEPT_STUBS		(HV_TRAP_STUBS + HV_NR_EXCEPTIONS * STUB_STRIDE)
#define GATE_INTERRUPT		0x8e00	/* present, DPL 0, 64-bit interrupt gate, no IST */

	.section .trap_stubs, "ax"
	.globl hv_trap_stubs
hv_trap_stubs:
	.set	vector, 0
	.rept	HV_NR_EXCEPTIONS
	.balign	STUB_STRIDE
	.if	!((VECTORS_WITH_ERROR_CODE >> vector) & 1)
	pushq	$0
	.endif
	pushq	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

	.set	vector, 0
	.rept	HV_NR_VECTORS
	.balign	STUB_STRIDE
	pushq	$0
	pushq	$(HV_TRAP_INTERRUPT + vector)
	jmp	trap_common
	.set	vector, vector + 1
	.endr

	/* A 64-bit gate, APM vol. 2, 4.8.4. The image lies below 4 GiB. */
	.macro	GATE stub
	.word	(\stub) & 0xffff, HV_CS, GATE_INTERRUPT, ((\stub) >> 16) & 0xffff
	.long	0, 0
	.endm

	.macro	EXCEPTION_GATES number
	.set	vector, 0
	.rept	\number
	GATE	(HV_TRAP_STUBS + vector * STUB_STRIDE)
	.set	vector, vector + 1
	.endr
	.endm

	.section .rodata
	.balign	16
	.globl hv_idt
hv_idt:
	EXCEPTION_GATES HV_NR_EXCEPTIONS

	.globl hv_accept_idt
hv_accept_idt:
	EXCEPTION_GATES FIRST_INTERRUPT
	.rept	HV_NR_VECTORS - FIRST_INTERRUPT
	GATE	(ACCEPT_STUBS + vector * STUB_STRIDE)
	.set	vector, vector + 1
	.endr

	.text
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
