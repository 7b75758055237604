/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch, SDM vol. 3, chapters 27 and 28.
 *
 * The hypervisor takes NMIs while it runs, so one may come between the last
 * look at the flag that its handler sets and the entry. Whatever instruction of
 * [entry_begin, entry_end) it interrupts, the handler continues at entry_abort
 * (core/hv/trap.c): until the entry nothing is done there that cannot be left.
 */
#define GPR(n)	((n) * 8)(%rdi)

#define VMCS_HOST_RSP	0x6c14
#define VMCS_HOST_RIP	0x6c16

#define CPU_NMI		128	/* covirt_cpu::nmi */

/* enum vmx_entered */
#define NOT_ENTERED	1
#define NMI_BEFORE	2

	.text
	/*
	 * void vmx_loop(struct covirt_cpu *cpu, vmx_exit_handler *handler)
	 *
	 * Between two entries the stack holds the launch state (not 0 once VMLAUNCH
	 * has succeeded) below the two arguments; what the handler keeps in registers
	 * is its own business.
	 */
	.globl vmx_loop
vmx_loop:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	$0
	pushq	%rsi
	pushq	%rdi
	movl	$VMCS_HOST_RSP, %eax
	vmwrite	%rsp, %rax
	leaq	left(%rip), %rcx
	movl	$VMCS_HOST_RIP, %eax
	vmwrite	%rcx, %rax
enter:	movq	(%rsp), %rdi
entry_begin:
	cmpb	$0, CPU_NMI(%rdi)
	jne	entry_abort
	cmpb	$0, 16(%rsp)		/* ZF from here to the entry: not launched yet */
	movq	GPR(0), %rax
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
	movq	GPR(7), %rdi		/* MOV leaves the flags alone */
	jz	1f
	vmresume
	jmp	entry_end
1:	vmlaunch
entry_end:
	movl	$NOT_ENTERED, %esi
	jmp	handle
entry_abort:
	movl	$NMI_BEFORE, %esi
	jmp	handle

left:	pushq	%rdi
	movq	8(%rsp), %rdi
	movq	%rax, GPR(0)
	movq	%rcx, GPR(1)
	movq	%rdx, GPR(2)
	movq	%rbx, GPR(3)
	movq	%rbp, GPR(5)
	movq	%rsi, GPR(6)
	popq	GPR(7)
	movq	%r8, GPR(8)
	movq	%r9, GPR(9)
	movq	%r10, GPR(10)
	movq	%r11, GPR(11)
	movq	%r12, GPR(12)
	movq	%r13, GPR(13)
	movq	%r14, GPR(14)
	movq	%r15, GPR(15)
	movb	$1, 16(%rsp)
	xorl	%esi, %esi		/* ENTERED */
handle:	movq	(%rsp), %rdi
	/* No value the guest left stays live for speculation. */
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebp, %ebp
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	call	*8(%rsp)
	testl	%eax, %eax
	jz	enter
	addq	$24, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.pushsection .nmi_ranges, "a"
	.quad	entry_begin, entry_end, entry_abort
	.popsection

	/* VMfail sets CF or ZF (SDM vol. 3, 31.2). */
	.macro	RETURN_VMFAIL
	setbe	%al
	movzbl	%al, %eax
	ret
	.endm

	/* int vmx_on(const hpa_t *region) */
	.globl vmx_on
vmx_on:
	vmxon	(%rdi)
	RETURN_VMFAIL

	/* int vmx_clear(const hpa_t *vmcs) */
	.globl vmx_clear
vmx_clear:
	vmclear	(%rdi)
	RETURN_VMFAIL

	/* int vmx_load(const hpa_t *vmcs) */
	.globl vmx_load
vmx_load:
	vmptrld	(%rdi)
	RETURN_VMFAIL

	.globl vmx_off
vmx_off:
	vmxoff
	ret

	/* All contexts of both kinds: SDM vol. 3, 31.3, INVEPT type 2 and INVVPID type 2. */
	.globl vmx_invalidate_all
vmx_invalidate_all:
	movl	$2, %eax
	pushq	$0
	pushq	$0
	invept	(%rsp), %rax
	invvpid	(%rsp), %rax
	addq	$16, %rsp
	ret

	.section .note.GNU-stack, "", @progbits
