// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watchdog. Each check asks every CPU for its guest's registers, and does not wait: whether
 * it has answered, the next check sees. What it says is then there for the report.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/sysfs.h>

#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/state.h"
#include "controller/fault/report.h"
#include "controller/hv/command.h"
#include "controller/life/stop.h"
#include "controller/life/watchdog.h"

/* --- seeing --- */

/* A counter outside the RAM of the map is no heartbeat. */
static const u64 *counter_at(const struct enclave *enclave, gpa_t counter)
{
	if (!counter || !enclave->partition.built)
		return NULL;
	return partition_ram(&enclave->partition, counter, HEARTBEAT_SIZE);
}

/* The co-kernel's memory is read once; whatever it says is only compared. */
static gpa_t heartbeat_read(const struct enclave *enclave, u32 index, u64 *beat)
{
	gpa_t counter = READ_ONCE(hv_space_status(&enclave->space, index)->heartbeat);
	const u64 *at = counter_at(enclave, counter);

	if (!at)
		return 0;
	*beat = READ_ONCE(*at);
	return counter;
}

static struct watchdog_sample sample_of(const struct enclave *enclave, u32 index)
{
	struct watchdog_sample sample = {
		.answered = hv_command_is_answered(&enclave->space, index,
						   enclave->watchdog.asked[index]),
	};

	sample.counter = heartbeat_read(enclave, index, &sample.beat);
	return sample;
}

/* --- reporting --- */

static const char *const hang_names[] = {
	[COVIRT_HANG_NONE] = "none",
	[COVIRT_HANG_DOORBELL] = "doorbell",
	[COVIRT_HANG_HEARTBEAT] = "heartbeat",
};

static void send_uevent(struct enclave *enclave, u32 index)
{
	char hang[] = "COVIRT_HANG=longest-name", cpu[] = "COVIRT_CPU=1234567890";
	char *envp[] = { hang, cpu, NULL };

	snprintf(hang, sizeof(hang), "COVIRT_HANG=%s",
		 hang_names[enclave->watchdog.cpu[index].hang]);
	snprintf(cpu, sizeof(cpu), "COVIRT_CPU=%d", enclave->cpus.cpu[index]);
	kobject_uevent_env(&enclave->dev.kobj, KOBJ_CHANGE, envp);
}

static void log_hang(struct enclave *enclave, u32 index)
{
	u32 cpu = enclave->cpus.cpu[index];
	u32 seconds = enclave->watchdog.period * WATCHDOG_PATIENCE;

	switch (enclave->watchdog.cpu[index].hang) {
	case COVIRT_HANG_NONE:
		dev_info(&enclave->dev, "CPU %u is not hung any more\n", cpu);
		break;
	case COVIRT_HANG_DOORBELL:
		dev_warn(&enclave->dev, "CPU %u is hung: it has not answered its doorbell for %u s; covirtctl faults %s tells its last exits\n",
			 cpu, seconds, enclave_name(enclave));
		break;
	case COVIRT_HANG_HEARTBEAT:
		dev_warn(&enclave->dev, "CPU %u is hung: its heartbeat has stopped for %u s; rip 0x%llx, covirtctl faults %s tells more\n",
			 cpu, seconds, enclave->fault.fault.rip, enclave_name(enclave));
		break;
	}
}

/* The registers of a CPU are known only if it answers. */
static void record(struct enclave *enclave, u32 index, enum covirt_hang hang)
{
	struct covirt_fault raw = {
		.reason = COVIRT_FAULT_HUNG,
		.detail = hang,
		.apicid = enclave->space.config->cpu[index].apicid,
	};

	/* The CPU has answered, and writes it no more. */
	if (hang == COVIRT_HANG_HEARTBEAT)
		registers_to_fault(&hv_space_status(&enclave->space, index)->snapshot, &raw);
	fault_report_collect(enclave, index, &raw);
	enclave_keep_fault(enclave);
}

static void report(struct enclave *enclave, u32 index)
{
	enum covirt_hang hang = enclave->watchdog.cpu[index].hang;

	if (hang != COVIRT_HANG_NONE)
		record(enclave, index, hang);
	log_hang(enclave, index);
	send_uevent(enclave, index);
}

/* --- checking --- */

static void check_cpu(struct enclave *enclave, u32 index)
{
	struct enclave_watchdog *watchdog = &enclave->watchdog;
	const struct watchdog_sample sample = sample_of(enclave, index);

	if (watchdog_check(&watchdog->cpu[index], &sample))
		report(enclave, index);
	watchdog->asked[index] = hv_command_ask(&enclave->space, index);
}

static bool is_hung(const struct enclave *enclave)
{
	u32 index, rest;

	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (enclave->watchdog.cpu[index].hang != COVIRT_HANG_NONE)
			return true;
	return false;
}

/**
 * enclave_watchdog_begin() - forget what was seen, check after a period
 * @enclave: locked; just started, or the period is another one
 */
void enclave_watchdog_begin(struct enclave *enclave)
{
	struct enclave_watchdog *watchdog = &enclave->watchdog;

	lockdep_assert_held(&enclave->lock);
	memset(watchdog->asked, 0, sizeof(watchdog->asked));
	memset(watchdog->cpu, 0, sizeof(watchdog->cpu));
	watchdog->due = jiffies + watchdog->period * HZ;
}

/**
 * enclave_watchdog_check() - check the CPUs, if it is time
 * @enclave: locked; runs
 *
 * A change is reported. With on_hang "fault" a CPU that is hung ends the run.
 */
void enclave_watchdog_check(struct enclave *enclave)
{
	struct enclave_watchdog *watchdog = &enclave->watchdog;
	u32 index, rest;

	enclave_assert_running(enclave);
	if (!watchdog->period || time_before(jiffies, watchdog->due))
		return;
	watchdog->due = jiffies + watchdog->period * HZ;
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		check_cpu(enclave, index);
	if (watchdog->on_hang == ENCLAVE_HANG_FAULT && is_hung(enclave))
		enclave_end_hung(enclave);
}

/**
 * enclave_watchdog_hung() - which CPUs are hung?
 * @enclave: locked
 * @mask:    set
 */
void enclave_watchdog_hung(const struct enclave *enclave, struct cpumask *mask)
{
	u32 index, rest;

	lockdep_assert_held(&enclave->lock);
	cpumask_clear(mask);
	if (!enclave_is_running(enclave))
		return;
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (enclave->watchdog.cpu[index].hang != COVIRT_HANG_NONE)
			cpumask_set_cpu(enclave->cpus.cpu[index], mask);
}

/**
 * enclave_watchdog_print_beats() - the heartbeats that are announced, as "CPU COUNT" lines
 * @enclave: locked
 * @buf:     a page
 *
 * Return: bytes written.
 */
ssize_t enclave_watchdog_print_beats(const struct enclave *enclave, char *buf)
{
	u32 index, rest;
	ssize_t len = 0;
	u64 beat;

	lockdep_assert_held(&enclave->lock);
	if (!enclave_is_running(enclave))
		return 0;
	for_each_index(index, rest, enclave_cpus_present(&enclave->cpus))
		if (heartbeat_read(enclave, index, &beat))
			len += sysfs_emit_at(buf, len, "%u %llu\n", enclave->cpus.cpu[index],
					     beat);
	return len;
}
