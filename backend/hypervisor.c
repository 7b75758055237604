// SPDX-License-Identifier: GPL-2.0-only
/* The backends' halves in the hypervisor world. */
#include "backends.h"

const struct covirt_backend_cpu *const covirt_backend_cpus[NR_BACKENDS] = {
	[BACKEND_SVM] = &svm_backend_cpu,
	[BACKEND_VMX] = &vmx_backend_cpu,
};
