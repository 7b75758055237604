/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capabilities of the processor's SVM, APM vol. 2, 15.4; vol. 3, appendix E. Read in both worlds.
 */
#ifndef COVIRT_SVM_CAPS_H
#define COVIRT_SVM_CAPS_H

#include "core/arch.h"

#define CPUID_80000001_ECX_SVM		BIT(2)
#define CPUID_80000001_EDX_NX		BIT(20)
#define CPUID_80000008_EBX_INVLPGB	BIT(3)
#define CPUID_8000000A_EDX_NP		BIT(0)
#define CPUID_8000001F_EAX_SME		BIT(0)

#define MSR_SYSCFG			0xc0010010
#define SYSCFG_MEM_ENCRYPT		BIT(23)
#define MSR_VM_CR			0xc0010114
#define VM_CR_SVMDIS			BIT(4)
#define MSR_VM_HSAVE_PA			0xc0010117

#endif /* COVIRT_SVM_CAPS_H */
