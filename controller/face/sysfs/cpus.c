// SPDX-License-Identifier: GPL-2.0-only
/* The CPUs of an enclave. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "controller/border/routes.h"
#include "controller/enclave/cpus.h"
#include "controller/enclave/refuse.h"
#include "controller/enclave/state.h"
#include "controller/face/sysfs/groups.h"
#include "controller/face/sysfs/setting.h"
#include "controller/life/handover.h"

static void cpus_fill(const struct enclave *enclave, struct cpumask *mask)
{
	enclave_cpus_mask(&enclave->cpus, mask);
}

static ssize_t cpus_get(struct enclave *enclave, char *buf)
{
	return setting_print_cpus(enclave, cpus_fill, buf);
}

static int cpus_set(struct enclave *enclave, char *value)
{
	struct cpumask *mask = kzalloc(sizeof(*mask), GFP_KERNEL);
	int err;

	if (!mask)
		return -ENOMEM;
	err = cpulist_parse(value, mask);
	if (err)
		err = enclave_refuse(enclave, -EINVAL,
				     "cpus takes a list of CPU numbers like 2-3,5 (below %u)",
				     nr_cpu_ids);
	else
		err = enclave_cpus_set(enclave, mask);
	kfree(mask);
	if (!err)
		enclave_forget_run(enclave);
	return err;
}

static SETTING(cpus, 0644);

static ssize_t cpus_max_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%u\n", enclave->cpus_max);
}

static int cpus_max_set(struct enclave *enclave, char *value)
{
	u32 number;

	if (kstrtou32(value, 10, &number) || number > COVIRT_MAX_CPUS)
		return enclave_refuse(enclave, -EINVAL,
				      "cpus_max takes a number of CPUs up to %d, or 0 for those in cpus",
				      COVIRT_MAX_CPUS);
	enclave->cpus_max = number;
	return 0;
}

static SETTING(cpus_max, 0644);

static ssize_t allow_smt_sharing_get(struct enclave *enclave, char *buf)
{
	return sysfs_emit(buf, "%d\n", enclave->allow_smt_sharing);
}

/* The flag is read when CPUs are claimed, and must stay true of those that are. */
static int allow_smt_sharing_set(struct enclave *enclave, char *value)
{
	if (enclave->cpus.nr)
		return enclave_refuse(enclave, -EBUSY,
				      "allow_smt_sharing cannot change while the enclave has CPUs: write an empty line to cpus first");
	return setting_set_flag(enclave, &enclave->allow_smt_sharing, value);
}

static SETTING(allow_smt_sharing, 0644);

static const char *const apic_ids_names[] = {
	[ENCLAVE_APIC_IDS_OWN] = "own",
	[ENCLAVE_APIC_IDS_HOST] = "host",
};

/* As it is, also where it cannot be what was asked for. */
static ssize_t apic_ids_get(struct enclave *enclave, char *buf)
{
	bool own = enclave_has_own_ids(enclave);

	return sysfs_emit(buf, "%s\n",
			  apic_ids_names[own ? ENCLAVE_APIC_IDS_OWN : ENCLAVE_APIC_IDS_HOST]);
}

/* Routes were granted with a destination that the co-kernel writes. */
static int apic_ids_set(struct enclave *enclave, char *value)
{
	int ids = sysfs_match_string(apic_ids_names, value);

	if (ids < 0)
		return enclave_refuse(enclave, -EINVAL, "apic_ids takes own or host");
	if (ids != enclave->apic_ids && routes_count(enclave))
		return enclave_refuse(enclave, -EBUSY,
				      "apic_ids cannot change while the enclave has routes, whose destinations depend on it: revoke them first");
	enclave->apic_ids = ids;
	return 0;
}

static SETTING(apic_ids, 0644);

static struct attribute *cpus_attrs[] = {
	&cpus_setting.attr.attr,
	&cpus_max_setting.attr.attr,
	&apic_ids_setting.attr.attr,
	&allow_smt_sharing_setting.attr.attr,
	NULL
};

const struct attribute_group enclave_cpus_group = { .attrs = cpus_attrs };
