/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An enclave: CPUs and memory given to one co-kernel, with its life cycle.
 *
 * Locks, outermost first:
 *   enclaves_lock     the list of enclaves: create, destroy, shutdown
 *   enclave::lock     everything in an enclave but what is listed below
 *   (CPU hotplug)     taken by remove_cpu(), add_cpu(), hv_boot_cpu()
 *   console lock      the console ring's consumer side
 *   routes_lock       the routes between enclaves and Linux, and what hypervisors know of them
 *   taken_lock        list of memory taken; notify_lock and moving_lock, where Linux's
 *                     interrupts are
 * No interrupt handler takes any of them; the last two are raw spinlocks.
 */
#ifndef COVIRT_CONTROLLER_ENCLAVE_H
#define COVIRT_CONTROLLER_ENCLAVE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "controller/enclave_console.h"
#include "controller/enclave_cpus.h"
#include "controller/enclave_watchdog.h"
#include "controller/exit_trace.h"
#include "controller/fault_report.h"
#include "controller/hv/space.h"
#include "controller/partition/memory.h"
#include "controller/partition/partition.h"
#include "controller/unclaimed.h"
#include "core/config.h"

/**
 * enum enclave_run - what became of the last start
 * @ENCLAVE_NEW:     never started
 * @ENCLAVE_RUNNING: runs
 * @ENCLAVE_STOPPED: ended in good order
 * @ENCLAVE_FAULTED: contained
 */
enum enclave_run {
	ENCLAVE_NEW,
	ENCLAVE_RUNNING,
	ENCLAVE_STOPPED,
	ENCLAVE_FAULTED,
};

enum enclave_on_fault {
	ENCLAVE_FAULT_STOP,
	ENCLAVE_FAULT_RESTART,
	ENCLAVE_FAULT_KILL,
};

enum enclave_on_reset {
	ENCLAVE_RESET_STOP,
	ENCLAVE_RESET_RESTART,
};

/* Beside enum covirt_interrupts: whichever is needed. */
#define ENCLAVE_INTERRUPTS_AUTO	2

/**
 * struct enclave - one enclave
 * @dev:      its device in the class; owns the memory of this structure
 * @cdev:     its console
 * @node:     in the list of enclaves
 * @active:   in the list of those that Linux's interrupt serves
 * @lock:     see above
 * @run:      what became of the last start
 * @lost:     a CPU does not answer any more: it may still run in the enclave
 * @dead:     destroyed; only references are left
 * @abandoned: a CPU stays parked in @space for ever
 * @layout:   rule for the guest-physical map
 * @firmware: co-kernel image below /lib/firmware, or NULL
 * @initrd:   initial RAM disk below /lib/firmware, or NULL
 * @cmdline:  command line, or NULL
 * @node_wanted: NUMA node of the next memory, or NUMA_NO_NODE
 * @cpus_max: CPUs that the co-kernel is told of, those included that it may be given later
 * @on_fault: enum enclave_on_fault
 * @on_reset: enum enclave_on_reset
 * @on_ipi:   enum covirt_ipi_policy
 * @on_unclaimed: enum covirt_unclaimed_policy
 * @interrupts: enum covirt_interrupts, or ENCLAVE_INTERRUPTS_AUTO
 * @histogram: the next start has the cycles of exits measured
 * @allow_smt_sharing: take single threads of a core
 * @cpus:     its CPUs
 * @memory:   its memory
 * @space:    the hypervisor's memory
 * @partition: what it may touch, as of the last start
 * @contents: counts how often what was in @memory was lost
 * @ran:      @contents of the last start that succeeded
 * @console:  its console
 * @fault:    how the last run ended
 * @fault_log: the last faults
 * @unclaimed: pages that are nobody's, of which the log has been told
 * @exit_trace: which exits have been told to who traces them
 * @watch:    notices that it has ended
 * @watchdog: notices that it is hung
 * @ended_hung: the run was stopped because a CPU was hung
 * @routes_live: interrupts sent to it are delivered; guarded by routes_lock
 * @routes_closed: no route may lead from or to it; guarded by routes_lock
 * @starts:   successful starts
 * @policy_due: @on_fault, or after a reset of its own @on_reset, has not been obeyed yet
 * @faults:   times it was contained
 * @restarts: automatic restarts since @restarts_since
 * @restarts_since: start of the window in which they are counted, jiffies
 */
struct enclave {
	struct device dev;
	struct cdev cdev;
	struct list_head node;
	struct list_head active;
	struct mutex lock;
	enum enclave_run run;
	bool lost;
	bool dead;
	bool abandoned;
	const struct covirt_layout *layout;
	char *firmware;
	char *initrd;
	char *cmdline;
	int node_wanted;
	u32 cpus_max;
	enum enclave_on_fault on_fault;
	enum enclave_on_reset on_reset;
	enum covirt_ipi_policy on_ipi;
	enum covirt_unclaimed_policy on_unclaimed;
	u32 interrupts;
	bool histogram;
	bool allow_smt_sharing;
	struct enclave_cpus cpus;
	struct enclave_memory memory;
	struct hv_space space;
	struct partition partition;
	u64 contents;
	u64 ran;
	struct enclave_console console;
	struct covirt_fault_record fault;
	struct fault_log *fault_log;
	struct unclaimed_told unclaimed;
	struct exit_trace exit_trace;
	struct delayed_work watch;
	struct enclave_watchdog watchdog;
	bool ended_hung;
	bool routes_live;
	bool routes_closed;
	bool policy_due;
	u64 starts;
	u64 faults;
	u32 restarts;
	unsigned long restarts_since;
};

/*
 * Refuse a request: one line in the log that says what to do, and the error. Who asked sees it
 * there, or by covirtctl; no console prints lines of this level, and a flood of them is cut off.
 */
#define REFUSAL_LEVEL	KERN_DEBUG

#define enclave_refuse(enclave, err, fmt, ...)						\
	({										\
		if (enclaves_may_refuse_aloud())					\
			dev_printk(REFUSAL_LEVEL, &(enclave)->dev, fmt "\n", ##__VA_ARGS__); \
		(err);									\
	})

/* Not a refusal: something that should have worked has failed. */
#define enclave_fail(enclave, err, fmt, ...) \
	({ dev_err(&(enclave)->dev, fmt "\n", ##__VA_ARGS__); (err); })

/* A refusal where there is no enclave. */
#define pr_refuse(fmt, ...)								\
	({										\
		if (enclaves_may_refuse_aloud())					\
			_printk(REFUSAL_LEVEL pr_fmt(fmt), ##__VA_ARGS__);		\
	})

static inline struct enclave *to_enclave(struct device *dev)
{
	return container_of(dev, struct enclave, dev);
}

static inline const char *enclave_name(const struct enclave *enclave)
{
	return dev_name(&enclave->dev);
}

int enclaves_init(struct class *class, const struct file_operations *fops);
void enclaves_exit(void);
void enclaves_free_minors(void);
int enclave_create(const char *name);
int enclave_destroy(const char *name);
void enclaves_shutdown(void);
bool enclaves_hold_starts(void);
void enclaves_slept(void);
void enclaves_allow_starts(void);
bool enclaves_any_abandoned(void);
bool enclaves_may_refuse_aloud(void);
void enclave_partition_destroy(struct enclave *enclave);
void enclave_contents_lost(struct enclave *enclave);
void enclave_give_back(struct enclave *enclave);

/* enclave_state.c */
const char *enclave_state(const struct enclave *enclave);
void enclave_state_set(struct enclave *enclave, enum enclave_run run);
void enclave_forget_run(struct enclave *enclave);
bool enclave_is_running(const struct enclave *enclave);
bool enclave_is_busy(const struct enclave *enclave);
bool enclave_may_print(const struct enclave *enclave);
void enclaves_starts_hold(bool held);
bool enclaves_starts_held(void);

/* enclave_start.c, enclave_stop.c, enclave_watch.c */
int enclave_start(struct enclave *enclave);
int enclave_stop(struct enclave *enclave);
void enclave_undo_start(struct enclave *enclave, u32 started);
void enclave_check_ended(struct enclave *enclave);
void enclave_keep_fault(struct enclave *enclave);
void enclave_end_hung(struct enclave *enclave);
void enclave_watch_work(struct work_struct *work);

/* enclave_dump.c */
int enclave_dump(struct enclave *enclave);

/* enclave_interrupts.c */
u32 enclave_interrupts_mode(const struct enclave *enclave);
void enclave_interrupts_choose(struct enclave *enclave);

/* sysfs/ */
extern struct class enclave_class;
int enclave_sysfs_init(void);
void enclave_sysfs_exit(void);

#endif /* COVIRT_CONTROLLER_ENCLAVE_H */
