// SPDX-License-Identifier: GPL-2.0-only
/* State of an enclave. */
#include <linux/kobject.h>
#include <linux/lockdep.h>

#include "controller/enclave/enclave.h"
#include "controller/enclave/state.h"

static bool starts_held;	/* Linux goes to sleep */

/**
 * enclaves_starts_hold() - have starts refused, or allow them again
 * @held: refused
 */
void enclaves_starts_hold(bool held)
{
	WRITE_ONCE(starts_held, held);
}

/**
 * enclaves_starts_held() - must a start be refused?
 *
 * Return: true between enclaves_hold_starts() and enclaves_allow_starts().
 */
bool enclaves_starts_held(void)
{
	return READ_ONCE(starts_held);
}

/**
 * enclave_is_running() - may its co-kernel run?
 * @enclave: locked or not; without the lock the answer may be old
 *
 * Return: true from a start until the end was noticed.
 */
bool enclave_is_running(const struct enclave *enclave)
{
	return READ_ONCE(enclave->run) == ENCLAVE_RUNNING;
}

/**
 * enclave_is_busy() - may a CPU of it be in guest mode?
 * @enclave: as above
 *
 * Return: true while it runs, and while a CPU is lost.
 */
bool enclave_is_busy(const struct enclave *enclave)
{
	return enclave_is_running(enclave) || READ_ONCE(enclave->lost);
}

static bool is_complete(const struct enclave *enclave)
{
	return enclave->cpus.nr && enclave->memory.blocks.nr && enclave->firmware;
}

/**
 * enclave_may_print() - can something new appear on the console?
 * @enclave: as above
 *
 * Return: true while it runs, and while it is ready for its first start.
 */
bool enclave_may_print(const struct enclave *enclave)
{
	enum enclave_run run = READ_ONCE(enclave->run);

	return !READ_ONCE(enclave->dead) &&
	       (run == ENCLAVE_RUNNING || (run == ENCLAVE_NEW && is_complete(enclave)));
}

/**
 * enclave_state() - the state as users see it
 * @enclave: locked
 *
 * Return: empty, ready, running, stopped or faulted.
 */
const char *enclave_state(const struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	if (enclave->run == ENCLAVE_RUNNING)
		return "running";
	if (!is_complete(enclave))
		return "empty";
	if (enclave->run == ENCLAVE_FAULTED)
		return "faulted";
	return enclave->run == ENCLAVE_STOPPED ? "stopped" : "ready";
}

/**
 * enclave_state_set() - a start or an end has happened: user space gets a uevent
 * @enclave: locked
 * @run:     what happened
 *
 * Sends a uevent, and lets readers of the console look whether it is at its end.
 */
void enclave_state_set(struct enclave *enclave, enum enclave_run run)
{
	char state[] = "COVIRT_STATE=longest-name";
	char *envp[] = { state, NULL };

	lockdep_assert_held(&enclave->lock);
	WRITE_ONCE(enclave->run, run);
	snprintf(state, sizeof(state), "COVIRT_STATE=%s", enclave_state(enclave));
	kobject_uevent_env(&enclave->dev.kobj, KOBJ_CHANGE, envp);
	wake_up_interruptible(&enclave->console.wait);
}

/**
 * enclave_forget_run() - how the last run ended says nothing any more
 * @enclave: locked, does not run; it has other CPUs or other memory now
 */
void enclave_forget_run(struct enclave *enclave)
{
	enclave_assert_idle(enclave);
	enclave_state_set(enclave, ENCLAVE_NEW);
}
