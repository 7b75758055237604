/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch, SDM vol. 3, chapters 27 and 28.
 *
 * The hypervisor takes NMIs while it runs, so one may come between the last
 * look at the flag that its handler sets and the entry. Whatever instruction of
 * [entry_begin, entry_end) it interrupts, the handler continues at entry_abort
 * (core/hv/trap.c): until the entry nothing is done there that cannot be left.
 */
#include "core/hv/gprs.S"

#define VMCS_HOST_RSP	0x6c14
#define VMCS_HOST_RIP	0x6c16

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
	CALLEE_SAVED_PUSH
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
	GPRS_LOAD			/* MOV leaves the flags alone */
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
	popq	GPR(7)
	movq	%rax, GPR(0)
	GPRS_STORE
	movb	$1, 16(%rsp)
	xorl	%esi, %esi		/* ENTERED */
handle:	movq	(%rsp), %rdi
	GPRS_CLEAR
	call	*8(%rsp)
	testl	%eax, %eax
	jz	enter
	addq	$24, %rsp
	CALLEE_SAVED_POP
	ret

	.pushsection .nmi_ranges, "a"
	.quad	entry_begin, entry_end, entry_abort
	.popsection

	/*
	 * void vmx_wait_nmi(struct covirt_cpu *cpu)
	 *
	 * An NMI ends the HLT; one that came before has set the flag, or skips the HLT.
	 */
	.globl vmx_wait_nmi
vmx_wait_nmi:
wait_begin:
	cmpb	$0, CPU_NMI(%rdi)
	jne	wait_end
	hlt
wait_end:
	ret

	.pushsection .nmi_ranges, "a"
	.quad	wait_begin, wait_end, wait_end
	.popsection

	/*
	 * An NMI that made the guest exit blocks the next one until an IRET
	 * (SDM vol. 3, 28.3.1), or the next entry, which may be long in coming.
	 */
	.globl vmx_unblock_nmi
vmx_unblock_nmi:
	movq	%rsp, %rax
	movl	%ss, %ecx
	movl	%cs, %edx
	pushq	%rcx
	pushq	%rax
	pushfq
	pushq	%rdx
	leaq	1f(%rip), %rax
	pushq	%rax
	iretq
1:	ret

	.globl vmx_interrupt_window
vmx_interrupt_window:
	sti
	nop
	cli
	ret

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

	/*
	 * Invalidates all contexts of both kinds: SDM vol. 3, 31.3, INVEPT type 2 and INVVPID type
	 * 2.
	 */
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
