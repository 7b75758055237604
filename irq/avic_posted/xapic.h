/* SPDX-License-Identifier: GPL-2.0-only */
/* Policy for a guest's writes to its local APIC, where the registers are in memory. */
#ifndef COVIRT_IRQ_XAPIC_H
#define COVIRT_IRQ_XAPIC_H

#include "core/apic.h"

#define XAPIC_DEST_ALL	0xff	/* everybody, by APIC id and by logical id: SDM vol. 3, 12.6.2 */

/**
 * enum xapic_action - what becomes of a write
 * @XAPIC_REFUSE: the guest is contained
 * @XAPIC_PASS:   carried out as it is
 * @XAPIC_IGNORE: nothing
 * @XAPIC_LOGICAL: the logical id or its format, where they are the hypervisor's: see
 *                xapic_targets(). Otherwise nothing
 * @XAPIC_ICR_HIGH: kept for the next write of the ICR
 * @XAPIC_LVT:    filtered, see lvt_filter()
 * @XAPIC_SVR:    filtered, see svr_filter()
 * @XAPIC_ICR:    filtered, see icr_permit()
 */
enum xapic_action {
	XAPIC_REFUSE,
	XAPIC_PASS,
	XAPIC_IGNORE,
	XAPIC_LOGICAL,
	XAPIC_ICR_HIGH,
	XAPIC_LVT,
	XAPIC_SVR,
	XAPIC_ICR,
};

/**
 * struct xapic_logical - by which logical ids a CPU answers to others in xAPIC mode
 * @ldr: logical destination register: the id in its highest byte
 * @dfr: destination format register
 */
struct xapic_logical {
	u32 ldr;
	u32 dfr;
};

enum xapic_action xapic_write_action(u32 offset);
u32 xapic_writable(enum apic_register reg);
u64 xapic_icr(u32 high, u32 low);
bool xapic_is_logical(u32 high, u32 low);
u32 xapic_targets(const struct xapic_logical *logical, u32 nr, u32 dest);

#endif /* COVIRT_IRQ_XAPIC_H */
