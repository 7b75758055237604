/* SPDX-License-Identifier: GPL-2.0-only */
/* Owner of a host-physical address, for reports. */
#ifndef COVIRT_CONTROLLER_PARTITION_OWNER_H
#define COVIRT_CONTROLLER_PARTITION_OWNER_H

#include "core/types.h"

void owner_of(hpa_t hpa, char *owner, size_t size);

#endif /* COVIRT_CONTROLLER_PARTITION_OWNER_H */
