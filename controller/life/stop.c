// SPDX-License-Identifier: GPL-2.0-only
/* The end of a run, wanted or not. */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>

#include "controller/border/exit_trace.h"
#include "controller/border/notify.h"
#include "controller/border/routes.h"
#include "controller/border/unclaimed.h"
#include "controller/border/xapic.h"
#include "controller/enclave/console.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/names.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/enclave/trace.h"
#include "controller/enclave/wake.h"
#include "controller/fault/report.h"
#include "controller/hv/command.h"
#include "controller/life/stop.h"

static bool is_out(const struct enclave *enclave, u32 index)
{
	/* Pairs with the store of hv_park(): the fault record is complete. */
	return smp_load_acquire(&hv_space_status(&enclave->space, index)->state) >=
	       COVIRT_CPU_PARKED;
}

/* The CPUs have left guest mode for good. */
static bool all_out(const struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (!is_out(enclave, index))
			return false;
	return true;
}

static const struct covirt_fault *fault_of(const struct enclave *enclave, u32 index)
{
	return &hv_space_status(&enclave->space, index)->fault;
}

/*
 * CPU whose record says why the enclave ended: one that another CPU made leave says only "stopped".
 */
static u32 cpu_to_report(const struct enclave *enclave)
{
	u32 index, rest, best = enclave_cpus_first(&enclave->cpus);

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus)) {
		u32 reason = fault_of(enclave, index)->reason;

		if (!fault_is_orderly(reason))
			return index;
		if (reason != COVIRT_FAULT_STOPPED)
			best = index;
	}
	return best;
}

/**
 * enclave_keep_fault() - the report is of a fault: count it, keep it, trace it
 * @enclave: locked, with a report
 */
void enclave_keep_fault(struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	enclave->faults++;
	fault_log_add(enclave);
	trace_covirt_fault(enclave);
}

static void end_in_order(struct enclave *enclave, u32 reason)
{
	trace_covirt_stop(enclave, fault_name(reason));
	enclave_state_set(enclave, ENCLAVE_STOPPED);
}

/* The watchdog has kept the fault already if on_hang is "fault", while the CPUs still ran. */
static void report_stopped(struct enclave *enclave)
{
	dev_info(&enclave->dev, "stopped\n");
	if (!enclave->ended_hung) {
		end_in_order(enclave, COVIRT_FAULT_STOPPED);
		return;
	}
	enclave->policy_due = true;
	enclave_state_set(enclave, ENCLAVE_FAULTED);
}

/* Panics are logged if they are not in the fault record, which may be that of another CPU. */
static void log_panics(const struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus)) {
		const struct covirt_status *status = hv_space_status(&enclave->space, index);

		if (status->panics && status->fault.reason != COVIRT_FAULT_HYPERVISOR_PANIC)
			dev_err(&enclave->dev,
				"CPU %d: after the co-kernel had ended, the hypervisor met exception %u at 0x%llx: please report it\n",
				enclave->cpus.cpu[index], status->panic_vector, status->panic_rip);
	}
}

static void report(struct enclave *enclave)
{
	u32 index = cpu_to_report(enclave);
	struct covirt_fault raw = *fault_of(enclave, index);

	log_panics(enclave);
	if (raw.reason == COVIRT_FAULT_STOPPED) {
		report_stopped(enclave);
		return;
	}
	fault_report_collect(enclave, index, &raw);
	if (fault_is_orderly(raw.reason)) {
		dev_info(&enclave->dev, "ended: %s\n", fault_name(raw.reason));
		enclave->policy_due = raw.reason == COVIRT_FAULT_GUEST_RESET;
		end_in_order(enclave, raw.reason);
		return;
	}
	enclave_keep_fault(enclave);
	enclave->policy_due = true;
	fault_report_log(enclave);
	enclave_state_set(enclave, ENCLAVE_FAULTED);
}

/**
 * enclave_check_ended() - notice that the co-kernel is gone
 * @enclave: locked
 *
 * Undoes what a start took for the time of the run, makes the fault report
 * and sets the state. Whoever notices first, the watch then obeys on_fault.
 *
 * Context: may sleep.
 */
void enclave_check_ended(struct enclave *enclave)
{
	might_sleep();
	lockdep_assert_held(&enclave->lock);
	if (!enclave_is_busy(enclave) || !all_out(enclave))
		return;
	routes_end(enclave);
	notify_forget(enclave);
	enclave->lost = false;
	exit_trace_poll(enclave);
	unclaimed_log(enclave);
	xapic_log(enclave);
	report(enclave);
	enclave_console_end(enclave);
	enclave_watch_soon(enclave);
	module_put(THIS_MODULE);
}

/*
 * A CPU that does not stop may still run in the enclave's memory, so everything stays as it is, the
 * module included. Its partition confines it as before.
 */
static int give_up(struct enclave *enclave, u32 index, int err)
{
	const struct covirt_fault raw = { .reason = COVIRT_FAULT_LOST };

	if (!enclave->lost) {
		fault_report_collect(enclave, index, &raw);
		enclave_keep_fault(enclave);
		enclave->lost = true;
		enclave_state_set(enclave, ENCLAVE_FAULTED);
	}
	return enclave_fail(enclave, err,
			    "CPU %d does not answer its doorbell: it and the memory stay with the enclave; write stop to state to try again, or reboot",
			    enclave->cpus.cpu[index]);
}

/* Every CPU is asked to stop, whether or not one of them answers. */
static int stop_cpus(struct enclave *enclave)
{
	u32 index, rest, silent = 0;
	int err = 0;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus)) {
		int late = hv_command_stop(&enclave->space, index);

		if (late && !err) {
			err = late;
			silent = index;
		}
	}
	return err ? give_up(enclave, silent, err) : 0;
}

/**
 * enclave_end_hung() - a CPU is hung, and on_hang says that this is a fault
 * @enclave: locked, runs
 *
 * Context: may sleep, for as long as enclave_stop(): a CPU that has not answered may still do so.
 */
void enclave_end_hung(struct enclave *enclave)
{
	enclave_assert_running(enclave);
	might_sleep();
	enclave->ended_hung = true;
	if (!stop_cpus(enclave))
		enclave_check_ended(enclave);
}

/**
 * enclave_undo_start() - a CPU could not be started: make the others leave
 * @enclave: locked, with all that a start takes for the time of the run
 * @started: mask of the indexes of the CPUs that were; of the others one may have come half-way
 *
 * Context: may sleep.
 */
void enclave_undo_start(struct enclave *enclave, u32 started)
{
	u32 index, rest;

	might_sleep();
	lockdep_assert_held(&enclave->lock);
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus) & ~started)
		hv_space_expect_no_cpu(&enclave->space, index);
	if (stop_cpus(enclave))
		return;
	notify_forget(enclave);
	module_put(THIS_MODULE);
}

/**
 * enclave_stop() - make the co-kernel end
 * @enclave: locked
 *
 * A faulted enclave becomes a stopped one; a stopped one stays so.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL when there was no start; -ETIMEDOUT when a CPU does not answer.
 */
int enclave_stop(struct enclave *enclave)
{
	int err;

	lockdep_assert_held(&enclave->lock);
	might_sleep();
	if (enclave_is_busy(enclave)) {
		err = stop_cpus(enclave);
		if (err)
			return err;
		enclave_check_ended(enclave);
	}
	if (enclave->run == ENCLAVE_NEW)
		return enclave_refuse(enclave, -EINVAL,
				      "there is nothing to stop: it does not run");
	enclave->policy_due = false;	/* the user has decided */
	if (enclave->run == ENCLAVE_FAULTED)
		enclave_state_set(enclave, ENCLAVE_STOPPED);
	return 0;
}
