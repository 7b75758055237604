/* SPDX-License-Identifier: GPL-2.0-only */
/* Why an enclave ended. */
#ifndef COVIRTCTL_FAULT_H
#define COVIRTCTL_FAULT_H

#include <json-c/json.h>

int fault_read(const char *name, struct json_object **record);
void fault_tell(const char *name);
const char *fault_reason(const char *name);

#endif /* COVIRTCTL_FAULT_H */
