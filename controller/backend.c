// SPDX-License-Identifier: GPL-2.0-only
/* Choosing the backend, once. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>

#include "controller/backend.h"

static const struct covirt_backend *chosen;
static u64 features;

static int backend_try(const struct covirt_backend *candidate)
{
	const char *reason = NULL;
	int err = candidate->detect(&features, &reason);

	if (err)
		pr_err("backend %s: %s\n", candidate->name, reason);
	else
		chosen = candidate;
	return err;
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
	bool automatic = !strcmp(wanted, "auto");
	int err = -EINVAL;
	u32 i;

	for (i = 0; i < covirt_nr_backends && err; i++)
		if (automatic || !strcmp(wanted, covirt_backends[i]->name))
			err = backend_try(covirt_backends[i]);
	if (err == -ENODEV && automatic)
		pr_err("neither AMD SVM nor Intel VMX can be used here: see the lines above\n");
	if (err == -EINVAL)
		pr_err("there is no backend '%s': use backend=auto, svm or vmx\n", wanted);
	return err;
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
