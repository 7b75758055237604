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
 *   memory_list_lock  list of memory claimed; notify_lock and moving_lock, where Linux's
 *                     interrupts are
 * No interrupt handler takes any of them; the last two are raw spinlocks.
 */
#ifndef COVIRT_CONTROLLER_ENCLAVE_ENCLAVE_H
#define COVIRT_CONTROLLER_ENCLAVE_ENCLAVE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "controller/enclave/last_error.h"
#include "controller/hv/space.h"
#include "controller/partition/memory.h"
#include "controller/partition/partition.h"
#include "core/config.h"
#include "core/linux/watchdog.h"
#include "core/unclaimed.h"
#include "include/uapi/linux/covirt.h"

#define ENCLAVE_CPU_NONE	(-1)

/**
 * struct enclave_cpus - the CPUs of an enclave, by their index
 * @cpu: by index, Linux CPU number, or ENCLAVE_CPU_NONE
 * @nr:  CPUs that it has
 *
 * A CPU keeps its index as long as it belongs to the enclave.
 */
struct enclave_cpus {
	int cpu[COVIRT_MAX_CPUS];
	u32 nr;
};

/**
 * struct enclave_console - Linux's side of the console
 * @lock: serializes readers, who share one stream, and writers, who share another
 * @wait: readers without bytes, writers without room
 */
struct enclave_console {
	struct mutex lock;
	wait_queue_head_t wait;
};

#define WATCHDOG_PERIOD_MAX	3600	/* seconds */

/**
 * enum enclave_on_hang - what becomes of an enclave with a CPU that is hung
 * @ENCLAVE_HANG_REPORT: it runs on
 * @ENCLAVE_HANG_FAULT:  it has faulted, and enclave::on_fault is obeyed
 */
enum enclave_on_hang {
	ENCLAVE_HANG_REPORT,
	ENCLAVE_HANG_FAULT,
};

/**
 * struct enclave_watchdog - the watchdog of an enclave
 * @period:  seconds between two checks, at most WATCHDOG_PERIOD_MAX; 0: none
 * @on_hang: enum enclave_on_hang
 * @due:     when to look next, jiffies
 * @asked:   by CPU index, the command that the last look posted
 * @cpu:     by CPU index, what is known
 */
struct enclave_watchdog {
	u32 period;
	enum enclave_on_hang on_hang;
	unsigned long due;
	u32 asked[COVIRT_MAX_CPUS];
	struct watchdog cpu[COVIRT_MAX_CPUS];
};

/**
 * struct exit_trace - what has been traced already
 * @live: a tracer listened at the last poll; earlier exits are not traced
 * @cpu:  by CPU index: exits seen in the ring, and by the counters
 */
struct exit_trace {
	bool live;
	struct {
		u32 seen;
		u64 counted[COVIRT_NR_EXITS];
	} cpu[COVIRT_MAX_CPUS];
};

/**
 * struct fault_log - the last faults of an enclave
 * @record: the one with sequence number n in slot (n - 1) modulo COVIRT_FAULT_RECORDS
 */
struct fault_log {
	struct covirt_fault_record record[COVIRT_FAULT_RECORDS];
};

static_assert(sizeof_field(struct covirt_fault_record, owner) ==
	      sizeof("enclave ") + ENCLAVE_NAME_MAX);

/**
 * struct unclaimed_logged - pages that this run has logged
 * @nr:   how many; no more are logged than there is room for
 * @page: an address in each
 */
struct unclaimed_logged {
	u32 nr;
	gpa_t page[2 * COVIRT_UNCLAIMED_PAGES];
};

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

/**
 * enum enclave_apic_ids - by which APIC ids a co-kernel knows its CPUs
 * @ENCLAVE_APIC_IDS_OWN:  the enclave's own, where the processor allows it
 * @ENCLAVE_APIC_IDS_HOST: those of the hardware, as Linux
 */
enum enclave_apic_ids {
	ENCLAVE_APIC_IDS_OWN,
	ENCLAVE_APIC_IDS_HOST,
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
 * @last_error: why requests were refused
 * @run:      what became of the last start
 * @lost:     a CPU does not answer any more: it may still run in the enclave
 * @dead:     destroyed; only references are left
 * @abandoned: a CPU stays parked in @space for ever
 * @layout:   rule for the guest-physical map
 * @firmware: co-kernel image below /lib/firmware, or NULL
 * @initrd:   initial RAM disk below /lib/firmware, or NULL
 * @cmdline:  command line, or NULL
 * @protocol: name of the protocol to boot it by, of loader_protocol(); NULL: as recognized
 * @protocol_address: where the image goes, if @protocol wants to be told
 * @protocol_used: the protocol of the last start of @firmware, or NULL
 * @node_wanted: NUMA node of the next memory, or NUMA_NO_NODE
 * @cpus_max: CPUs that the co-kernel is told of, those included that it may be given later
 * @apic_ids: enum enclave_apic_ids, as it was asked for; see enclave_has_own_ids()
 * @on_fault: enum enclave_on_fault
 * @on_reset: enum enclave_on_reset
 * @on_ipi:   enum covirt_ipi_policy
 * @on_unclaimed: enum covirt_unclaimed_policy
 * @interrupts: enum covirt_interrupts, or ENCLAVE_INTERRUPTS_AUTO
 * @com1_irq: it has an I/O APIC, and COM1 interrupts
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
 * @unclaimed: pages that are nobody's and have been logged
 * @xapic_logged: that its APIC is emulated has been logged
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
	struct last_error last_error;
	enum enclave_run run;
	bool lost;
	bool dead;
	bool abandoned;
	const struct covirt_layout *layout;
	char *firmware;
	char *initrd;
	char *cmdline;
	const char *protocol;
	gpa_t protocol_address;
	const char *protocol_used;
	int node_wanted;
	u32 cpus_max;
	enum enclave_apic_ids apic_ids;
	enum enclave_on_fault on_fault;
	enum enclave_on_reset on_reset;
	enum covirt_ipi_policy on_ipi;
	enum covirt_unclaimed_policy on_unclaimed;
	u32 interrupts;
	bool com1_irq;
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
	struct unclaimed_logged unclaimed;
	bool xapic_logged;
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

static inline struct enclave *to_enclave(struct device *dev)
{
	return container_of(dev, struct enclave, dev);
}

static inline const char *enclave_name(const struct enclave *enclave)
{
	return dev_name(&enclave->dev);
}

#endif /* COVIRT_CONTROLLER_ENCLAVE_ENCLAVE_H */
