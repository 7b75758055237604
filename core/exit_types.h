/* SPDX-License-Identifier: GPL-2.0-only */
/* An exit from guest mode in vendor-neutral terms, and what becomes of it. */
#ifndef COVIRT_CORE_EXIT_TYPES_H
#define COVIRT_CORE_EXIT_TYPES_H

#include "core/types.h"
#include "include/uapi/linux/covirt.h"

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
