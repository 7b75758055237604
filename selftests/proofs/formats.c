// SPDX-License-Identifier: GPL-2.0-only
/*
 * Assumptions of the proof about an entry format. That format_is_ok() says no less is proven; that
 * it says so of all three is seen by running it.
 */
#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"
#include "selftests/proofs/bits.h"

static bool bits_are_apart(u64 bits, u64 mask)
{
	return !(bits & ADDR) && !(bits & LARGE) && !(bits & mask);
}

static bool bits_are_access(u64 bits, u64 mask)
{
	return !(bits & ADDR) && !(bits & LARGE) && (bits & mask) == bits;
}

static bool format_is_ok(const struct pt_format *f)
{
	u64 mask = f->access_mask;

	return bits_are_apart(f->leaf, mask) && bits_are_apart(f->ram, mask) &&
	       bits_are_apart(f->memtype[COVIRT_MT_UC], mask) &&
	       bits_are_apart(f->memtype[COVIRT_MT_WB], mask) &&
	       bits_are_access(f->access[COVIRT_READ], mask) &&
	       bits_are_access(f->access[COVIRT_RW], mask) &&
	       bits_are_access(f->access[COVIRT_READ | COVIRT_EXEC], mask) &&
	       bits_are_access(f->access[COVIRT_RWX], mask) &&
	       !(mask & ADDR) && !(mask & LARGE) && !(f->table & ADDR) && !(f->table & LARGE) &&
	       (f->table & mask) == f->access[COVIRT_RWX] && (f->table & f->present) &&
	       !(f->present & ADDR) && !(f->present & LARGE);
}

int main(void)
{
	return format_is_ok(&npt_format) && format_is_ok(&ept_format) &&
	       format_is_ok(&host_format) ? 0 : 1;
}
