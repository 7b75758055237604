// SPDX-License-Identifier: GPL-2.0-only
#include "covirtctl.h"
#include "enclave.h"
#include "fault.h"
#include "images.h"
#include "life.h"

/**
 * life_end() - stop an enclave, if it runs, and give all of it back to Linux
 * @name: of the enclave
 *
 * Return: a status.
 */
int life_end(const char *name)
{
	int status = STATUS_OK;

	if (enclave_is(name, "running") || enclave_is(name, "faulted"))
		status = attribute_write(name, "state", "stop");
	if (!status)
		status = enclave_destroy(name);
	if (!status)
		images_remove(name);
	return status;
}

/**
 * life_tell_end() - why the co-kernel is not running any more
 * @name: of the enclave
 *
 * Return: STATUS_FAULTED when it was contained, STATUS_OK when it ended in good order, or has not.
 */
int life_tell_end(const char *name)
{
	if (enclave_is(name, "faulted")) {
		fault_tell(name);
		return STATUS_FAULTED;
	}
	if (enclave_is(name, "stopped"))
		tell("%s has ended: %s", name, fault_reason(name));
	return STATUS_OK;
}
