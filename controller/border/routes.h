/* SPDX-License-Identifier: GPL-2.0-only */
/* Routes: the interrupts that cross the borders of enclaves. */
#ifndef COVIRT_CONTROLLER_BORDER_ROUTES_H
#define COVIRT_CONTROLLER_BORDER_ROUTES_H

#include "include/uapi/linux/covirt.h"

struct cpumask;
struct enclave;

int routes_grant(struct enclave *enclave, struct enclave *to, struct covirt_ioctl_route *request);
int routes_revoke(struct enclave *enclave, u32 id);
int routes_next(struct enclave *enclave, struct covirt_ioctl_route *request);
int routes_raise(struct enclave *enclave, u32 id);
u64 routes_count(const struct enclave *enclave);

void routes_configure(struct enclave *enclave);
void routes_begin(struct enclave *enclave);
void routes_end(struct enclave *enclave);
void routes_close(struct enclave *enclave);
void routes_cut_off(struct enclave *enclave, const struct cpumask *gone);
void routes_open(struct enclave *enclave);

#endif /* COVIRT_CONTROLLER_BORDER_ROUTES_H */
