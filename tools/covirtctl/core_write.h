/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing a core dump for debuggers. */
#ifndef COVIRTCTL_CORE_WRITE_H
#define COVIRTCTL_CORE_WRITE_H

#include "core_file.h"
#include "core_segments.h"
#include "vmcoreinfo.h"

/**
 * struct core_write - a dump that is being written
 * @fd:       where to
 * @sparse:   pages of zeros may be left out: it is a file
 * @size:     bytes that were written or left out
 * @core:     from where
 * @segments: its PT_LOADs
 * @info:     VMCOREINFO, a note more; may be empty
 */
struct core_write {
	int fd;
	bool sparse;
	uint64_t size;
	const struct core_file *core;
	const struct core_segments *segments;
	const struct vmcoreinfo *info;
};

int core_write(struct core_write *write);

#endif /* COVIRTCTL_CORE_WRITE_H */
