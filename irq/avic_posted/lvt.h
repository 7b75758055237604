/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Local vector table entries: the APIC's own interrupts, which have a delivery mode too. And
 * the vector of its spurious interrupt.
 */
#ifndef COVIRT_IRQ_LVT_H
#define COVIRT_IRQ_LVT_H

#include "core/types.h"

bool lvt_filter(u32 msr, u64 *value);
u64 svr_filter(u64 value);

#endif /* COVIRT_IRQ_LVT_H */
