/* SPDX-License-Identifier: GPL-2.0-only */
/* Enclaves through /sys/class/covirt and /dev/covirt; nothing else of covirtctl goes there. */
#ifndef COVIRTCTL_ENCLAVE_H
#define COVIRTCTL_ENCLAVE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#define CLASS_DIR	"/sys/class/covirt"
#define DEVICE_DIR	"/dev/covirt"
#define NAME_ROOM	32	/* a name and its NUL */
#define VALUE_ROOM	4097	/* what an attribute may hold, and a NUL */

int complain_not_permitted(const char *what, int err);
int module_check(void);
int enclave_check(const char *name);
bool enclave_exists(const char *name);
bool name_is_valid(const char *name);
struct json_object *enclave_names(void);

int attribute_read(const char *name, const char *attribute, char *value);
bool enclave_last_error(const char *name, char *why);
int attribute_write(const char *name, const char *attribute, const char *value);
int assignment_check(const char *name, const char *assignment);
int assignment_apply(const char *name, const char *assignment);

int enclave_create(const char *name);
int enclave_destroy(const char *name);
int enclave_open(const char *name, int flags, int *fd);
bool enclave_is(const char *name, const char *state);

#endif /* COVIRTCTL_ENCLAVE_H */
