/* SPDX-License-Identifier: GPL-2.0-only */
/* The types of <linux/types.h> that the ABI's header needs, where there is no Linux. */
#ifndef COVIRT_CORE_HV_INCLUDE_LINUX_TYPES_H
#define COVIRT_CORE_HV_INCLUDE_LINUX_TYPES_H

#include "core/base.h"

typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;

#endif /* COVIRT_CORE_HV_INCLUDE_LINUX_TYPES_H */
