// SPDX-License-Identifier: GPL-2.0-only
/* The layouts that this build offers. */
#include "core/linux/layout.h"

const struct covirt_layout covirt_layouts[] = {
	{ "identity", layout_build_identity },	/* co-kernels that share memory with Linux */
	{ "packed", layout_build_packed },	/* guests linked at a fixed low address */
};

const u32 covirt_nr_layouts = ARRAY_SIZE(covirt_layouts);

const u8 covirt_apic_access = COVIRT_READ;
