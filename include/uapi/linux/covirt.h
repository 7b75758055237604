/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Covirt's binary interface: what user space reads from /sys/class/covirt and /dev/covirt, and
 * what a co-kernel finds in its memory. Everything here keeps its value and its offset for ever.
 * What is new is appended; a structure that is part of another one, or the argument of an ioctl,
 * does not grow. selftests/abi/released.table holds the last release to that.
 */
#ifndef _UAPI_LINUX_COVIRT_H
#define _UAPI_LINUX_COVIRT_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* The version of this interface: grows with whatever is appended. */
#define COVIRT_ABI_VERSION	1

/* --- ioctls of /dev/covirt/NAME --- */

#define COVIRT_NAME_BYTES	32

/**
 * enum covirt_endpoint - who sends an interrupt, or gets it
 * @COVIRT_ENDPOINT_ENCLAVE: an enclave's CPU
 * @COVIRT_ENDPOINT_LINUX:   Linux
 * @COVIRT_ENDPOINT_DEVICE:  reserved
 */
enum covirt_endpoint {
	COVIRT_ENDPOINT_ENCLAVE,
	COVIRT_ENDPOINT_LINUX,
	COVIRT_ENDPOINT_DEVICE,
};

#define COVIRT_CPU_ANY		(-1)

/**
 * struct covirt_ioctl_route - an interrupt that crosses an enclave's border
 * @id:         number of the route, by which it is revoked; written by the kernel
 * @source:     COVIRT_ENDPOINT_ENCLAVE: CPUs of this enclave; COVIRT_ENDPOINT_LINUX: see
 *              COVIRT_IOC_RAISE
 * @source_cpu: which CPU of it, by Linux's number; COVIRT_CPU_ANY: each
 * @target:     COVIRT_ENDPOINT_ENCLAVE: a CPU of another enclave, or of this one where Linux sends;
 *              COVIRT_ENDPOINT_LINUX: an interrupt that Linux handles
 * @target_cpu: which CPU, by Linux's number. For a target in Linux the kernel writes where the
 *              interrupt is handled now
 * @fd:         target enclave: its /dev/covirt/NAME, opened; target Linux: an eventfd that
 *              counts the interrupts, or -1; else -1
 * @vector:     as it is sent, and as it arrives in an enclave: 32 to 255. For a target in Linux 0
 *              lets the kernel choose
 * @apicid:     destination that the co-kernel writes to its ICR with @vector; written by the
 *              kernel: the APIC id of the target CPU, where apic_ids is host, or 0x10000 and
 *              Linux's number of it; of the CPU that it was when the route was granted
 * @irq:        target Linux: number of the interrupt, as in /proc/interrupts; written by the kernel
 * @host_vector: target Linux: its vector now; written by the kernel
 * @in_force:   1 if an interrupt would be delivered now; written by the kernel
 * @reserved:   0
 * @count:      interrupts sent since the sender's start; written by the kernel
 * @name:       of the target enclave; written by the kernel
 */
struct covirt_ioctl_route {
	__u32 id;
	__u32 source;
	__s32 source_cpu;
	__u32 target;
	__s32 target_cpu;
	__s32 fd;
	__u32 vector;
	__u32 apicid;
	__u32 irq;
	__u32 host_vector;
	__u32 in_force;
	__u32 reserved;
	__u64 count;
	char name[COVIRT_NAME_BYTES];
};

#define COVIRT_IOC_MAGIC	0xbe

/* Grant a route; what the kernel writes is filled in. */
#define COVIRT_IOC_GRANT	_IOWR(COVIRT_IOC_MAGIC, 1, struct covirt_ioctl_route)

/*
 * Revoke the route with this number. When it returns, each CPU of the sender has acknowledged,
 * and no interrupt of the route is sent any more.
 */
#define COVIRT_IOC_REVOKE	_IOW(COVIRT_IOC_MAGIC, 2, __u32)

/* The route with the lowest number that is not below @id; ENOENT: there is none. */
#define COVIRT_IOC_ROUTE	_IOWR(COVIRT_IOC_MAGIC, 3, struct covirt_ioctl_route)

/* Send the interrupt of the route with this number, whose source is Linux. */
#define COVIRT_IOC_RAISE	_IOW(COVIRT_IOC_MAGIC, 4, __u32)

/*
 * A core dump: returns a file descriptor, read-only and seekable, of an ELF file: PT_LOAD for
 * each extent of the enclave's RAM, NT_PRSTATUS and struct covirt_note_cpu for each CPU, which
 * goes on if it runs. Reading it fails with ESTALE once the memory is gone, or is cleared for a
 * start. ENODATA: there is nothing to dump.
 */
#define COVIRT_IOC_CORE		_IO(COVIRT_IOC_MAGIC, 5)

/* --- exits and faults --- */

/**
 * enum covirt_access - what a guest-physical extent permits, and what an access tried
 * @COVIRT_READ:  data read
 * @COVIRT_WRITE: data write
 * @COVIRT_EXEC:  instruction fetch
 * @COVIRT_RW:    data
 * @COVIRT_RWX:   anything
 */
enum covirt_access {
	COVIRT_READ	= 1,
	COVIRT_WRITE	= 2,
	COVIRT_EXEC	= 4,
	COVIRT_RW	= COVIRT_READ | COVIRT_WRITE,
	COVIRT_RWX	= COVIRT_RW | COVIRT_EXEC,
};

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

/* General-purpose registers, where they are an array, are in the order of ModRM and REX. */
#define COVIRT_NR_GPRS		16

/**
 * struct covirt_fault - one fault record, written once by the hypervisor
 * @reason:  enum covirt_fault_reason
 * @exit:    enum covirt_exit_reason of the exit that led here
 * @apicid:  APIC id of the CPU, the processor's own whatever the co-kernel knows it by
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
	__u32 reason;
	__u32 exit;
	__u32 apicid;
	__u8 access;
	__u8 walk;
	__u8 cpl;
	__u8 code64;
	__u64 detail;
	__u64 code;
	__u64 info1;
	__u64 info2;
	__u64 gpa;
	__u64 rip;
	__u64 rflags;
	__u64 cr0;
	__u64 cr2;
	__u64 cr3;
	__u64 cr4;
	__u64 efer;
	__u64 cs_base;
	__u64 gpr[COVIRT_NR_GPRS];
};

#define COVIRT_WALK_LEVELS	5

/**
 * struct covirt_walk_path - how a walk went
 * @nr:      entries that were looked at
 * @outside: the last of them could not be read: it is not the enclave's memory
 * @at:      guest-physical address of each
 * @entry:   what stood there; 0 when it could not be read
 */
struct covirt_walk_path {
	__u32 nr;
	__u32 outside;
	__u64 at[COVIRT_WALK_LEVELS];
	__u64 entry[COVIRT_WALK_LEVELS];
};

#define COVIRT_FAULT_RECORD_VERSION	2
#define COVIRT_FAULT_RECORDS		16	/* that are kept, the newest ones */
#define COVIRT_FAULT_CODE		64
#define COVIRT_FAULT_STACK		256
#define COVIRT_FAULT_FRAMES		16
#define COVIRT_RECENT_EXITS		16	/* a power of two */

/**
 * struct covirt_recent - an exit that went before
 * @reason: enum covirt_exit_reason
 * @info1:  the vendor's first qualification, its low half; of IO bits 31:16 are the port on both
 * @rax:    the guest's EAX as it exited: leaf of CPUID, value written to a port
 * @rcx:    and its ECX: number of an MSR
 */
struct covirt_recent {
	__u32 reason;
	__u32 info1;
	__u32 rax;
	__u32 rcx;
};

/**
 * struct covirt_fault_record - one fault
 * @version:   COVIRT_FAULT_RECORD_VERSION
 * @size:      bytes of this structure
 * @sequence:  counts the faults of the enclave from 1; 0: there is no record
 * @time_ns:   when Linux noticed, CLOCK_REALTIME
 * @cpu:       Linux's number of the CPU
 * @code_len:  valid bytes of @code
 * @policy:    on_fault at that time; "report": the co-kernel runs on
 * @owner:     whose memory was aimed at: "linux", "hypervisor", "enclave NAME", "none"
 * @fault:     the hypervisor's record
 * @code_gva:  guest-virtual address of @code
 * @code:      instructions around the instruction pointer
 * @stack_len: valid bytes of @stack
 * @nr_frames: valid entries of @frame
 * @nr_recent: valid entries of @recent
 * @walked:    @walk is valid
 * @stack:     what the stack pointer points at
 * @frame:     return addresses, as the chain of frame pointers has them
 * @recent:    the last exits of the CPU, the newest last: that of the fault
 * @walk_gva:  MEMORY_VIOLATION: a guest-virtual address that leads to fault.gpa: the instruction
 *             pointer, what a register holds, or what an operand of the instruction means
 * @walk:      its way through the guest's page tables
 * @fs_base:   base of FS; since version 2, as is what follows
 * @gs_base:   base of GS
 */
struct covirt_fault_record {
	__u32 version;
	__u32 size;
	__u64 sequence;
	__u64 time_ns;
	__s32 cpu;
	__u32 code_len;
	char policy[8];
	char owner[40];
	struct covirt_fault fault;
	__u64 code_gva;
	__u8 code[COVIRT_FAULT_CODE];
	__u32 stack_len;
	__u32 nr_frames;
	__u32 nr_recent;
	__u32 walked;
	__u8 stack[COVIRT_FAULT_STACK];
	__u64 frame[COVIRT_FAULT_FRAMES];
	struct covirt_recent recent[COVIRT_RECENT_EXITS];
	__u64 walk_gva;
	struct covirt_walk_path walk;
	__u64 fs_base;
	__u64 gs_base;
};

/* --- core dumps --- */

/**
 * struct covirt_registers - where a CPU is, or was when it left the co-kernel
 * @taken:   how often they have been written since the start; 0: the rest is not valid
 * @cs:      selector of the code segment
 * @ss:      selector of the stack segment
 * @cpl:     privilege level
 * @code64:  64-bit code is executed
 * @gpr:     general-purpose registers
 * @rip:     instruction pointer
 * @rflags:  flags
 * @cr0:     control register as the co-kernel sees it
 * @cr2:     control register
 * @cr3:     control register
 * @cr4:     control register as the co-kernel sees it
 * @efer:    EFER as the co-kernel sees it
 * @fs_base: base of FS
 * @gs_base: base of GS
 * @cs_base: base of CS
 */
struct covirt_registers {
	__u32 taken;
	__u16 cs;
	__u16 ss;
	__u32 cpl;
	__u32 code64;
	__u64 gpr[COVIRT_NR_GPRS];
	__u64 rip;
	__u64 rflags;
	__u64 cr0;
	__u64 cr2;
	__u64 cr3;
	__u64 cr4;
	__u64 efer;
	__u64 fs_base;
	__u64 gs_base;
	__u64 cs_base;
};

#define COVIRT_NOTE_NAME	"COVIRT"
#define COVIRT_NOTE_CPU		1	/* type of the note: struct covirt_note_cpu */

/**
 * struct covirt_note_cpu - one CPU of the enclave
 * @cpu:       Linux's number of it
 * @apicid:    its APIC id, the processor's own
 * @reason:    enum covirt_fault_reason: why it left the co-kernel; NONE: it has not
 * @reserved:  0
 * @registers: its registers
 */
struct covirt_note_cpu {
	__s32 cpu;
	__u32 apicid;
	__u32 reason;
	__u32 reserved;
	struct covirt_registers registers;
};

/* --- what a co-kernel finds --- */

/*
 * A plain ELF64 co-kernel is entered with the address of struct covirt_bootinfo.
 *
 * Entry state: 64-bit mode, paging on (every RAM extent is mapped at its own
 * guest-physical address, writable and executable, low memory too),
 * interrupts off, flat segments from a GDT in low memory (CS 0x10, data
 * 0x18), x2APIC enabled, RDI = guest-physical address of this structure, RSP
 * = top of an 8 KiB stack at least, all other registers 0. A processor without
 * x2APIC (CPUID.1:ECX[21] and APIC_BASE tell) has its APIC in memory, at
 * 0xfee00000, which is not mapped yet. The GDT, the page
 * tables and this structure stay valid until the co-kernel overwrites
 * [0x1000, 0x80000).
 */

#define COVIRT_BOOTINFO_MAGIC		0x4f464e4954525643ULL	/* "CVRTINFO" */
#define COVIRT_BOOTINFO_VERSION		1
#define COVIRT_BOOTINFO_RANGES		128

/**
 * struct covirt_bootinfo_range - usable RAM
 * @gpa: first byte, guest-physical
 * @len: bytes
 */
struct covirt_bootinfo_range {
	__u64 gpa;
	__u64 len;
};

/**
 * struct covirt_bootinfo - description of the enclave for its co-kernel
 * @magic:     COVIRT_BOOTINFO_MAGIC
 * @version:   COVIRT_BOOTINFO_VERSION; grows with each appended field
 * @size:      bytes of this structure
 * @cmdline:   guest-physical address of the NUL-terminated command line
 * @rsdp:      guest-physical address of the ACPI RSDP
 * @initrd:    guest-physical address of the initrd, 0 if there is none
 * @initrd_len: its length in bytes
 * @image:     guest-physical address at which the image's lowest byte lies
 * @image_len: bytes from there to its highest one, holes included
 * @tsc_khz:   frequency of the time-stamp counter
 * @nr_cpus:   CPUs of the enclave
 * @apicid:    local APIC id of the CPU that is entered, as the CPU itself reads it
 * @rng_seed:  32 random bytes, fresh for every start
 * @nr_ranges: valid entries of @range
 * @reserved:  0
 * @range:     RAM in ascending order, holes between; the first is low
 *             memory, whose part from 0x80000 on holds the ACPI tables
 */
struct covirt_bootinfo {
	__u64 magic;
	__u32 version;
	__u32 size;
	__u64 cmdline;
	__u64 rsdp;
	__u64 initrd;
	__u64 initrd_len;
	__u64 image;
	__u64 image_len;
	__u64 tsc_khz;
	__u32 nr_cpus;
	__u32 apicid;
	__u8 rng_seed[32];
	__u32 nr_ranges;
	__u32 reserved;
	struct covirt_bootinfo_range range[COVIRT_BOOTINFO_RANGES];
};

#endif /* _UAPI_LINUX_COVIRT_H */
