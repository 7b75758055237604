/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of enclaves: how they come and go, and what concerns all of them. */
#ifndef COVIRT_CONTROLLER_LIFE_REGISTRY_H
#define COVIRT_CONTROLLER_LIFE_REGISTRY_H

#include <linux/fs.h>
#include <linux/types.h>

struct class;

int enclaves_init(struct class *class, const struct file_operations *fops);
void enclaves_exit(void);
void enclaves_free_minors(void);
int enclave_create(const char *name);
int enclave_destroy(const char *name);
void enclaves_shutdown(void);
bool enclaves_hold_starts(void);
void enclaves_slept(void);
void enclaves_allow_starts(void);
bool enclaves_any_abandoned(void);

#endif /* COVIRT_CONTROLLER_LIFE_REGISTRY_H */
