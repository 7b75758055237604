/* SPDX-License-Identifier: GPL-2.0-only */
/* Contracts between functions of the hypervisor that execute, in a debug build. */
#ifndef COVIRT_CORE_ASSERT_H
#define COVIRT_CORE_ASSERT_H

#include "core/base.h"

/*
 * hv_assert(): a promise that a caller has made, or an invariant. COVIRT_DEBUG=1 (a variable of
 * make) or CONFIG_COVIRT_DEBUG has it in the hypervisor image, where a broken one is a hypervisor
 * panic at this address. Tests of what handles exits always have it. Elsewhere it costs nothing.
 */
#ifndef COVIRT_DEBUG
#define hv_assert(condition)	((void)sizeof(!(condition)))
#elif defined(__KERNEL__)
#include <kunit/test-bug.h>

#define hv_assert(condition)							\
do {										\
	if (!(condition))							\
		kunit_fail_current_test("hv_assert(%s)", #condition);		\
} while (0)
#else
#define hv_assert(condition)							\
do {										\
	if (!(condition))							\
		__builtin_trap();						\
} while (0)
#endif

#endif /* COVIRT_CORE_ASSERT_H */
