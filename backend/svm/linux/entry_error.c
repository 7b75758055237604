// SPDX-License-Identifier: GPL-2.0-only
/* Explanations of a failed VMRUN. */
#include "backend/entry_error.h"
#include "include/uapi/linux/covirt.h"

/**
 * svm_entry_error() - why VMRUN failed
 * @fault: record with reason ENTRY_FAILED
 *
 * The processor has one exit code for all of its checks (APM vol. 2, 15.5.1).
 *
 * Return: words that go on with "VM entry failed: ".
 */
const char *svm_entry_error(const struct covirt_fault *fault)
{
	return "VMRUN found the state in the VMCB inconsistent";
}
