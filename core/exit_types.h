/* SPDX-License-Identifier: GPL-2.0-only */
/* An exit from guest mode in vendor-neutral terms, and what becomes of it. */
#ifndef COVIRT_CORE_EXIT_TYPES_H
#define COVIRT_CORE_EXIT_TYPES_H

#include "core/types.h"

/*
 * X-macro: reason, name in sysfs (stats/exits_NAME) and in fault records.
 * Appending is an ABI addition; reordering is not allowed.
 */
#define COVIRT_EXIT_REASONS(X)				\
	X(DOORBELL,	doorbell)			\
	X(CPUID,	cpuid)				\
	X(MSR_READ,	msr_read)			\
	X(MSR_WRITE,	msr_write)			\
	X(IO,		io)				\
	X(CR_WRITE,	cr_write)			\
	X(XSETBV,	xsetbv)				\
	X(CACHE_FLUSH,	cache_flush)			\
	X(EXCEPTION,	exception)			\
	X(VIRT_INSN,	virt_insn)			\
	X(RDPMC,	rdpmc)				\
	X(NESTED_FAULT,	nested_fault)			\
	X(SHUTDOWN,	shutdown)			\
	X(INIT,		init)				\
	X(ENTRY_FAILED,	entry_failed)			\
	X(UNKNOWN,	unknown)			\
	X(NESTED_BROKEN, nested_broken)			\
	X(NMI_WINDOW,	nmi_window)			\
	X(INTERRUPT,	interrupt)

enum covirt_exit_reason {
#define COVIRT_EXIT_ENUM(id, name)	COVIRT_EXIT_##id,
	COVIRT_EXIT_REASONS(COVIRT_EXIT_ENUM)
#undef COVIRT_EXIT_ENUM
	COVIRT_NR_EXITS,
};

#define COVIRT_CR_UNDECODED	0xff

/**
 * struct covirt_exit - one decoded exit; a field of another reason is undefined
 * @reason:    what happened
 * @code:      the vendor's exit code, for the fault record
 * @info1:     the vendor's first qualification
 * @info2:     the vendor's second qualification
 * @insn_len:  length in bytes of the instruction that exited, 0 if unknown
 * @gpa:       NESTED_FAULT: guest-physical address
 * @access:    NESTED_FAULT: enum covirt_access that was tried
 * @walk:      NESTED_FAULT: hit while walking the guest's own page tables
 * @event:     NESTED_FAULT: hit while an event was being delivered
 * @port:      IO: port number
 * @size:      IO: operand size in bytes (1, 2, 4)
 * @in:        IO: input, else output
 * @string:    IO: INS or OUTS
 * @cr:        CR_WRITE: number of the control register, or COVIRT_CR_UNDECODED
 * @value:     CR_WRITE: value written
 * @vector:    EXCEPTION: vector
 * @error:     EXCEPTION: error code
 */
struct covirt_exit {
	enum covirt_exit_reason reason;
	u64 code;
	u64 info1;
	u64 info2;
	u32 insn_len;
	gpa_t gpa;
	u8 access;
	bool walk;
	bool event;
	u16 port;
	u8 size;
	bool in;
	bool string;
	u8 cr;
	u64 value;
	vector_t vector;
	u32 error;
};

/**
 * enum covirt_verdict - what core decided about an exit
 * @COVIRT_RESUME: enter the guest again
 * @COVIRT_LEAVE:  leave guest mode for good; the CPU's status says why
 */
enum covirt_verdict {
	COVIRT_RESUME,
	COVIRT_LEAVE,
};

#endif /* COVIRT_CORE_EXIT_TYPES_H */
