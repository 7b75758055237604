// SPDX-License-Identifier: GPL-2.0-only
/* The core as a module of its own, for its unit tests where there is no controller (UML). */
#include <linux/module.h>

MODULE_DESCRIPTION("Covirt: vendor-neutral core");
MODULE_LICENSE("GPL");
