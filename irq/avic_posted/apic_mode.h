/* SPDX-License-Identifier: GPL-2.0-only */
/* The mode of a guest's local APIC, which a processor with x2APIC lets it change. */
#ifndef COVIRT_IRQ_APIC_MODE_H
#define COVIRT_IRQ_APIC_MODE_H

#include "core/arch.h"

/* Modes, as bits of APIC_BASE. */
#define APIC_MODE_DISABLED	0
#define APIC_MODE_XAPIC		ARCH_APIC_BASE_EN
#define APIC_MODE_X2APIC	(ARCH_APIC_BASE_EN | ARCH_APIC_BASE_EXTD)

bool apic_base_permit(u64 now, u64 value);

#endif /* COVIRT_IRQ_APIC_MODE_H */
