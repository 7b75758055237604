/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMCB of this CPU, which is memory. */
#ifndef COVIRT_SVM_ACCESS_H
#define COVIRT_SVM_ACCESS_H

#include "core/cpu.h"
#include "backend/svm/vmcb.h"

static inline struct vmcb *svm_vmcb(struct covirt_cpu *cpu)
{
	return cpu->control;
}

#endif /* COVIRT_SVM_ACCESS_H */
