/* SPDX-License-Identifier: GPL-2.0-only */
/* List of all backends. Adding one touches backend/ only. */
#ifndef COVIRT_BACKEND_BACKENDS_H
#define COVIRT_BACKEND_BACKENDS_H

#include "core/backend.h"

enum backend_id {
	BACKEND_SVM,
	BACKEND_VMX,
	NR_BACKENDS,
};

extern const struct covirt_backend svm_backend;
extern const struct covirt_backend vmx_backend;
extern const struct covirt_backend_cpu svm_backend_cpu;
extern const struct covirt_backend_cpu vmx_backend_cpu;

#endif /* COVIRT_BACKEND_BACKENDS_H */
