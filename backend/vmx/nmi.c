// SPDX-License-Identifier: GPL-2.0-only
/*
 * NMIs of the guest's own, from a CPU of its enclave.
 *
 * With virtual NMIs the processor holds further ones back until IRET, and exits as soon as the
 * guest takes the one that it is owed (SDM vol. 3, 25.6.1).
 */
#include "vmx.h"

static void nmi_window(bool wanted)
{
	u64 controls = vmcs_read(VMCS_PRIMARY_CONTROLS) & ~PRIMARY_NMI_WINDOW;

	vmcs_write(VMCS_PRIMARY_CONTROLS, wanted ? controls | PRIMARY_NMI_WINDOW : controls);
}

/**
 * vmx_nmi() - an NMI for the guest
 *
 * As in a processor at most one waits. vmx_nmi_window_open() delivers it.
 */
void vmx_nmi(void)
{
	nmi_window(true);
}

/**
 * vmx_nmi_again() - the delivery of an NMI was broken off: it has yet to come
 */
void vmx_nmi_again(void)
{
	u64 state = vmcs_read(VMCS_GUEST_INTERRUPTIBILITY);

	vmcs_write(VMCS_GUEST_INTERRUPTIBILITY, state & ~INTERRUPTIBILITY_NMI);
	vmx_nmi();
}

/**
 * vmx_nmi_window_open() - the guest takes the NMI that it is owed
 *
 * A processor may refuse to inject one in the shadow of STI (SDM vol. 3, 27.3.1.5).
 */
void vmx_nmi_window_open(void)
{
	hv_assert(!(vmcs_read(VMCS_ENTRY_EVENT) & EVENT_VALID));
	nmi_window(false);
	vmx_shadow_clear();
	vmcs_write(VMCS_ENTRY_EVENT, ARCH_VECTOR_NMI | EVENT_TYPE_NMI << 8 | EVENT_VALID);
}
