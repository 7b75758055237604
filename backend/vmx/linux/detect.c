// SPDX-License-Identifier: GPL-2.0-only
/* Does this processor have VMX as we need it, and does firmware let us use it? */
#include <linux/cpu.h>

#include <asm/cpufeature.h>
#include <asm/msr.h>

#include "core/arch.h"
#include "backend/backends.h"
#include "backend/entry_error.h"
#include "backend/vmx/caps.h"
#include "mm/npt_ept/formats.h"
#include "maps.h"

static bool has_vmx(void)
{
	return arch_cpuid(1, 0).ecx & CPUID_1_ECX_VMX;
}

/* SDM vol. 3, 24.7. Linux locks it when it brings a CPU up, if firmware has not. */
static bool firmware_permits(void)
{
	return (arch_rdmsr(MSR_FEATURE_CONTROL) & FEATURE_CONTROL_ON) == FEATURE_CONTROL_ON;
}

/* The rest of the requirements reads MSRs that exist where this says so. */
static bool has_controls(void)
{
	return arch_rdmsr(MSR_VMX_BASIC) & VMX_BASIC_TRUE_CONTROLS &&
	       vmx_controls_allow(MSR_VMX_TRUE_PIN, PIN_USED) &&
	       vmx_controls_allow(MSR_VMX_TRUE_PRIMARY, PRIMARY_USED) &&
	       vmx_controls_allow(MSR_VMX_TRUE_EXIT, EXIT_NEEDED) &&
	       vmx_controls_allow(MSR_VMX_TRUE_ENTRY, ENTRY_NEEDED);
}

static bool has_ept(void)
{
	return vmx_controls_allow(MSR_VMX_SECONDARY, SECONDARY_EPT | SECONDARY_VPID |
						     SECONDARY_WBINVD_EXITING) &&
	       (arch_rdmsr(MSR_VMX_EPT_VPID_CAP) & EPT_CAP_NEEDED) == EPT_CAP_NEEDED;
}

static bool has_unrestricted_guest(void)
{
	return vmx_controls_allow(MSR_VMX_SECONDARY, SECONDARY_UNRESTRICTED);
}

/*
 * Private key ids are there once firmware has set up TDX, whose memory machine-checks
 * who touches it. Processors without memory encryption lack the MSR.
 */
static bool not_tdx_host(void)
{
	u32 shared_keys, private_keys;

	return rdmsr_safe(MSR_KEYID_PARTITIONING, &shared_keys, &private_keys) || !private_keys;
}

static const struct {
	bool (*met)(void);
	const char *reason;
} requirements[] = {
	{ has_vmx,
	  "this processor has no Intel VMX (in a virtual machine: enable nested virtualization)" },
	{ firmware_permits,
	  "Intel VMX is switched off by firmware: enable VT-x in the BIOS setup" },
	{ has_controls,
	  "Intel VMX lacks controls that covirt needs (in a virtual machine: hidden by its host)" },
	{ has_ept, "Intel VMX without EPT and VPID is not supported" },
	{ has_unrestricted_guest, "Intel VMX without unrestricted guest is not supported" },
	{ not_tdx_host,
	  "Intel TDX is on, which is not supported: disable it in the BIOS setup" },
};

static bool has_1g_pages(void)
{
	return arch_rdmsr(MSR_VMX_EPT_VPID_CAP) & EPT_CAP_1G &&
	       arch_cpuid(0x80000001, 0).edx & CPUID_80000001_EDX_1G;
}

/*
 * The iTLB multihit erratum: a guest that executes from a large page while its own
 * tables change size raises a machine check, and that takes the machine down. Linux
 * knows which processors have it, and whether the user has waived mitigations.
 */
static bool has_itlb_multihit(void)
{
	return boot_cpu_has_bug(X86_BUG_ITLB_MULTIHIT) && !cpu_mitigations_off();
}

static int vmx_detect(u64 *features, const char **reason)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(requirements); i++)
		if (!requirements[i].met()) {
			*reason = requirements[i].reason;
			return -ENODEV;
		}
	*features = (has_1g_pages() ? COVIRT_FEATURE_1G_PAGES : 0) |
		    (has_itlb_multihit() ? COVIRT_FEATURE_EXEC_4K : 0);
	return 0;
}

/* SDM vol. 3, 25.11.5 and 25.2: a VMCS, and the VMXON region, begins with the revision. */
static void vmx_format_region(void *region)
{
	*(u32 *)region = VMX_BASIC_REVISION(arch_rdmsr(MSR_VMX_BASIC));
}

const struct covirt_backend vmx_backend = {
	.name = "vmx",
	.id = BACKEND_VMX,
	.format = &ept_format,
	.maps = &vmx_permission_format,
	.detect = vmx_detect,
	.format_control_block = vmx_format_region,
	.format_save_area = vmx_format_region,
	.entry_error = vmx_entry_error,
};
