/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry to the hypervisor by exceptions, and by the interrupts that it accepts.
 *
 * Two tables. Exceptions of the hypervisor's own come by the first one, always. While
 * interrupts are accepted, the second one is used: vectors 16 to 31 may then be interrupts,
 * which push no error code where an exception of that number does. No gate switches
 * stacks: the hypervisor never leaves ring 0.
 *
 * Once the hypervisor has a task register of its own, hv_stack_idt takes the place of the first
 * one: a double fault, which lost stacks end in, comes on the CPU's stack at HV_PARK.
 *
 * A fourth table is for a CPU that has not come yet, or has left: see hv_park.
 */
#include "core/hv/space.h"
#include "core/hv/idt.h"

#define VECTORS_WITH_ERROR_CODE	0x60227d00	/* 8, 10-14, 17, 21, 29, 30 */
#define FIRST_INTERRUPT		16
#define STUB_STRIDE		16
#define ACCEPT_STUBS		(HV_TRAP_STUBS + HV_NR_EXCEPTIONS * STUB_STRIDE)
#define PARK_STUBS		(ACCEPT_STUBS + HV_NR_VECTORS * STUB_STRIDE)
#define PARK_STUB_DEAD		0
#define PARK_STUB_NMI		1
#define PARK_STUB_MC		2
#define DOUBLE_STUB		(PARK_STUBS + 3 * STUB_STRIDE)
#define VECTOR_DF		8
#define VECTOR_NMI		2
#define VECTOR_MC		18
#define MSR_MCG_STATUS		0x17a
#define GATE_INTERRUPT		0x8e00	/* present, DPL 0, 64-bit interrupt gate, no IST */
#define GATE_IST1		0x8e01

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

	/* Stubs in the order of PARK_STUB_*. They use no memory but the stack. */
	.balign	STUB_STRIDE
park_dead:
	hlt
	jmp	park_dead
	.balign	STUB_STRIDE
	iretq
	.balign	STUB_STRIDE
	jmp	park_machine_check
	.balign	STUB_STRIDE
	jmp	double_fault

	/* A 64-bit gate, APM vol. 2, 4.8.4. The image lies below 4 GiB. */
	.macro	GATE stub, kind=GATE_INTERRUPT
	.word	(\stub) & 0xffff, HV_CS, \kind, ((\stub) >> 16) & 0xffff
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

	.globl hv_stack_idt
hv_stack_idt:
	EXCEPTION_GATES VECTOR_DF
	GATE	DOUBLE_STUB, GATE_IST1
	.set	vector, VECTOR_DF + 1
	.rept	HV_NR_EXCEPTIONS - VECTOR_DF - 1
	GATE	(HV_TRAP_STUBS + vector * STUB_STRIDE)
	.set	vector, vector + 1
	.endr

	/* A 64-bit TSS for each CPU, SDM vol. 3, 8.7; of each only the first IST entry counts. */
	.globl hv_tss
hv_tss:
	.set	index, 0
	.rept	4096 >> HV_PARK_SHIFT
	.fill	36, 1, 0
	.quad	HV_PARK + ((index + 1) << HV_PARK_SHIFT)
	.fill	HV_TSS_SIZE - 44, 1, 0
	.set	index, index + 1
	.endr

	.globl hv_accept_idt
hv_accept_idt:
	EXCEPTION_GATES FIRST_INTERRUPT
	.rept	HV_NR_VECTORS - FIRST_INTERRUPT
	GATE	(ACCEPT_STUBS + vector * STUB_STRIDE)
	.set	vector, vector + 1
	.endr

	.macro	PARK_GATES number, stub
	.rept	\number
	GATE	(PARK_STUBS + \stub * STUB_STRIDE)
	.endr
	.endm

hv_park_idt:
	PARK_GATES VECTOR_NMI, PARK_STUB_DEAD
	PARK_GATES 1, PARK_STUB_NMI
	PARK_GATES (VECTOR_MC-VECTOR_NMI-1), PARK_STUB_DEAD
	PARK_GATES 1, PARK_STUB_MC
	PARK_GATES (HV_NR_EXCEPTIONS-VECTOR_MC-1), PARK_STUB_DEAD

	.globl hv_park_idt_pointer
hv_park_idt_pointer:
	.word	HV_NR_EXCEPTIONS * 16 - 1
	.quad	hv_park_idt

	.text
	.balign	16
	/*
	 * void __noreturn hv_park(u32 *state, u32 value, void (*release)(void), u64 stack)
	 *
	 * The store of @value to *@state is the last one to memory that the controller ever
	 * writes or frees while the CPU is out of Linux: it may do so at once, however long the
	 * CPU takes for what follows. @stack is used by nobody else and never reused. NMIs and
	 * machine checks come and go; an exception of @release's own ends it.
	 */
	.globl hv_park
hv_park:
	cli
	lidt	hv_park_idt_pointer
	movq	%rcx, %rsp
	movl	%esi, (%rdi)
	testq	%rdx, %rdx
	jz	park_dead
	call	*%rdx
	jmp	park_dead

	/* The stack pointer was lost: the new one tells the CPU, which goes on at its own top. */
double_fault:
	movq	8(%rsp), %rsi
	leaq	-HV_PARK(%rsp), %rax
	shrq	$HV_PARK_SHIFT, %rax
	shlq	$HV_CPU_STRIDE_SHIFT, %rax
	leaq	HV_CPU + HV_CPU_STATUS - HV_CPU_STRUCT(%rax), %rsp
	movl	$VECTOR_DF, %edi
	call	hv_panic
	ud2

	/* Still "in progress", the next one would shut down the processor, Linux's by then. */
park_machine_check:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	xorl	%eax, %eax
	xorl	%edx, %edx
	movl	$MSR_MCG_STATUS, %ecx
	wrmsr
	popq	%rdx
	popq	%rcx
	popq	%rax
	iretq

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

	.section .note.GNU-stack, "", @progbits
