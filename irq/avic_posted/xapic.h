/* SPDX-License-Identifier: GPL-2.0-only */
/* Policy for a guest's writes to its local APIC, where the registers are in memory. */
#ifndef COVIRT_IRQ_XAPIC_H
#define COVIRT_IRQ_XAPIC_H

#include "core/apic.h"

/**
 * enum xapic_action - what becomes of a write
 * @XAPIC_REFUSE: the guest is contained
 * @XAPIC_PASS:   carried out as it is
 * @XAPIC_IGNORE: nothing
 * @XAPIC_LVT:    filtered, see lvt_filter()
 * @XAPIC_SVR:    filtered, see svr_filter()
 * @XAPIC_ICR:    filtered, see icr_permit()
 */
enum xapic_action {
	XAPIC_REFUSE,
	XAPIC_PASS,
	XAPIC_IGNORE,
	XAPIC_LVT,
	XAPIC_SVR,
	XAPIC_ICR,
};

enum xapic_action xapic_write_action(u32 offset);
u64 xapic_icr(u32 high, u32 low);

#endif /* COVIRT_IRQ_XAPIC_H */
