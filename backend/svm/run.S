/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch, APM vol. 2, 15.5.
 *
 * GIF is 0 from svm_clgi() on, whenever the hypervisor runs: VMRUN sets it for
 * the guest and #VMEXIT clears it. Segment state that VMLOAD brings in (FS,
 * GS, TR, LDTR, the SYSCALL and SYSENTER registers) stays the guest's all the
 * while: the hypervisor uses none of it.
 */
#define GPR(n)	((n) * 8)(%rdi)

	.text
	/*
	 * void svm_loop(struct covirt_cpu *cpu, hpa_t vmcb, svm_exit_handler *handler)
	 *
	 * RAX and RSP travel in the VMCB. Between two entries the stack holds the
	 * three arguments; what the handler keeps in registers is its own business.
	 */
	.globl svm_loop
svm_loop:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
1:	movq	(%rsp), %rdi
	movq	8(%rsp), %rax
	movq	GPR(1), %rcx
	movq	GPR(2), %rdx
	movq	GPR(3), %rbx
	movq	GPR(5), %rbp
	movq	GPR(6), %rsi
	movq	GPR(8), %r8
	movq	GPR(9), %r9
	movq	GPR(10), %r10
	movq	GPR(11), %r11
	movq	GPR(12), %r12
	movq	GPR(13), %r13
	movq	GPR(14), %r14
	movq	GPR(15), %r15
	movq	GPR(7), %rdi
	vmrun	%rax
	/* RAX is the host's again, but free. */
	movq	%rdi, %rax
	movq	(%rsp), %rdi
	movq	%rax, GPR(7)
	movq	%rcx, GPR(1)
	movq	%rdx, GPR(2)
	movq	%rbx, GPR(3)
	movq	%rbp, GPR(5)
	movq	%rsi, GPR(6)
	movq	%r8, GPR(8)
	movq	%r9, GPR(9)
	movq	%r10, GPR(10)
	movq	%r11, GPR(11)
	movq	%r12, GPR(12)
	movq	%r13, GPR(13)
	movq	%r14, GPR(14)
	movq	%r15, GPR(15)
	/* No value the guest left stays live for speculation. */
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebp, %ebp
	xorl	%esi, %esi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	call	*16(%rsp)
	testl	%eax, %eax
	jz	1b
	addq	$24, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
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

	.section .note.GNU-stack, "", @progbits
