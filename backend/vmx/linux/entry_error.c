// SPDX-License-Identifier: GPL-2.0-only
/* Explanations of a failed VM entry. */
#include "backend/entry_error.h"
#include "backend/vmx/vmcs.h"
#include "include/uapi/linux/covirt.h"

/* VM-instruction errors that VMLAUNCH and VMRESUME raise: SDM vol. 3, 31.4. */
static const char *const instruction_errors[] = {
	[4] = "VMLAUNCH of a VMCS that is not clear",
	[5] = "VMRESUME of a VMCS that is not launched",
	[6] = "VMRESUME after VMXOFF",
	[7] = "invalid control fields in the VMCS",
	[8] = "invalid host-state fields in the VMCS",
	[26] = "events blocked by MOV SS",
};

/* Exit qualification of a failed check of the guest state: SDM vol. 3, 27.8. */
static const char *const guest_state_errors[] = {
	[0] = "invalid guest state in the VMCS",
	[2] = "invalid guest state in the VMCS: PDPTEs",
	[3] = "invalid guest state in the VMCS: NMI injected into an interrupt shadow",
	[4] = "invalid guest state in the VMCS: link pointer",
};

static const char *word(const char *const *words, u32 nr, u64 i)
{
	return i < nr && words[i] ? words[i] : "for a reason that the manual does not list";
}

/**
 * vmx_entry_error() - why VM entry failed
 * @fault: record with reason ENTRY_FAILED
 *
 * Return: words that go on with "VM entry failed: ".
 */
const char *vmx_entry_error(const struct covirt_fault *fault)
{
	if (fault->code == VMX_EXIT_NONE)
		return word(instruction_errors, ARRAY_SIZE(instruction_errors), fault->info1);
	if ((u16)fault->code == VMX_EXIT_BAD_GUEST)
		return word(guest_state_errors, ARRAY_SIZE(guest_state_errors), fault->info1);
	if ((u16)fault->code == VMX_EXIT_BAD_MSR)
		return "an MSR of the entry's list could not be loaded";
	return word(NULL, 0, 0);
}
