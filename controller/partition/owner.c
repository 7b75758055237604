// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "controller/hv/pages.h"
#include "controller/partition/memory.h"
#include "controller/partition/owner.h"

/**
 * owner_of() - whose memory is it?
 * @hpa:   any host-physical address
 * @owner: written: "hypervisor", "enclave NAME", "linux", or "none" where there is no RAM
 * @size:  room in @owner
 *
 * Context: may sleep.
 */
void owner_of(hpa_t hpa, char *owner, size_t size)
{
	char name[ENCLAVE_NAME_MAX + 1];

	might_sleep();
	if (hv_pages_own(hpa))
		strscpy(owner, "hypervisor", size);
	else if (enclave_memory_owner(hpa, name, sizeof(name)))
		snprintf(owner, size, "enclave %s", name);
	else
		strscpy(owner, page_is_ram(PHYS_PFN(hpa)) ? "linux" : "none", size);
}
