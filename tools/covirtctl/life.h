/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of an enclave, step by step, from whatever state it is in. */
#ifndef COVIRTCTL_LIFE_H
#define COVIRTCTL_LIFE_H

int life_end(const char *name);
int life_tell_end(const char *name);

#endif /* COVIRTCTL_LIFE_H */
