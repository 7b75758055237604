// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the backend, once. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>

#include "controller/host/backend.h"
#include "core/apic.h"
#include "core/arch.h"

#define CPUID_1_ECX_X2APIC	BIT(21)

static const struct covirt_backend *chosen;
static u64 features;

/*
 * Without x2APIC the local APIC's registers are in memory, where firmware can move them. A
 * guest's writes of them are decoded.
 */
static int apic_detect(u64 *found, const char **reason)
{
	u64 base = arch_rdmsr(ARCH_MSR_APIC_BASE);

	if (base & ARCH_APIC_BASE_EXTD)
		*found |= COVIRT_FEATURE_LINUX_X2APIC;
	if (arch_cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC)
		return 0;
	if ((base & ARCH_APIC_BASE_ADDR) != APIC_PAGE) {
		*reason = "firmware has moved the local APIC from 0xfee00000: not supported";
		return -ENODEV;
	}
	*found |= COVIRT_FEATURE_XAPIC | COVIRT_FEATURE_DIRECT_MAP;
	return 0;
}

static int backend_try(const struct covirt_backend *candidate, const char **reason)
{
	int err;

	err = candidate->detect(&features, reason);
	if (!err)
		err = apic_detect(&features, reason);
	if (!err)
		chosen = candidate;
	return err;
}

static int choose_named(const char *wanted)
{
	const char *reason = NULL;
	int err;
	u32 i;

	for (i = 0; i < covirt_nr_backends; i++) {
		if (strcmp(wanted, covirt_backends[i]->name))
			continue;
		err = backend_try(covirt_backends[i], &reason);
		if (err)
			pr_err("backend %s: %s; or use backend=auto\n", wanted, reason);
		return err;
	}
	pr_err("there is no backend '%s': use backend=auto, svm or vmx\n", wanted);
	return -EINVAL;
}

/*
 * The reason why a backend cannot be used is logged only when none can: one is always another
 * vendor's.
 */
static int choose_first(void)
{
	const char *reason = NULL;
	u32 i;

	for (i = 0; i < covirt_nr_backends; i++)
		if (!backend_try(covirt_backends[i], &reason))
			return 0;
	for (i = 0; i < covirt_nr_backends; i++) {
		backend_try(covirt_backends[i], &reason);
		pr_err("backend %s: %s\n", covirt_backends[i]->name, reason);
	}
	pr_err("neither AMD SVM nor Intel VMX can be used here: see the lines above\n");
	return -ENODEV;
}

/**
 * backend_choose() - find out what the processor can do
 * @wanted: name of a backend, or "auto" for the first that works
 *
 * Return: 0; -EINVAL when there is no such backend; -ENODEV when the processor
 * or firmware does not permit it. The log says which and why.
 */
int backend_choose(const char *wanted)
{
	return strcmp(wanted, "auto") ? choose_named(wanted) : choose_first();
}

/**
 * backend() - the backend in use
 *
 * Return: never NULL after backend_choose() succeeded.
 */
const struct covirt_backend *backend(void)
{
	return chosen;
}

/**
 * backend_features() - optional hardware features found
 *
 * Return: mask of enum covirt_feature.
 */
u64 backend_features(void)
{
	return features;
}
