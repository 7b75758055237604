/* SPDX-License-Identifier: GPL-2.0-only */
/* How a request fails: by an error, and a line that says what to do, for whoever asked. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_REFUSE_H
#define COVIRT_CONTROLLER_ENCLAVE_REFUSE_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

struct enclave;

int __printf(3, 4) enclave_refuse(struct enclave *enclave, int err, const char *fmt, ...);
int __printf(3, 4) enclave_fail(struct enclave *enclave, int err, const char *fmt, ...);
int __printf(2, 3) class_refuse(int err, const char *fmt, ...);
void enclave_request_begins(struct enclave *enclave);
void class_request_begins(void);
ssize_t enclave_print_last_error(struct enclave *enclave, char *buf);
ssize_t class_print_last_error(char *buf);

#endif /* COVIRT_CONTROLLER_ENCLAVE_REFUSE_H */
