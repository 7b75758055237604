// SPDX-License-Identifier: GPL-2.0-only
/* The queue of the watch. It polls more often while exits are traced. */
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/workqueue.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/state.h"
#include "controller/enclave/trace.h"
#include "controller/enclave/wake.h"

#define POLL_PERIOD	HZ
#define TRACE_PERIOD	(HZ / 100)	/* while exits are traced */

static struct workqueue_struct *watch_queue;

/**
 * enclave_watch_init() - a queue of our own: it freezes when Linux suspends
 *
 * Return: 0 or -ENOMEM.
 */
int enclave_watch_init(void)
{
	watch_queue = alloc_workqueue("covirt", WQ_UNBOUND | WQ_FREEZABLE, 0);
	return watch_queue ? 0 : -ENOMEM;
}

/**
 * enclave_watch_exit() - undo enclave_watch_init(); there is no enclave any more
 */
void enclave_watch_exit(void)
{
	destroy_workqueue(watch_queue);
}

static unsigned long poll_period(void)
{
	return exit_trace_wanted() ? TRACE_PERIOD : POLL_PERIOD;
}

/**
 * enclave_watch_begin() - begin to poll
 * @enclave: locked, just started; a poll that is due already, because it has ended in
 *           the meantime, stays due
 */
void enclave_watch_begin(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	queue_delayed_work(watch_queue, &enclave->watch, poll_period());
}

static bool is_leaving(const struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (READ_ONCE(hv_space_status(&enclave->space, index)->state) >= COVIRT_CPU_LEAVING)
			return true;
	return false;
}

/**
 * enclave_watch_next() - look again after a while, at once where a CPU is leaving
 * @enclave: locked, runs
 */
void enclave_watch_next(struct enclave *enclave)
{
	enclave_assert_running(enclave);
	queue_delayed_work(watch_queue, &enclave->watch, is_leaving(enclave) ? 1 : poll_period());
}

/**
 * enclave_watch_retry() - look again: the policy could not be obeyed yet
 * @enclave: locked
 */
void enclave_watch_retry(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	mod_delayed_work(watch_queue, &enclave->watch, HZ);
}

/**
 * enclave_watch_soon() - poll now, if a CPU is leaving
 * @enclave: served by the host interrupt
 *
 * Context: any, interrupts included.
 */
void enclave_watch_soon(struct enclave *enclave)
{
	if (is_leaving(enclave))
		mod_delayed_work(watch_queue, &enclave->watch, 0);
}
