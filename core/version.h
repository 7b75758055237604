/* SPDX-License-Identifier: GPL-2.0-only */
/* The version of this tree, which the module and covirtctl show. CHANGELOG.rst lists them. */
#ifndef COVIRT_CORE_VERSION_H
#define COVIRT_CORE_VERSION_H

#define COVIRT_VERSION	"0.2.0"

#endif /* COVIRT_CORE_VERSION_H */
