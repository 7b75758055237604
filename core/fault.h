/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a co-kernel was stopped: the raw record that the hypervisor publishes. */
#ifndef COVIRT_CORE_FAULT_H
#define COVIRT_CORE_FAULT_H

#include "core/types.h"

/*
 * X-macro: reason, name in the fault file, whether it is the co-kernel's
 * own orderly request (the enclave is then `stopped`, not `faulted`).
 */
#define COVIRT_FAULT_REASONS(X)					\
	X(NONE,			"none",			true)	\
	X(STOPPED,		"stopped",		true)	\
	X(GUEST_RESET,		"guest-reset",		true)	\
	X(POWER_OFF,		"power-off",		true)	\
	X(MEMORY_VIOLATION,	"memory-violation",	false)	\
	X(IPI_DENIED,		"ipi-denied",		false)	\
	X(STRING_IO,		"string-io",		false)	\
	X(TRIPLE_FAULT,		"triple-fault",		false)	\
	X(MACHINE_CHECK,	"machine-check",	false)	\
	X(INIT,			"init",			false)	\
	X(UNDECODED,		"undecoded-instruction", false)	\
	X(ENTRY_FAILED,		"entry-failed",		false)	\
	X(UNKNOWN_EXIT,		"unknown-exit",		false)	\
	X(HYPERVISOR_PANIC,	"hypervisor-panic",	false)	\
	X(LOST,			"cpu-lost",		false)	\
	X(NESTED_BROKEN,	"nested-tables-broken",	false)	\
	X(HUNG,			"hung",			false)

enum covirt_fault_reason {
#define COVIRT_FAULT_ENUM(id, name, orderly)	COVIRT_FAULT_##id,
	COVIRT_FAULT_REASONS(COVIRT_FAULT_ENUM)
#undef COVIRT_FAULT_ENUM
	COVIRT_NR_FAULTS,
};

/**
 * enum covirt_hang - how the watchdog finds a CPU
 * @COVIRT_HANG_NONE:      in order
 * @COVIRT_HANG_DOORBELL:  it does not answer its doorbell
 * @COVIRT_HANG_HEARTBEAT: it does, but its heartbeat has stopped
 */
enum covirt_hang {
	COVIRT_HANG_NONE,
	COVIRT_HANG_DOORBELL,
	COVIRT_HANG_HEARTBEAT,
};

/**
 * enum covirt_where - of when the registers in the record of a TRIPLE_FAULT are
 * @COVIRT_WHERE_FAULT: they are those of the fault
 * @COVIRT_WHERE_BEGIN: the processor does not tell them; these are what the CPU began with,
 *                      at the co-kernel's entry or after its last start-up IPI
 */
enum covirt_where {
	COVIRT_WHERE_FAULT,
	COVIRT_WHERE_BEGIN,
};

/* General-purpose registers wherever they are an array, in the order of ModRM and REX. */
enum covirt_gpr {
	GPR_RAX, GPR_RCX, GPR_RDX, GPR_RBX, GPR_RSP, GPR_RBP, GPR_RSI, GPR_RDI,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	COVIRT_NR_GPRS,
};

/**
 * struct covirt_fault - one fault record, written once by the hypervisor
 * @reason:  enum covirt_fault_reason
 * @exit:    enum covirt_exit_reason of the exit that led here
 * @apicid:  APIC id of the CPU
 * @access:  MEMORY_VIOLATION, UNDECODED after a nested fault: enum covirt_access
 * @walk:    MEMORY_VIOLATION: hit while walking the guest's page tables
 * @cpl:     current privilege level
 * @code64:  the code was 64-bit code
 * @detail:  IPI_DENIED: the ICR value; STRING_IO, GUEST_RESET, POWER_OFF: the
 *           port, 0 for a jump to the BIOS; HYPERVISOR_PANIC: the exception vector;
 *           HUNG: enum covirt_hang; TRIPLE_FAULT: enum covirt_where
 * @code:    vendor's exit code
 * @info1:   vendor's first qualification
 * @info2:   vendor's second qualification
 * @gpa:     as @access: guest-physical address
 * @rip:     guest instruction pointer (HYPERVISOR_PANIC: the hypervisor's)
 * @rflags:  flags
 * @cr0:     guest control register
 * @cr2:     guest control register
 * @cr3:     guest control register
 * @cr4:     guest control register
 * @efer:    guest EFER as the guest sees it
 * @cs_base: base of the code segment
 * @gpr:     general-purpose registers
 *
 * The guest state of a CPU that Linux finds HUNG is as of its last answer; where it does not
 * answer it reads 0.
 */
struct covirt_fault {
	u32 reason;
	u32 exit;
	apicid_t apicid;
	u8 access;
	u8 walk;
	u8 cpl;
	u8 code64;
	u64 detail;
	u64 code;
	u64 info1;
	u64 info2;
	gpa_t gpa;
	u64 rip;
	u64 rflags;
	u64 cr0;
	u64 cr2;
	u64 cr3;
	u64 cr4;
	u64 efer;
	u64 cs_base;
	u64 gpr[COVIRT_NR_GPRS];
};

#endif /* COVIRT_CORE_FAULT_H */
