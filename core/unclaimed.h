/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses that are nobody's: no memory, and no device that Linux drives. The controller lists
 * them when an enclave starts; the hypervisor, which sees nothing of Linux, believes that list.
 * Whatever is not in it is somebody's, so that forgetting an address is always safe.
 */
#ifndef COVIRT_CORE_UNCLAIMED_H
#define COVIRT_CORE_UNCLAIMED_H

#include "core/types.h"

#define COVIRT_UNCLAIMED_RANGES	64
#define COVIRT_UNCLAIMED_PAGES	8	/* of which each CPU remembers the first access */

/**
 * enum covirt_unclaimed_policy - what becomes of an access to an address that is nobody's
 * @COVIRT_UNCLAIMED_IGNORE: as on a PC: a read is all ones, a write is lost
 * @COVIRT_UNCLAIMED_FAULT:  the enclave is contained
 */
enum covirt_unclaimed_policy {
	COVIRT_UNCLAIMED_IGNORE,
	COVIRT_UNCLAIMED_FAULT,
};

/**
 * struct unclaimed - addresses that are nobody's
 * @nr:    valid entries of @range
 * @range: ascending, apart from each other: first address, and the one behind the last
 */
struct unclaimed {
	u32 nr;
	struct {
		u64 first;
		u64 end;
	} range[COVIRT_UNCLAIMED_RANGES];
};

/**
 * struct unclaimed_page - the first access to a page that is nobody's
 * @gpa:   guest-physical address
 * @rip:   instruction pointer
 * @write: it was a write
 */
struct unclaimed_page {
	gpa_t gpa;
	gva_t rip;
	u64 write;
};

/**
 * struct unclaimed_pages - those that a CPU has met, the first of them
 * @nr:   valid entries of @page; stored (release) behind them
 * @page: in the order in which they were met
 */
struct unclaimed_pages {
	u32 nr;
	struct unclaimed_page page[COVIRT_UNCLAIMED_PAGES];
};

void unclaimed_init(struct unclaimed *unclaimed, u64 first, u64 end);
void unclaimed_claim(struct unclaimed *unclaimed, u64 first, u64 end);
bool unclaimed_has(const struct unclaimed *unclaimed, u64 address, u64 len);
bool unclaimed_note(struct unclaimed_pages *pages, const struct unclaimed_page *access);

#endif /* COVIRT_CORE_UNCLAIMED_H */
