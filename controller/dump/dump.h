/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The form of a core dump: an ELF file of the enclave's RAM with a note for each CPU.
 *
 *   header, program headers, notes     the head, a whole number of pages
 *   RAM, one extent after the other    by guest-physical address
 *
 * It is a plan: who reads the dump asks which memory comes at an offset.
 */
#ifndef COVIRT_CONTROLLER_DUMP_H
#define COVIRT_CONTROLLER_DUMP_H

#include "core/config.h"
#include "core/linux/gpmap.h"
#include "include/uapi/linux/covirt.h"

/* An ELF header counts segments with 16 bits, the last value of which means something else. */
#define DUMP_EXTENTS_MAX	0xfffd

/**
 * struct dump_ram - one extent of RAM
 * @extent: it
 * @pos:    bytes of RAM before it
 */
struct dump_ram {
	struct covirt_extent extent;
	u64 pos;
};

/**
 * struct dump - what an enclave's core dump is made of
 * @nr_cpus: CPUs
 * @cpu:     them, in the order in which the co-kernel counts them
 * @nr:      extents of RAM
 * @size:    their bytes together
 * @ram:     them, by guest-physical address
 */
struct dump {
	u32 nr_cpus;
	struct covirt_note_cpu cpu[COVIRT_MAX_CPUS];
	u32 nr;
	u64 size;
	struct dump_ram *ram;
};

u32 dump_count_ram(const struct covirt_gpmap *map);
void dump_add_ram(struct dump *dump, const struct covirt_gpmap *map);
u32 dump_head_size(const struct dump *dump);
void dump_head_write(const struct dump *dump, void *head);
u64 dump_size(const struct dump *dump);
u64 dump_find(const struct dump *dump, u64 pos, gpa_t *gpa);

#endif /* COVIRT_CONTROLLER_DUMP_H */
