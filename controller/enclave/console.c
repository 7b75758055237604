// SPDX-License-Identifier: GPL-2.0-only
/* The console of an enclave, but for the reading and writing: that is device.c's. */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "controller/enclave/console.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/state.h"

/**
 * enclave_console_init() - a console without readers
 * @console: zeroed
 */
void enclave_console_init(struct enclave_console *console)
{
	mutex_init(&console->lock);
	init_waitqueue_head(&console->wait);
}

/**
 * enclave_console_reset() - forget what the last run printed, and what was typed
 * @enclave: locked, does not run
 *
 * Context: may sleep.
 */
void enclave_console_reset(struct enclave *enclave)
{
	might_sleep();
	enclave_assert_idle(enclave);
	mutex_lock(&enclave->console.lock);
	memset(enclave->space.shared, 0, HV_SHARED_SIZE);
	memset(&enclave->space.config->input, 0, sizeof(enclave->space.config->input));
	mutex_unlock(&enclave->console.lock);
	/* Readers that slept on the old ring have to arm the new one. */
	wake_up_interruptible(&enclave->console.wait);
}

/**
 * enclave_console_end() - the run has ended: nobody rings a doorbell for what was typed any more
 * @enclave: locked; its state says that it does not run
 *
 * Whoever types looks at the state below the console's lock: so its CPUs may go back to Linux,
 * which would not know what the NMI is for.
 *
 * Context: may sleep.
 */
void enclave_console_end(struct enclave *enclave)
{
	might_sleep();
	lockdep_assert_held(&enclave->lock);
	mutex_lock(&enclave->console.lock);
	mutex_unlock(&enclave->console.lock);
}
