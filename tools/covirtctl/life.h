/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of an enclave, step by step, from whatever state it is in. */
#ifndef COVIRTCTL_LIFE_H
#define COVIRTCTL_LIFE_H

#include "enclave.h"

int life_memory(const char *name, const char *value);
int life_end(const char *name);
void life_faults(const char *name, char count[VALUE_ROOM]);
int life_report_end(const char *name, const char *faults);

#endif /* COVIRTCTL_LIFE_H */
