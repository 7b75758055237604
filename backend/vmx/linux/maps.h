/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COVIRT_VMX_MAPS_H
#define COVIRT_VMX_MAPS_H

#include "core/linux/permission_map.h"

extern const struct permission_format vmx_permission_format;

#endif /* COVIRT_VMX_MAPS_H */
