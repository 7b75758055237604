/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch, APM vol. 2, 15.5.
 *
 * GIF is 0 from svm_clgi() on, whenever the hypervisor runs: VMRUN sets it for
 * the guest and #VMEXIT clears it. FS, GS, TR, LDTR, the SYSCALL and SYSENTER
 * registers are switched by VMSAVE and VMLOAD. The hypervisor needs TR only, for
 * the stack of a double fault.
 */
#include "core/hv/gprs.S"

	.text
	/*
	 * void svm_loop(struct covirt_cpu *cpu, hpa_t vmcb, hpa_t host, svm_exit_handler *handler)
	 *
	 * RAX and RSP travel in the VMCB. Between two entries the stack holds the
	 * four arguments; what the handler keeps in registers is its own business.
	 */
	.globl svm_loop
svm_loop:
	CALLEE_SAVED_PUSH
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
1:	movq	(%rsp), %rdi
	movq	8(%rsp), %rax
	vmload	%rax
	GPRS_LOAD
	vmrun	%rax
	/* RAX is the block's address again. */
	vmsave	%rax
	movq	16(%rsp), %rax
	vmload	%rax
	movq	%rdi, %rax
	movq	(%rsp), %rdi
	movq	%rax, GPR(7)
	GPRS_STORE
	GPRS_CLEAR
	xorl	%esi, %esi
	call	*24(%rsp)
	testl	%eax, %eax
	jz	1b
	addq	$32, %rsp
	CALLEE_SAVED_POP
	ret

	/* void svm_vmload(hpa_t vmcb) */
	.globl svm_vmload
svm_vmload:
	movq	%rdi, %rax
	vmload	%rax
	ret

	.globl svm_clgi
svm_clgi:
	clgi
	ret

	.globl svm_stgi
svm_stgi:
	stgi
	ret

	/*
	 * An intercepted NMI stays pending until GIF is set: take it here,
	 * through the hypervisor's IDT, whose IRET unmasks the next one.
	 */
	.globl svm_take_nmi
svm_take_nmi:
	stgi
	nop
	clgi
	ret

	/* An interrupt is taken in the same way; it needs RFLAGS.IF as well. */
	.globl svm_interrupt_window
svm_interrupt_window:
	stgi
	sti
	nop
	cli
	clgi
	ret

	/*
	 * void svm_wait_nmi(struct covirt_cpu *cpu)
	 *
	 * An NMI ends the HLT, and one that was pending already is taken as soon as
	 * GIF is set: it skips the HLT (core/hv/trap.c). One that came with an interrupt has
	 * set the flag.
	 */
	.globl svm_wait_nmi
svm_wait_nmi:
	stgi
wait_begin:
	cmpb	$0, CPU_NMI(%rdi)
	jne	wait_end
	hlt
wait_end:
	clgi
	ret

	.pushsection .nmi_ranges, "a"
	.quad	wait_begin, wait_end, wait_end
	.popsection

	.section .note.GNU-stack, "", @progbits
