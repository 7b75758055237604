/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses that are nobody's, and the first accesses of a co-kernel to them. */
#ifndef COVIRT_CONTROLLER_BORDER_UNCLAIMED_H
#define COVIRT_CONTROLLER_BORDER_UNCLAIMED_H

#include "core/unclaimed.h"

struct enclave;

void unclaimed_list(struct unclaimed *unclaimed);
void unclaimed_begin(struct enclave *enclave);
void unclaimed_log(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_BORDER_UNCLAIMED_H */
