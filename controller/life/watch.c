// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watching for the end of a run. The host interrupt says when to poll; now and
 * then the watch polls by itself, and lets readers of the console poll: that
 * interrupt can be lost while Linux moves it, and a hypervisor that panics
 * sends none.
 */
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "controller/border/exit_trace.h"
#include "controller/border/unclaimed.h"
#include "controller/border/xapic.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/hold.h"
#include "controller/enclave/state.h"
#include "controller/enclave/wake.h"
#include "controller/life/handover.h"
#include "controller/life/start.h"
#include "controller/life/stop.h"
#include "controller/life/watch.h"
#include "controller/life/watchdog.h"

#define RESTARTS_MAX	5
#define RESTARTS_PERIOD	(60 * HZ)

static bool restart_is_due(struct enclave *enclave)
{
	if (time_after(jiffies, enclave->restarts_since + RESTARTS_PERIOD)) {
		enclave->restarts_since = jiffies;
		enclave->restarts = 0;
	}
	return enclave->restarts++ < RESTARTS_MAX;
}

static void policy_restart(struct enclave *enclave, const char *policy)
{
	if (!restart_is_due(enclave)) {
		dev_err(&enclave->dev, "ended again after %u restarts in %u s: it stays down; see its fault file, then write start to state\n",
			RESTARTS_MAX, RESTARTS_PERIOD / HZ);
		return;
	}
	dev_warn(&enclave->dev, "%s is restart: starting again\n", policy);
	enclave_start(enclave);
}

/* A CPU that Linux does not take back keeps nothing of the co-kernel: the memory goes anyway. */
static void policy_kill(struct enclave *enclave)
{
	dev_warn(&enclave->dev, "on_fault is kill: CPUs and memory go back to Linux\n");
	enclave_cpus_release(enclave);
	enclave_give_back(enclave);
}

static void policy_after_reset(struct enclave *enclave)
{
	if (enclave->on_reset == ENCLAVE_RESET_RESTART)
		policy_restart(enclave, "on_reset");
}

static void policy_after_fault(struct enclave *enclave)
{
	if (enclave->on_fault == ENCLAVE_FAULT_RESTART)
		policy_restart(enclave, "on_fault");
	else if (enclave->on_fault == ENCLAVE_FAULT_KILL)
		policy_kill(enclave);
}

/* A lost CPU may still run: nothing is taken from it, nor started anew. */
static void policy_apply(struct enclave *enclave)
{
	if (enclave->dead || enclave->lost || !enclave->policy_due)
		return;
	/* Linux goes to sleep, or wakes up: it can be obeyed afterwards. */
	if (enclaves_starts_held()) {
		enclave_watch_retry(enclave);
		return;
	}
	enclave->policy_due = false;
	if (enclave->run == ENCLAVE_FAULTED)
		policy_after_fault(enclave);
	else if (enclave->run == ENCLAVE_STOPPED)
		policy_after_reset(enclave);
}

/**
 * enclave_watch_work() - poll
 * @work: in an enclave
 */
void enclave_watch_work(struct work_struct *work)
{
	struct enclave *enclave = container_of(to_delayed_work(work), struct enclave, watch);

	mutex_lock(&enclave->lock);
	wake_up_interruptible(&enclave->console.wait);
	if (enclave_is_running(enclave)) {
		unclaimed_log(enclave);
		xapic_log(enclave);
	}
	enclave_check_ended(enclave);
	if (enclave_is_running(enclave))
		enclave_watchdog_check(enclave);
	policy_apply(enclave);
	if (enclave_is_running(enclave)) {
		exit_trace_poll(enclave);
		enclave_watch_next(enclave);
	}
	mutex_unlock(&enclave->lock);
}
