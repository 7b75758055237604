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
#include "core/exit.h"
#include "core/types.h"

struct covirt_cpu;
struct pt_format;

/**
 * struct covirt_backend - a vendor's half in the Linux world
 * @name:          as written to the module parameter
 * @id:            index of its other half in covirt_backend_cpus[]
 * @format:        format of its nested page tables
 * @msr_map_size:  bytes of its MSR permission map, page multiple
 * @port_map_size: bytes of its port permission map, page multiple
 * @detect:        0 and @features of the current CPU, or -ENODEV and a reason
 *                 for the log. May run on any CPU, does not sleep.
 * @format_regions: write what the processor wants to find in a CPU's zeroed control
 *                 block and save area before it uses them, or NULL
 * @build_msr_map: compile core's MSR policy into a zeroed map
 * @build_port_map: compile core's port policy into a zeroed map
 *
 * The maps must be physically contiguous.
 */
struct covirt_backend {
	const char *name;
	u32 id;
	const struct pt_format *format;
	u32 msr_map_size;
	u32 port_map_size;
	int (*detect)(u64 *features, const char **reason);
	void (*format_regions)(void *control_block, void *save_area);
	void (*build_msr_map)(void *map);
	void (*build_port_map)(void *map);
};

/* Guest registers that core reads and writes through the backend. */
enum covirt_reg {
	COVIRT_REG_CR0,
	COVIRT_REG_CR3,
	COVIRT_REG_CR4,
	COVIRT_REG_EFER,
	COVIRT_REG_CPL,
	COVIRT_REG_CODE64,
};

/**
 * struct covirt_backend_cpu - a vendor's half in the hypervisor world
 * @enable:  turn virtualization on and build the control block for the entry
 *           state of the configuration
 * @run:     enter the guest, return with the next exit decoded
 * @disable: turn virtualization off; the CPU then takes an INIT
 * @release: let the CPU take an INIT, with virtualization as it is
 * @skip:    move the guest past the instruction that exited
 * @inject:  deliver an exception at the next entry; @error is ignored for
 *           vectors that have none
 * @flush:   drop all cached guest translations before the next entry
 * @read:    read a guest register as the guest sees it
 * @write:   write a guest register; core has validated the value
 * @record:  fill the guest state of a fault record
 *
 * All run on the enclave CPU itself, in hypervisor context: no interrupt, no NMI, no sleep.
 */
struct covirt_backend_cpu {
	void (*enable)(struct covirt_cpu *cpu);
	void (*run)(struct covirt_cpu *cpu, struct covirt_exit *exit);
	void (*disable)(struct covirt_cpu *cpu);
	void (*release)(struct covirt_cpu *cpu);
	void (*skip)(struct covirt_cpu *cpu, const struct covirt_exit *exit);
	void (*inject)(struct covirt_cpu *cpu, vector_t vector, u32 error);
	void (*flush)(struct covirt_cpu *cpu);
	u64 (*read)(struct covirt_cpu *cpu, enum covirt_reg reg);
	void (*write)(struct covirt_cpu *cpu, enum covirt_reg reg, u64 value);
	void (*record)(struct covirt_cpu *cpu, struct covirt_fault *fault);
};

/* Linked from backend/: all backends, in the order of their ids. */
extern const struct covirt_backend *const covirt_backends[];
extern const u32 covirt_nr_backends;
extern const struct covirt_backend_cpu *const covirt_backend_cpus[];

#endif /* COVIRT_CORE_BACKEND_H */
