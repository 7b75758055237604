// SPDX-License-Identifier: GPL-2.0-only
/* Resources that an enclave holds between its runs, and how they are given back. */
#include <linux/kernel.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/hold.h"
#include "controller/enclave/state.h"
#include "controller/enclave/trace.h"

/**
 * enclave_partition_destroy() - what was compiled for the last start goes
 * @enclave: locked, does not run
 *
 * Context: may sleep.
 */
void enclave_partition_destroy(struct enclave *enclave)
{
	struct partition *partition = &enclave->partition;
	u32 i;

	might_sleep();
	enclave_assert_idle(enclave);
	hv_space_unlink_guest(&enclave->space);
	for (i = 0; partition->built && i < partition->map.nr; i++)
		trace_covirt_unmap(enclave, &partition->map.extent[i]);
	partition_destroy(partition);
}

/**
 * enclave_contents_lost() - what was compiled for the memory, and dumps of it, are void
 * @enclave: locked, does not run
 *
 * Context: may sleep.
 */
void enclave_contents_lost(struct enclave *enclave)
{
	might_sleep();
	enclave_assert_idle(enclave);
	enclave->contents++;
	enclave_partition_destroy(enclave);
}

/**
 * enclave_give_back() - memory to Linux, scrubbed, and what was compiled for it
 * @enclave: locked, does not run
 *
 * Context: may sleep.
 */
void enclave_give_back(struct enclave *enclave)
{
	might_sleep();
	enclave_assert_idle(enclave);
	enclave_contents_lost(enclave);
	enclave_memory_free(&enclave->memory);
}
