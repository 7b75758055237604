/* SPDX-License-Identifier: GPL-2.0-only */
/* A core dump from an enclave into a file, and what there is to say of it. */
#ifndef COVIRTCTL_CORE_SAVE_H
#define COVIRTCTL_CORE_SAVE_H

#include <json-c/json.h>

int core_save(const char *name, const char *path, struct json_object *about);
void core_report(struct json_object *about);

#endif /* COVIRTCTL_CORE_SAVE_H */
