/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that may fault, each as a function
 *
 *	int probe_NAME(struct probe_regs *regs)
 *
 * which loads RAX, RCX and RDX, points RSI to a byte, executes it, stores RAX, RBX, RCX and RDX
 * back, and returns -1, or the vector of the exception that it raised.
 * idt_dispatch() continues at probe_resume with the stack of probe_stack.
 */

#define MSR_GS_BASE	0xc0000101
#define GS_DISPLACEMENT	0x1234000
#define INDEX_DISPLACEMENT	0x2468000
#define INDEX		0x1357
#define USER_CS		0x23
#define USER_DS		0x2b

	.macro	PROBE name:req, insn:vararg
	.globl	probe_\name
probe_\name:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	leaq	probe_failed(%rip), %rax
	movq	%rax, probe_resume(%rip)
	movq	%rsp, probe_stack(%rip)
	movq	0(%rdi), %rax
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	leaq	probe_byte(%rip), %rsi
	\insn
	jmp	probe_done
	.endm

	.macro	PUSH_AT_RCX
	leaq	8(%rcx), %rsp
	pushq	%rax
	.endm

	/* The one form of MOV whose address is a constant of the instruction. */
	.macro	OFFSET_OF_TPR
	movl	%edx, %eax
	movabsl	%eax, 0xfee00080
	.endm

	/* Nothing is delivered meanwhile: interrupts are off. */
	.macro	READ_STACK_POINTER_AT_RCX
	movq	(%rcx), %rsp
	movq	%rsp, %rax
	movq	probe_stack(%rip), %rsp
	.endm

	.macro	MOVS_TO_RCX
	movq	%rcx, %rdi
	movsl
	.endm

	.macro	TRAP_ON_STACK_AT_RCX
	movq	%rcx, %rsp
	int3
	.endm

	.macro	INS_TO_RSI
	movq	%rsi, %rdi
	insb
	.endm

	/* Delivering the #DB that this write raises writes SS there, which raises the next. */
	.macro	DEBUG_EXCEPTIONS_FOR_EVER
	movq	%rsp, %rcx
	andq	$-16, %rcx
	subq	$8, %rcx
	movq	%rcx, %dr0
	movl	$0x90001, %eax		/* DR7: L0, eight bytes, writes */
	movq	%rax, %dr7
	movq	%rax, (%rcx)
	.endm

	.macro	SEGMENT_FROM_GDT_AT_RCX
	pushq	%rcx
	pushw	$0xffff
	lgdt	(%rsp)
	addq	$10, %rsp
	movl	$8, %eax
	movw	%ax, %es
	.endm

	.macro	INTERRUPT_BY_IDT_AT_RCX
	pushq	%rcx
	pushw	$0xffff
	lidt	(%rsp)
	addq	$10, %rsp
	int3
	.endm

	/* No register holds the address. */
	.macro	READ_BY_GS_AT_RCX
	leaq	-GS_DISPLACEMENT(%rcx), %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	movl	$MSR_GS_BASE, %ecx
	wrmsr
	xorl	%eax, %eax
	movq	%gs:GS_DISPLACEMENT, %rax
	.endm

	/* No register holds it, nor does one and the displacement. */
	.macro	WRITE_BY_INDEX_AT_RCX
	leaq	-INDEX_DISPLACEMENT(%rcx), %rax
	movl	$INDEX, %ecx
	subq	$8 * INDEX, %rax
	movq	%rax, INDEX_DISPLACEMENT(%rax, %rcx, 8)
	.endm

	/* To 32-bit code without privilege; command_edge.c has the descriptors. */
	.macro	TO_USER_CODE_AT_RCX
	pushq	$USER_DS
	pushq	$0
	pushq	$2
	pushq	$USER_CS
	pushq	%rcx
	xorl	%eax, %eax
	iretq
	.endm

	.section .text
	PROBE	rdmsr, rdmsr
	PROBE	wrmsr, wrmsr
	PROBE	cpuid, cpuid
	PROBE	xsetbv, xsetbv
	PROBE	cr0, movq %rax, %cr0
	PROBE	cr4, movq %rax, %cr4
	PROBE	in, inb %dx, %al
	PROBE	out, outb %al, %dx
	PROBE	outs, outsb
	PROBE	read, movq (%rcx), %rax
	PROBE	read8, movb (%rcx), %al
	PROBE	read8h, movb (%rcx), %ah
	PROBE	read16, movw (%rcx), %ax
	PROBE	read32, movl (%rcx), %eax
	PROBE	zero8, movzbw (%rcx), %ax
	PROBE	zero16, movzwl (%rcx), %eax
	PROBE	sign8, movsbl (%rcx), %eax
	PROBE	sign16, movswq (%rcx), %rax
	PROBE	sign32, movslq (%rcx), %rax
	PROBE	readsp, READ_STACK_POINTER_AT_RCX
	PROBE	write, movq %rax, (%rcx)
	PROBE	write8, movb %dl, (%rcx)
	PROBE	write16, movw %dx, (%rcx)
	PROBE	write32, movl %edx, (%rcx)
	PROBE	zero32, movl $0, (%rcx)
	PROBE	offset32, OFFSET_OF_TPR
	PROBE	or32, orl %edx, (%rcx)
	PROBE	nontemporal, movnti %edx, (%rcx)
	PROBE	movs, MOVS_TO_RCX
	PROBE	trap, TRAP_ON_STACK_AT_RCX
	PROBE	exec, call *%rcx
	PROBE	vmmcall, vmmcall
	PROBE	vmcall, vmcall
	PROBE	vmrun, vmrun
	PROBE	vmload, vmload
	PROBE	vmsave, vmsave
	PROBE	stgi, stgi
	PROBE	clgi, clgi
	PROBE	skinit, skinit
	PROBE	invlpga, invlpga
	PROBE	invd, invd
	PROBE	wbinvd, wbinvd
	PROBE	vmxon, vmxon (%rcx)
	PROBE	vmxoff, vmxoff
	PROBE	vmptrld, vmptrld (%rcx)
	PROBE	vmptrst, vmptrst (%rcx)
	PROBE	vmclear, vmclear (%rcx)
	PROBE	vmread, vmread %rax, %rcx
	PROBE	vmwrite, vmwrite %rax, %rcx
	PROBE	vmlaunch, vmlaunch
	PROBE	vmresume, vmresume
	PROBE	vmfunc, vmfunc
	PROBE	invept, invept (%rcx), %rax
	PROBE	invvpid, invvpid (%rcx), %rax
	PROBE	getsec, getsec
	PROBE	rsm, rsm
	PROBE	rdpmc, rdpmc
	PROBE	cr3, movq %rax, %cr3
	PROBE	dr7, movq %rax, %dr7
	PROBE	exchange, xchgq %rax, (%rcx)
	PROBE	prefetch, prefetcht0 (%rcx)
	PROBE	push, PUSH_AT_RCX
	PROBE	ins, INS_TO_RSI
	PROBE	dbloop, DEBUG_EXCEPTIONS_FOR_EVER
	PROBE	gdt, SEGMENT_FROM_GDT_AT_RCX
	PROBE	idt, INTERRUPT_BY_IDT_AT_RCX
	PROBE	gs, READ_BY_GS_AT_RCX
	PROBE	indexed, WRITE_BY_INDEX_AT_RCX
	PROBE	edge, TO_USER_CODE_AT_RCX

probe_done:
	popq	%rdi
	movq	%rax, 0(%rdi)
	movq	%rcx, 8(%rdi)
	movq	%rdx, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	$0, probe_resume(%rip)
	movl	$-1, %eax
	jmp	probe_return

	/* idt_dispatch() leaves the vector in RAX and clears probe_resume. */
probe_failed:
	popq	%rdi
probe_return:
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.section .data
probe_byte:
	.byte	'!'
	.section .note.GNU-stack, "", @progbits
