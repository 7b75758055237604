/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shape of nested tables (APM vol. 2, 5.3; SDM vol. 3, 29.3.2). The
 * exhaustive search (selftests/exhaustive/) has smaller ones; nobody else may.
 */
#ifndef COVIRT_MM_PT_GEOMETRY_H
#define COVIRT_MM_PT_GEOMETRY_H

#include "core/base.h"

#ifndef PT_INDEX_BITS
#define PT_INDEX_BITS	9
#define PT_LEVELS	4
#endif

#define PT_NR_ENTRIES	BIT(PT_INDEX_BITS)

#endif /* COVIRT_MM_PT_GEOMETRY_H */
