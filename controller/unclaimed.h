/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses that are nobody's, and the first accesses of a co-kernel to them. */
#ifndef COVIRT_CONTROLLER_UNCLAIMED_H
#define COVIRT_CONTROLLER_UNCLAIMED_H

#include "core/unclaimed.h"

struct enclave;

/**
 * struct unclaimed_told - pages of which the log has been told in this run
 * @nr:   how many; no more are told than there is room for
 * @page: an address in each
 */
struct unclaimed_told {
	u32 nr;
	gpa_t page[2 * COVIRT_UNCLAIMED_PAGES];
};

void unclaimed_list(struct unclaimed *unclaimed);
void unclaimed_begin(struct enclave *enclave);
void unclaimed_tell(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_UNCLAIMED_H */
