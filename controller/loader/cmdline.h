/* SPDX-License-Identifier: GPL-2.0-only */
/* The co-kernel's command line. */
#ifndef COVIRT_LOADER_CMDLINE_H
#define COVIRT_LOADER_CMDLINE_H

#include "loading.h"

int cmdline_write(struct loading *loading, u32 max, bool add_tsc);

#endif /* COVIRT_LOADER_CMDLINE_H */
