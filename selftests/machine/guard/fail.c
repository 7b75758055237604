// SPDX-License-Identifier: GPL-2.0-only
/*
 * fail: written with N, lets the N-th call from covirt of one of the functions below
 * fail, of those that follow; written with the beginning of names, all calls of these, with
 * "NAME VALUE" so that they return this value, with "add_cpu VALUE late" so that somebody else
 * brings the CPU online right behind the error; 0 lets none fail any more. Read: "CALLS NAME", how
 * many there have been since, and the function that failed, or "none".
 *
 * Debian's kernels have no fault injection of their own. A probe at the function's
 * entry returns in its place; the module under test is the one that users load.
 */
#include <linux/cpu.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include <asm/pgtable.h>

#include "guard.h"

/*
 * Results of calls that fail. Kernels differ in names; those that are not there stay
 * out. @silent: the caller does not hear of it, so that it is left out when calls are counted.
 */
static const struct {
	const char *symbol;
	long value;
	bool silent;
} functions[] = {
	{ "kmalloc_trace", 0 }, { "__kmalloc_cache_noprof", 0 },
	{ "kstrdup", 0 }, { "kstrdup_noprof", 0 }, { "kstrndup", 0 },
	{ "alloc_pages_exact", 0 }, { "alloc_pages_exact_noprof", 0 },
	{ "alloc_contig_range", -ENOMEM }, { "alloc_contig_range_noprof", -ENOMEM },
	{ "cdev_device_add", -ENOMEM },
	{ "firmware_request_nowarn", -ENOMEM },
	{ "kvmalloc_node", 0 }, { "__kvmalloc_node_noprof", 0 },
	{ "get_unused_fd_flags", -EMFILE }, { "anon_inode_getfile", -ENOMEM },
	{ "remove_cpu", -EBUSY }, { "add_cpu", -EIO },
	{ "hv_boot_cpu", -ETIMEDOUT }, { "hv_boot_halt", 0, true }, { "ipi_doorbell", 0, true },
};

static struct kprobe probes[ARRAY_SIZE(functions)];
static bool registered[ARRAY_SIZE(functions)];
static unsigned long fail_at, calls;
static const char *failed;
static char fail_name[KSYM_NAME_LEN];	/* empty: by number */
static bool has_value, is_late;
static long fail_value;

/* In place of the function's body; leaves the value that is returned alone. */
static noinline notrace void nothing(void)
{
	asm volatile("");
}

/* In place of add_cpu(). */
static noinline int add_late(unsigned int cpu)
{
	add_cpu(cpu);
	return fail_value;
}

static bool called_by_covirt(const struct pt_regs *regs)
{
	unsigned long caller = *(unsigned long *)regs->sp;
	char name[KSYM_SYMBOL_LEN];

	if (caller < MODULES_VADDR || caller >= MODULES_END)
		return false;
	sprint_symbol(name, caller);
	return strstr(name, "[covirt]");
}

static bool shall_fail(u32 function)
{
	if (fail_name[0])
		return strstarts(functions[function].symbol, fail_name) && ++calls;
	return !functions[function].silent && ++calls == fail_at;
}

static int before(struct kprobe *probe, struct pt_regs *regs)
{
	u32 function = probe - probes;

	if (!called_by_covirt(regs) || !shall_fail(function))
		return 0;
	failed = probe->symbol_name;
	regs->ax = has_value ? fail_value : functions[function].value;
	regs->ip = is_late ? (unsigned long)add_late : (unsigned long)nothing;
	return 1;
}

/* A probe that has this may change where execution goes on. */
static void after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static void disarm(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (registered[i])
			unregister_kprobe(&probes[i]);
	memset(registered, 0, sizeof(registered));
}

static void arm(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		probes[i] = (struct kprobe) {
			.symbol_name = functions[i].symbol,
			.pre_handler = before,
			.post_handler = after,
		};
		registered[i] = !register_kprobe(&probes[i]);
	}
}

/* "NAME", "NAME VALUE" or "add_cpu VALUE late" */
static void name_set(const char *buf)
{
	char late[8];
	int words = sscanf(buf, "%63s %ld %4s", fail_name, &fail_value, late);

	has_value = words >= 2;
	is_late = words == 3;
}

static ssize_t fail_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	unsigned long value = 0;
	bool by_name = kstrtoul(buf, 0, &value);

	disarm();
	if (!by_name && !value)
		return len;
	fail_name[0] = '\0';
	has_value = false;
	is_late = false;
	if (by_name)
		name_set(buf);
	fail_at = value;
	calls = 0;
	failed = NULL;
	arm();
	return len;
}

static ssize_t fail_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu %s\n", calls, failed ?: "none");
}

struct kobj_attribute guard_fail = __ATTR_RW(fail);

void fail_exit(void)
{
	disarm();
}
