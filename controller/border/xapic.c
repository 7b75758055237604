// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/lockdep.h>

#include "controller/border/xapic.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"

/**
 * xapic_begin() - a run begins: it has logged nothing
 * @enclave: locked
 */
void xapic_begin(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	enclave->xapic_logged = false;
}

/**
 * xapic_log() - log once in a run that accesses to an APIC are emulated
 * @enclave: locked, runs or has just ended
 */
void xapic_log(struct enclave *enclave)
{
	u32 index, rest;
	u64 accesses = 0;

	lockdep_assert_held(&enclave->lock);
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (enclave->space.cpu[index])
			accesses += hv_space_status(&enclave->space, index)->xapic_accesses;
	if (!accesses || enclave->xapic_logged)
		return;
	enclave->xapic_logged = true;
	dev_info(&enclave->dev,
		 "the co-kernel has left x2APIC mode: each access to its local APIC exits, which is slow (stats/xapic_accesses)\n");
}
