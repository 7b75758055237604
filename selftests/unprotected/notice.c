// SPDX-License-Identifier: GPL-2.0-only
/* Marks a module that was built for negative controls: see it with modinfo. */
#include <linux/module.h>

MODULE_INFO(unprotected, "tests only: MSRs, ports and IPIs are not checked, layout `open` maps all memory");
