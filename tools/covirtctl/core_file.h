/* SPDX-License-Identifier: GPL-2.0-only */
/* The core dump that the kernel offers: an ELF file that is made while it is read. */
#ifndef COVIRTCTL_CORE_FILE_H
#define COVIRTCTL_CORE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/config.h"
#include "core/linux/gpmap.h"
#include "include/uapi/linux/covirt.h"

/**
 * struct core_ram - one extent of the enclave's memory
 * @gpa:    guest-physical address
 * @len:    bytes
 * @offset: where it stands in the dump; extents that touch stand one behind the other
 */
struct core_ram {
	gpa_t gpa;
	uint64_t len;
	uint64_t offset;
};

/**
 * struct core_file - an open dump
 * @fd:        to read from
 * @nr_ram:    extents of memory
 * @ram:       them, by address
 * @notes_len: bytes of @notes
 * @notes:     as the kernel has written them
 * @nr_cpus:   CPUs
 * @cpu:       what the notes say of them, in the co-kernel's order
 */
struct core_file {
	int fd;
	size_t nr_ram;
	struct core_ram *ram;
	size_t notes_len;
	char *notes;
	size_t nr_cpus;
	struct covirt_note_cpu cpu[COVIRT_MAX_CPUS];
};

int core_file_open(struct core_file *core, const char *name);
void core_file_close(struct core_file *core);
int core_file_read(void *core, gpa_t gpa, void *buf, size_t len);
size_t core_file_cpu(const struct core_file *core);

#endif /* COVIRTCTL_CORE_FILE_H */
