// SPDX-License-Identifier: GPL-2.0-only
/*
 * fail: written with N, lets the N-th call from covirt of one of the functions below
 * fail, of those that follow; 0 lets none fail any more. Read: "CALLS NAME", how many there
 * have been since, and the function that failed, or "none".
 *
 * Debian's kernels have no fault injection of their own. A probe at the function's
 * entry returns in its place; the module under test is the one that users load.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include <asm/pgtable.h>

#include "guard.h"

/* What a call returns that fails. Kernels differ in names; those that are not there stay out. */
static const struct {
	const char *symbol;
	long value;
} functions[] = {
	{ "kmalloc_trace", 0 }, { "__kmalloc_cache_noprof", 0 },
	{ "kstrdup", 0 }, { "kstrdup_noprof", 0 }, { "kstrndup", 0 },
	{ "alloc_pages_exact", 0 }, { "alloc_pages_exact_noprof", 0 },
	{ "alloc_contig_range", -ENOMEM }, { "alloc_contig_range_noprof", -ENOMEM },
	{ "cdev_device_add", -ENOMEM },
	{ "firmware_request_nowarn", -ENOMEM },
	{ "remove_cpu", -EBUSY }, { "add_cpu", -EIO },
};

static struct kprobe probes[ARRAY_SIZE(functions)];
static bool registered[ARRAY_SIZE(functions)];
static unsigned long fail_at, calls;
static const char *failed;

/* In place of the function's body; leaves the value that is returned alone. */
static noinline notrace void nothing(void)
{
	asm volatile("");
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

static int before(struct kprobe *probe, struct pt_regs *regs)
{
	if (!called_by_covirt(regs) || ++calls != fail_at)
		return 0;
	failed = probe->symbol_name;
	regs->ax = functions[probe - probes].value;
	regs->ip = (unsigned long)nothing;
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

static ssize_t fail_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	unsigned long value;
	int err = kstrtoul(buf, 0, &value);

	if (err)
		return err;
	disarm();
	if (!value)
		return len;
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
