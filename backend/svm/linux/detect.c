// SPDX-License-Identifier: GPL-2.0-only
/* Does this processor have SVM as we need it, and does firmware let us use it? */
#include "core/arch.h"
#include "backend/backends.h"
#include "backend/entry_error.h"
#include "backend/svm/caps.h"
#include "mm/npt_ept/formats.h"
#include "maps.h"

static u32 cpuid_max(u32 base)
{
	return arch_cpuid(base, 0).eax;
}

static bool has_svm(void)
{
	return cpuid_max(0x80000000) >= 0x8000000a &&
	       arch_cpuid(0x80000001, 0).ecx & CPUID_80000001_ECX_SVM;
}

static bool memory_encrypted(void)
{
	return cpuid_max(0x80000000) >= 0x8000001f &&
	       arch_cpuid(0x8000001f, 0).eax & CPUID_8000001F_EAX_SME &&
	       arch_rdmsr(MSR_SYSCFG) & SYSCFG_MEM_ENCRYPT;
}

/* APM vol. 2, 15.4: VM_CR exists wherever SVM does. */
static bool firmware_locked(void)
{
	return arch_rdmsr(MSR_VM_CR) & VM_CR_SVMDIS;
}

static bool has_nested_paging(void)
{
	return arch_cpuid(0x8000000a, 0).edx & CPUID_8000000A_EDX_NP &&
	       arch_cpuid(0x80000001, 0).edx & CPUID_80000001_EDX_NX;
}

static bool not_encrypted(void)
{
	return !memory_encrypted();
}

static bool not_locked(void)
{
	return !firmware_locked();
}

static const struct {
	bool (*met)(void);
	const char *reason;
} requirements[] = {
	{ has_svm,
	  "this processor has no AMD SVM (in a virtual machine: enable nested virtualization)" },
	{ not_locked,
	  "AMD SVM is switched off by firmware: enable SVM (\"AMD-V\") in the BIOS setup" },
	{ has_nested_paging, "AMD SVM without nested paging is not supported" },
	{ not_encrypted,
	  "memory encryption (SME) is on, which is not supported: disable SMEE in the BIOS setup" },
};

static const struct {
	u32 leaf;
	u8 edx_bit;
	enum covirt_feature feature;
} optional[] = {
	{ 0x8000000a, 3, COVIRT_FEATURE_NEXT_RIP },
	{ 0x8000000a, 6, COVIRT_FEATURE_FLUSH_BY_ASID },
	{ 0x8000000a, 7, COVIRT_FEATURE_DECODE },
	{ 0x80000001, 26, COVIRT_FEATURE_1G_PAGES },
};

static int svm_detect(u64 *features, const char **reason)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(requirements); i++)
		if (!requirements[i].met()) {
			*reason = requirements[i].reason;
			return -ENODEV;
		}
	*features = COVIRT_FEATURE_DIRECT_MAP;
	for (i = 0; i < ARRAY_SIZE(optional); i++)
		if (arch_cpuid(optional[i].leaf, 0).edx >> optional[i].edx_bit & 1)
			*features |= optional[i].feature;
	return 0;
}

const struct covirt_backend svm_backend = {
	.name = "svm",
	.id = BACKEND_SVM,
	.format = &npt_format,
	.maps = &svm_permission_format,
	.detect = svm_detect,
	.entry_error = svm_entry_error,
};
