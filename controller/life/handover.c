// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs on their way from Linux to an enclave and back.
 *
 * A claimed CPU is offline in Linux, and a CPU hotplug callback keeps it so:
 * an INIT sent behind our back would end its co-kernel. The callback runs
 * inside CPU hotplug and takes no lock of ours: it looks at two masks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/lockdep.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <asm/smp.h>

#include "controller/border/routes.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/enclave.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/host/compat.h"
#include "controller/host/hotplug_error.h"
#include "controller/hv/boot.h"
#include "controller/life/handover.h"
#include "core/apic.h"
#include "core/arch.h"

/* @claimed: not Linux's now. @exclusive: those whose sibling threads Linux may not use. */
static struct cpumask claimed;
static struct cpumask exclusive;
/* CPUs that could not be brought online when they were given back. */
static struct cpumask stuck;
/* Claimed ones that Linux has not set up since the machine slept. Guarded by claim_lock. */
static struct cpumask unprepared;
/* Serializes changes of the masks between enclaves; taken inside enclave::lock, outside hotplug. */
static DEFINE_MUTEX(claim_lock);
static enum cpuhp_state hotplug_state;
static enum cpuhp_state online_state;
/*
 * Configuration of the enclave that gave a CPU back which Linux left offline, until it is online.
 * It names the enclave's pages, which stay, and with them this address, while there is one.
 */
static DEFINE_PER_CPU(const struct covirt_config *, left_in);
static atomic_t thread_bits;	/* of an APIC id */

/* Siblings are found by APIC id, because Linux forgets the topology of offline CPUs. */
static bool share_core(int a, int b)
{
	u32 bits = atomic_read(&thread_bits);

	return enclave_cpus_apicid(a) >> bits == enclave_cpus_apicid(b) >> bits;
}

/**
 * enclave_cpus_thread_bits() - how many bits of an APIC id number the threads of a core
 *
 * Return: bits, the same for all CPUs; 0 if no core has several threads.
 */
u32 enclave_cpus_thread_bits(void)
{
	return atomic_read(&thread_bits);
}

/* On each CPU, at the same time. */
static void thread_bits_look(void *unused)
{
	struct arch_cpuid topology = arch_cpuid(0xb, 0);
	int known = atomic_read(&thread_bits);

	while (!atomic_try_cmpxchg(&thread_bits, &known, apic_thread_bits(known, topology)))
		;
}

/* Linux tries again several times after EBUSY: say it once. */
static bool may_log(void)
{
	static struct ratelimit_state state =
		RATELIMIT_STATE_INIT_FLAGS(state, 2 * HZ, 1, RATELIMIT_MSG_ON_RELEASE);

	return __ratelimit(&state);
}

/* --- who switches SMT on, and meets a CPU of an enclave --- */

static bool has_thread_online(int cpu)
{
	int other;

	for_each_online_cpu(other)
		if (share_core(cpu, other))
			return true;
	return false;
}

/* Threads that Linux left out because it stopped at one of ours; cores that are offline stay so. */
static void smt_resume(struct work_struct *work)
{
	int cpu, err;

	for_each_present_cpu(cpu) {
		if (cpu_online(cpu) || cpumask_test_cpu(cpu, &claimed) || !has_thread_online(cpu))
			continue;
		err = add_cpu(cpu);
		if (err < 0)
			pr_warn("CPU %d did not come online with the other threads: %s (error %d)\n",
				cpu, hotplug_error_add(err), err);
	}
}

static DECLARE_WORK(smt_resume_work, smt_resume);

/*
 * Bringing one CPU online locks its device. Only switching SMT on, which brings all threads online,
 * does not; and it gives up at the first error.
 */
static bool smt_is_switched_on(int cpu)
{
	return !compat_mutex_is_mine(&get_cpu_device(cpu)->mutex);
}

/* --- CPU hotplug --- */

static int refuse_online(int cpu)
{
	if (smt_is_switched_on(cpu))
		schedule_work(&smt_resume_work);
	return -EBUSY;
}

/* CPU hotplug is about to bring @cpu up. */
static int hotplug_prepare(unsigned int cpu)
{
	int other;

	if (cpumask_test_cpu(cpu, &claimed)) {
		if (may_log())
			pr_err("CPU %u is an enclave's: take it out of its cpus file first\n", cpu);
		return refuse_online(cpu);
	}
	for_each_cpu(other, &exclusive) {
		if (!share_core(cpu, other))
			continue;
		if (may_log())
			pr_err("CPU %u shares a core with CPU %d of an enclave that does not allow it: see its allow_smt_sharing\n",
			       cpu, other);
		return refuse_online(cpu);
	}
	return 0;
}

/**
 * enclave_cpus_init() - begin to watch CPU hotplug
 *
 * Return: 0 or -ENOSPC when Linux has no callback left.
 */
int enclave_cpus_init(void)
{
	int state;

	on_each_cpu(thread_bits_look, NULL, true);
	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "virt/covirt:prepare",
					  hotplug_prepare, NULL);
	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

/**
 * enclave_cpus_exit() - undo enclave_cpus_init()
 */
void enclave_cpus_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug_state);
	cancel_work_sync(&smt_resume_work);
}

/* CPU hotplug has brought @cpu up, which runs this: in no pages of ours. */
static int hotplug_online(unsigned int cpu)
{
	WRITE_ONCE(per_cpu(left_in, cpu), NULL);
	return 0;
}

/**
 * enclave_cpus_online_init() - begin to notice CPUs that Linux had left offline
 *
 * Return: as enclave_cpus_init().
 */
int enclave_cpus_online_init(void)
{
	int state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "virt/covirt:online",
					      hotplug_online, NULL);

	if (state < 0)
		return state;
	online_state = state;
	return 0;
}

/**
 * enclave_cpus_online_exit() - undo enclave_cpus_online_init()
 */
void enclave_cpus_online_exit(void)
{
	cpuhp_remove_state_nocalls(online_state);
}

/**
 * enclave_cpus_any_stuck() - is there a CPU that Linux did not take back?
 *
 * Return: true when one may still be parked in the hypervisor's pages.
 */
bool enclave_cpus_any_stuck(void)
{
	return !cpumask_empty(&stuck);
}

/**
 * enclave_cpus_may_be_parked() - may a CPU that was given back still be in the hypervisor's pages?
 * @enclave: without CPUs
 *
 * Return: true when Linux has left one offline, and has not brought it online since.
 */
bool enclave_cpus_may_be_parked(const struct enclave *enclave)
{
	const struct covirt_config *config = enclave->space.config;
	int cpu;

	for_each_possible_cpu(cpu)
		if (config && READ_ONCE(per_cpu(left_in, cpu)) == config)
			return true;
	return false;
}

/* --- may it be claimed? --- */

static int check_cpu(struct enclave *enclave, int cpu)
{
	if (!cpu)
		return enclave_refuse(enclave, -EINVAL,
				      "CPU 0 boots and wakes Linux and cannot be taken: choose others");
	if (!cpu_present(cpu))
		return enclave_refuse(enclave, -EINVAL,
				      "there is no CPU %d: see /sys/devices/system/cpu/present",
				      cpu);
	if (cpumask_test_cpu(cpu, &claimed))
		return enclave_refuse(enclave, -EBUSY, "CPU %d belongs to another enclave", cpu);
	if (!cpu_online(cpu))
		return enclave_refuse(enclave, -EINVAL,
				      "CPU %d is offline: bring it online first, so that Linux has initialized it",
				      cpu);
	return 0;
}

/* @wanted is all that the enclave will have. */
static int check_siblings(struct enclave *enclave, const struct cpumask *wanted, int cpu)
{
	int other;

	if (enclave->allow_smt_sharing)
		return 0;
	for_each_present_cpu(other) {
		if (cpumask_test_cpu(other, wanted) || !share_core(cpu, other))
			continue;
		if (cpu_online(other) || cpumask_test_cpu(other, &claimed))
			return enclave_refuse(enclave, -EBUSY,
					      "CPU %d shares a core with CPU %d: take both, or write 1 to allow_smt_sharing",
					      cpu, other);
	}
	return 0;
}

static int check_all_siblings(struct enclave *enclave, const struct cpumask *wanted)
{
	int cpu, err = 0;

	for_each_cpu(cpu, wanted) {
		err = check_siblings(enclave, wanted, cpu);
		if (err)
			break;
	}
	return err;
}

/* Is none of those that do a kind of work for all CPUs left online? */
static bool takes_the_last(const struct cpumask *added, const struct cpumask *keepers)
{
	int cpu;

	for_each_cpu_and(cpu, keepers, cpu_online_mask)
		if (!cpumask_test_cpu(cpu, added))
			return false;
	return true;
}

/* Newer kernels replace a mask when a cpuset becomes isolated, and free the old one by RCU. */
static int check_keepers(struct enclave *enclave, const struct cpumask *added, enum hk_type type)
{
	const struct cpumask *keepers;
	int err = 0;

	rcu_read_lock();
	keepers = housekeeping_cpumask(type);
	if (takes_the_last(added, keepers))
		err = enclave_refuse(enclave, -EBUSY,
				     "Linux would be left without a CPU for its own work, because the others are isolated (isolcpus, nohz_full): leave it one of %*pbl",
				     cpumask_pr_args(keepers));
	rcu_read_unlock();
	return err;
}

/*
 * Linux itself refuses only for the scheduler's domains, and only in some releases. Without a CPU
 * that runs timers and unbound work the whole host stands still.
 */
static int check_housekeeping(struct enclave *enclave, const struct cpumask *added)
{
	int type, err = 0;

	if (cpumask_empty(added))
		return 0;
	for (type = 0; type < HK_TYPE_MAX && !err; type++)
		if (housekeeping_enabled(type))
			err = check_keepers(enclave, added, type);
	return err;
}

static int check_claim(struct enclave *enclave, const struct cpumask *wanted,
		       const struct cpumask *added)
{
	int cpu, err;

	/* CPUs that will leave count as well: they still have their indexes. */
	if (enclave->cpus.nr + cpumask_weight(added) > COVIRT_MAX_CPUS)
		return enclave_refuse(enclave, -EINVAL, "an enclave has at most %d CPUs",
				      COVIRT_MAX_CPUS);
	for_each_cpu(cpu, added) {
		err = check_cpu(enclave, cpu);
		if (err)
			return err;
	}
	if (cpumask_subset(cpu_online_mask, added))
		return enclave_refuse(enclave, -EINVAL, "Linux needs a CPU: leave it one");
	return check_housekeeping(enclave, added) ?: check_all_siblings(enclave, wanted);
}

/* --- claiming and giving back --- */

/**
 * struct cpus_change - from the CPUs that an enclave has to those that it shall have
 * @before:  that it has
 * @added:   that it has not
 * @gone:    that it shall have no longer
 * @claimed: of @added, that it has by now
 */
struct cpus_change {
	struct cpumask before;
	struct cpumask added;
	struct cpumask gone;
	struct cpumask claimed;
};

static void mark(struct enclave *enclave, int cpu)
{
	lockdep_assert_held(&claim_lock);
	cpumask_set_cpu(cpu, &claimed);
	if (!enclave->allow_smt_sharing)
		cpumask_set_cpu(cpu, &exclusive);
}

static void unmark(int cpu)
{
	lockdep_assert_held(&claim_lock);
	cpumask_clear_cpu(cpu, &claimed);
	cpumask_clear_cpu(cpu, &exclusive);
}

static void set_stuck(int cpu)
{
	if (!cpumask_test_and_set_cpu(cpu, &stuck))
		__module_get(THIS_MODULE);
}

static void clear_stuck(int cpu)
{
	if (cpumask_test_and_clear_cpu(cpu, &stuck))
		module_put(THIS_MODULE);
}

/* Marked, it does not come online any more: who was bringing it there just then is waited for. */
static bool is_linuxs(int cpu)
{
	bool online;

	cpus_read_lock();
	online = cpu_online(cpu);
	cpus_read_unlock();
	return online;
}

/* Somebody else may bring it online behind an error; what is kept is sent an INIT some time. */
static bool comes_late(struct enclave *enclave, int cpu)
{
	bool late;

	mark(enclave, cpu);
	late = is_linuxs(cpu);
	if (late)
		unmark(cpu);
	return late;
}

static int keep_stuck(struct enclave *enclave, int cpu, int err)
{
	set_stuck(cpu);
	return enclave_fail(enclave, -EBUSY,
			    "CPU %d stays claimed, because Linux could not bring it online again: %s (error %d), then write to cpus again",
			    cpu, hotplug_error_add(err), err);
}

/*
 * Linux does not want it online: SMT is off. Until it does, the CPU waits for the start-up IPI
 * that Linux sends then, and executes nothing, of ours neither, once it has taken the INIT.
 */
static void let_wait(struct enclave *enclave, int cpu)
{
	u32 index = enclave_cpus_slot_of(&enclave->cpus, cpu);

	if (hv_boot_wait(&enclave->space, index, cpu, enclave_cpus_apicid(cpu)))
		WRITE_ONCE(per_cpu(left_in, cpu), enclave->space.config);
	dev_info(&enclave->dev,
		 "CPU %d was given back, and Linux leaves it offline: SMT is switched off\n", cpu);
}

/* Nobody brings it online before the INIT is there: SMT may be switched on at any time. */
static void leave_offline(struct enclave *enclave, int cpu)
{
	cpus_read_lock();
	if (!cpu_online(cpu))
		let_wait(enclave, cpu);
	cpus_read_unlock();
}

static void forget(struct enclave *enclave, int cpu)
{
	enclave->cpus.cpu[enclave_cpus_slot_of(&enclave->cpus, cpu)] = ENCLAVE_CPU_NONE;
	enclave->cpus.nr--;
}

/* add_cpu() returns 1 when somebody else brought the CPU online in the meantime. */
static int give_back(struct enclave *enclave, int cpu)
{
	int err = add_cpu(cpu);

	if (err == -EPERM)
		leave_offline(enclave, cpu);
	else if (err < 0 && !comes_late(enclave, cpu))
		return keep_stuck(enclave, cpu, err);
	clear_stuck(cpu);
	cpumask_clear_cpu(cpu, &unprepared);
	forget(enclave, cpu);
	return 0;
}

/*
 * CPUs go back in reverse order. All marks are cleared first, so that siblings come back together.
 */
static int release_mask(struct enclave *enclave, const struct cpumask *gone)
{
	int cpu, err = 0;

	for_each_cpu(cpu, gone)
		unmark(cpu);
	for (cpu = nr_cpu_ids - 1; cpu >= 0; cpu--)
		if (cpumask_test_cpu(cpu, gone))
			err = give_back(enclave, cpu) ?: err;
	return err;
}

static int claim_cpu(struct enclave *enclave, int cpu)
{
	u32 index = enclave_cpus_slot_of(&enclave->cpus, ENCLAVE_CPU_NONE);
	int err;

	err = hv_space_add_cpu(&enclave->space, index);
	if (err)
		return enclave_refuse(enclave, err, "no memory for CPU %d", cpu);
	mark(enclave, cpu);
	err = remove_cpu(cpu);
	if (err) {
		unmark(cpu);
		return enclave_refuse(enclave, err < 0 ? err : -EBUSY,
				      "Linux could not take CPU %d offline: %s (error %d)",
				      cpu, hotplug_error_remove(err), err);
	}
	enclave->cpus.cpu[index] = cpu;
	enclave->cpus.nr++;
	return 0;
}

/* @change->claimed: those that were, also after an error. */
static int claim_mask(struct enclave *enclave, struct cpus_change *change)
{
	int cpu, err;

	for_each_cpu(cpu, &change->added) {
		err = claim_cpu(enclave, cpu);
		if (err)
			return err;
		cpumask_set_cpu(cpu, &change->claimed);
	}
	return 0;
}

/*
 * A sibling that was on its way to Linux when the CPUs were marked is there now: to take one
 * has waited for CPU hotplug. Since then hotplug_prepare() refuses.
 */
static int claim_added(struct enclave *enclave, const struct cpumask *wanted,
		       struct cpus_change *change)
{
	int err = claim_mask(enclave, change) ?: check_all_siblings(enclave, wanted);

	if (err)
		release_mask(enclave, &change->claimed);
	return err;
}

/* Routes to CPUs that leave are cut off before Linux gets these back. */
static int change_make(struct enclave *enclave, const struct cpumask *wanted,
		       struct cpus_change *change)
{
	int err;

	routes_close(enclave);
	err = claim_added(enclave, wanted, change);
	if (!err) {
		routes_cut_off(enclave, &change->gone);
		err = release_mask(enclave, &change->gone);
	}
	routes_open(enclave);
	return err;
}

static int change_apply(struct enclave *enclave, const struct cpumask *wanted,
			struct cpus_change *change)
{
	int err;

	enclave_cpus_mask(&enclave->cpus, &change->before);
	cpumask_andnot(&change->added, wanted, &change->before);
	cpumask_andnot(&change->gone, &change->before, wanted);
	mutex_lock(&claim_lock);
	err = check_claim(enclave, wanted, &change->added);
	if (!err)
		err = change_make(enclave, wanted, change);
	mutex_unlock(&claim_lock);
	return err;
}

/**
 * enclave_cpus_set() - make these the enclave's CPUs
 * @enclave: locked, does not run
 * @wanted:  all CPUs that it shall have
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -EBUSY, -ENOMEM or what CPU hotplug says, explained in
 * the log. On error the CPUs are as before, except that a CPU which Linux
 * could not bring online again stays with the enclave while others have left.
 */
int enclave_cpus_set(struct enclave *enclave, const struct cpumask *wanted)
{
	struct cpus_change *change;
	int err;

	enclave_assert_idle(enclave);
	might_sleep();
	change = kzalloc(sizeof(*change), GFP_KERNEL);
	if (!change)
		return -ENOMEM;
	err = change_apply(enclave, wanted, change);
	kfree(change);
	return err;
}

/**
 * enclave_cpus_release() - give all CPUs back to Linux
 * @enclave: locked, does not run
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when a CPU did not come online: it stays claimed; -ENOMEM.
 */
int enclave_cpus_release(struct enclave *enclave)
{
	enclave_assert_idle(enclave);
	might_sleep();
	return enclave_cpus_set(enclave, cpu_none_mask);
}

/* --- after a sleep --- */

/**
 * enclave_cpus_slept() - the machine has slept, and with it all claimed CPUs
 *
 * Context: may sleep.
 */
void enclave_cpus_slept(void)
{
	might_sleep();
	mutex_lock(&claim_lock);
	cpumask_copy(&unprepared, &claimed);
	mutex_unlock(&claim_lock);
}

static int pass_in(struct enclave *enclave, int cpu)
{
	int err = add_cpu(cpu);

	if (err < 0)
		return enclave_refuse(enclave, -EBUSY,
				      "Linux could not set CPU %d up again after the machine slept: %s (error %d), then start again",
				      cpu, hotplug_error_add(err), err);
	cpumask_clear_cpu(cpu, &unprepared);
	return 0;
}

/* Linux keeps one that it does not let go. */
static int pass_out(struct enclave *enclave, int cpu)
{
	int err = is_linuxs(cpu) ? remove_cpu(cpu) : 0;

	if (!err)
		return 0;
	unmark(cpu);
	routes_cut_off(enclave, cpumask_of(cpu));
	forget(enclave, cpu);
	return enclave_refuse(enclave, -EBUSY,
			      "CPU %d is Linux's now: it was set up again after the machine slept, and Linux could not take it offline: %s (error %d), then write to cpus again",
			      cpu, hotplug_error_remove(err), err);
}

/*
 * Marks of all CPUs are cleared first, and are set again before the first one goes offline, so that
 * siblings pass together.
 */
static int pass_through(struct enclave *enclave, const struct cpumask *passing)
{
	int cpu, err = 0;

	routes_close(enclave);
	for_each_cpu(cpu, passing)
		unmark(cpu);
	for_each_cpu(cpu, passing)
		err = pass_in(enclave, cpu) ?: err;
	for_each_cpu(cpu, passing)
		mark(enclave, cpu);
	for_each_cpu(cpu, passing)
		err = pass_out(enclave, cpu) ?: err;
	routes_open(enclave);
	return err;
}

/* The CPUs that it has by now share no core with Linux or with others. */
static int check_own_siblings(struct enclave *enclave, struct cpumask *own)
{
	enclave_cpus_mask(&enclave->cpus, own);
	return check_all_siblings(enclave, own);
}

/**
 * enclave_cpus_prepare() - have Linux set up those CPUs that have slept since it did
 * @enclave: locked, does not run
 *
 * Microcode, memory types, and what firmware or an erratum wants in MSRs are lost in a sleep, and
 * are Linux's to set. Each such CPU goes online once, and offline again. Threads of its cores that
 * Linux has, because it kept or took them then or could not take one back before, are noticed here.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when one did not come, or does not go: it is Linux's then, or when Linux has
 * a thread of a core; -ENOMEM.
 */
int enclave_cpus_prepare(struct enclave *enclave)
{
	struct cpumask *passing = kzalloc(sizeof(*passing), GFP_KERNEL);
	int err;

	enclave_assert_idle(enclave);
	might_sleep();
	if (!passing)
		return -ENOMEM;
	enclave_cpus_mask(&enclave->cpus, passing);
	mutex_lock(&claim_lock);
	cpumask_and(passing, passing, &unprepared);
	err = pass_through(enclave, passing) ?: check_own_siblings(enclave, passing);
	mutex_unlock(&claim_lock);
	kfree(passing);
	return err;
}
