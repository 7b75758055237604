/* SPDX-License-Identifier: GPL-2.0-only */
/* Claims: the process that owns an enclave, which "covirtctl run" makes. */
#ifndef COVIRTCTL_CLAIM_H
#define COVIRTCTL_CLAIM_H

#include "enclave.h"

/**
 * struct claim - a file that is locked as long as its owner lives
 * @name: of the enclave, and of the file
 * @fd:   the file, -1: none
 */
struct claim {
	char name[NAME_ROOM];
	int fd;
};

int claim_acquire(struct claim *claim, const char *name);
int claim_acquire_any(struct claim *claim);
int claim_sign(struct claim *claim);
void claim_release(struct claim *claim);
void claim_let_go(struct claim *claim);
void claims_left(void (*found)(struct claim *claim));

#endif /* COVIRTCTL_CLAIM_H */
