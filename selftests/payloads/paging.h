/* SPDX-License-Identifier: GPL-2.0-only */
/* Reaching addresses that the boot page tables leave out. */
#ifndef PAYLOAD_PAGING_H
#define PAYLOAD_PAGING_H

#include "core/base.h"

bool paging_map(u64 addr);
bool paging_map_user(u64 addr, u64 page);
u64 paging_graft(u64 addr);

#endif /* PAYLOAD_PAGING_H */
