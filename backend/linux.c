// SPDX-License-Identifier: GPL-2.0-only
/* The backends' halves in the Linux world, in the order `backend=auto` tries them. */
#include "backends.h"

const struct covirt_backend *const covirt_backends[] = {
	[BACKEND_SVM] = &svm_backend,
	[BACKEND_VMX] = &vmx_backend,
};

const u32 covirt_nr_backends = ARRAY_SIZE(covirt_backends);
