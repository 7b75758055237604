// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the backend, once. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>

#include "controller/backend.h"

static const struct covirt_backend *chosen;
static u64 features;

static int backend_try(const struct covirt_backend *candidate, const char **reason)
{
	int err = candidate->detect(&features, reason);

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

/* That another vendor's backend cannot be used is worth a line only when none can. */
static int choose_first(void)
{
	const char *reason = NULL;
	u32 i;

	for (i = 0; i < covirt_nr_backends; i++)
		if (!backend_try(covirt_backends[i], &reason))
			return 0;
	for (i = 0; i < covirt_nr_backends; i++) {
		covirt_backends[i]->detect(&features, &reason);
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
