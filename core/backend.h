/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backend table: what turns a partition into hardware state.
 *
 * It has two halves, one on each side of the wall, because the two sides are
 * linked apart: struct covirt_backend is called by the controller, struct
 * covirt_backend_cpu by the hypervisor on an enclave CPU.
 */
#ifndef COVIRT_CORE_BACKEND_H
#define COVIRT_CORE_BACKEND_H

#include "core/config.h"
#include "core/exit_types.h"
#include "core/types.h"

struct covirt_cpu;
struct covirt_fault;
struct permission_format;
struct pt_format;

/**
 * struct covirt_backend - a vendor's half in the Linux world
 * @name:          as written to the module parameter
 * @id:            index of its other half in covirt_backend_cpus[]
 * @format:        format of its nested page tables
 * @maps:          layout of its permission maps, which must be physically contiguous
 * @detect:        0 and @features of the current CPU, or -ENODEV and a reason
 *                 for the log. May run on any CPU, does not sleep.
 * @format_control_block: write what the processor wants to find in a CPU's zeroed control
 *                 block before it uses it, or NULL
 * @format_save_area: likewise, of the save area; once, before it is used for the first time
 * @entry_error:   why an entry failed, in words
 */
struct covirt_backend {
	const char *name;
	u32 id;
	const struct pt_format *format;
	const struct permission_format *maps;
	int (*detect)(u64 *features, const char **reason);
	void (*format_control_block)(void *control_block);
	void (*format_save_area)(void *save_area);
	const char *(*entry_error)(const struct covirt_fault *fault);
};

/* Guest registers that core reads and writes through the backend. */
enum covirt_reg {
	COVIRT_REG_CR0,
	COVIRT_REG_CR3,
	COVIRT_REG_CR4,
	COVIRT_REG_EFER,
	COVIRT_REG_CPL,
	COVIRT_REG_CODE64,	/* 64-bit code is executed */
	COVIRT_REG_CS_L,	/* it would be in long mode: CS.L */
	COVIRT_REG_CODE32,	/* otherwise: 32-bit code */
	COVIRT_REG_RIP,
	COVIRT_REG_RFLAGS,
	COVIRT_REG_CR2,
	COVIRT_REG_CS_BASE,
	COVIRT_REG_CS,
	COVIRT_REG_SS,
	COVIRT_REG_FS_BASE,
	COVIRT_REG_GS_BASE,
	COVIRT_REG_DEBUGCTL,
	COVIRT_REG_ES_BASE,
	COVIRT_REG_SS_BASE,
	COVIRT_REG_DS_BASE,
	COVIRT_REG_RSP,
	COVIRT_NR_REGS,
};

/**
 * struct covirt_backend_cpu - a vendor's half in the hypervisor world
 * @enable:  turn virtualization on and build the control block for the entry
 *           state of the configuration
 * @run:     run the guest: decode each exit and hand it to exit_handle(), until that says
 *           to leave. A doorbell that comes while an exit is being handled ends the
 *           next entry at once, so that no command is missed.
 * @disable: forget the guest: nothing of it is left in the CPU. An INIT is still held
 * @abandon: the processor forgets the control block, whatever it is at; for a panic
 * @release: let the CPU take an INIT, one that was held until now included; what is
 *           left of virtualization goes with it. Touches no memory, and raises #UD where
 *           virtualization is off
 * @skip:    move the guest past the instruction that exited
 * @inject:  deliver an exception at the next entry; @error is ignored for
 *           vectors that have none. An NMI is delivered as soon as the guest can take one
 * @accept:  take the interrupt that made the guest exit, see trap_accept(); -1 while the guest
 *           could not take one: it exits again when it can
 * @interrupt: deliver an interrupt at the next entry; the guest can take it, accept() said so
 * @flush:   drop all cached guest translations before the next entry
 * @read:    read a guest register as the guest sees it
 * @write:   write a guest register; core has validated the value
 * @control: let the guest's write of CR0 or CR4 that exited happen; core has validated the value.
 *           Either the processor executes it again, or the backend carries it out and skips it
 * @reset:   the guest begins anew where a start-up IPI with this vector lets it begin
 * @halt:    sleep until a doorbell comes, or has come since the last time
 * @reports_shutdown: a guest that has shut down has the registers of its last fault; else they
 *           are undefined then
 *
 * All run on the enclave CPU itself, in hypervisor context: no interrupt, no NMI, no sleep.
 */
struct covirt_backend_cpu {
	void (*enable)(struct covirt_cpu *cpu);
	void (*run)(struct covirt_cpu *cpu);
	void (*disable)(struct covirt_cpu *cpu);
	void (*abandon)(struct covirt_cpu *cpu);
	void (*release)(void);
	void (*skip)(struct covirt_cpu *cpu, const struct covirt_exit *exit);
	void (*inject)(struct covirt_cpu *cpu, vector_t vector, u32 error);
	s32 (*accept)(struct covirt_cpu *cpu);
	void (*interrupt)(struct covirt_cpu *cpu, vector_t vector);
	void (*flush)(struct covirt_cpu *cpu);
	u64 (*read)(struct covirt_cpu *cpu, enum covirt_reg reg);
	void (*write)(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value);
	void (*control)(struct covirt_cpu *cpu, const struct covirt_exit *exit, u64 value);
	void (*reset)(struct covirt_cpu *cpu, vector_t vector);
	void (*halt)(struct covirt_cpu *cpu);
	bool reports_shutdown;
};

/* Linked from backend/: all backends, in the order of their ids. */
extern const struct covirt_backend *const covirt_backends[];
extern const u32 covirt_nr_backends;
extern const struct covirt_backend_cpu *const covirt_backend_cpus[];

#endif /* COVIRT_CORE_BACKEND_H */
