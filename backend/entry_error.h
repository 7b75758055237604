/* SPDX-License-Identifier: GPL-2.0-only */
/* Failed entries in words, by vendor: logic without hardware, so KUnit runs it too. */
#ifndef COVIRT_BACKEND_ENTRY_ERROR_H
#define COVIRT_BACKEND_ENTRY_ERROR_H

struct covirt_fault;

const char *svm_entry_error(const struct covirt_fault *fault);
const char *vmx_entry_error(const struct covirt_fault *fault);

#endif /* COVIRT_BACKEND_ENTRY_ERROR_H */
