// SPDX-License-Identifier: GPL-2.0-only
/* Intel VMX: recognized, not yet able to run an enclave. */
#include "core/arch.h"
#include "backend/backends.h"
#include "mm/npt_ept/formats.h"

#define CPUID_1_ECX_VMX			BIT(5)
#define MSR_FEATURE_CONTROL		0x3a
#define FEATURE_CONTROL_LOCKED		BIT(0)
#define FEATURE_CONTROL_VMX_OUTSIDE_SMX	BIT(2)

/* SDM vol. 3, 24.7: locked with VMXON outside SMX disabled, VMXON faults until a reset. */
static bool firmware_locked(void)
{
	u64 control = arch_rdmsr(MSR_FEATURE_CONTROL);

	return control & FEATURE_CONTROL_LOCKED && !(control & FEATURE_CONTROL_VMX_OUTSIDE_SMX);
}

static int vmx_detect(u64 *features __maybe_unused, const char **reason)
{
	if (!(arch_cpuid(1, 0).ecx & CPUID_1_ECX_VMX))
		*reason = "no Intel VMX (in a virtual machine: enable nested virtualization)";
	else if (firmware_locked())
		*reason = "Intel VMX is switched off by firmware: enable VT-x in the BIOS setup";
	else
		*reason = "Intel VMX is there, but this version of covirt cannot use it yet";
	return -ENODEV;
}

const struct covirt_backend vmx_backend = {
	.name = "vmx",
	.id = BACKEND_VMX,
	.format = &ept_format,
	.detect = vmx_detect,
};
