// SPDX-License-Identifier: GPL-2.0-only
#include <linux/lockdep.h>
#include <linux/string.h>

#include "controller/enclave/names.h"

static const struct {
	const char *name;
	bool orderly;
} reasons[] = {
#define REASON_ROW(id, name, orderly)	{ name, orderly },
	COVIRT_FAULT_REASONS(REASON_ROW)
#undef REASON_ROW
};

static const char *const exits[] = {
#define EXIT_ROW(id, name)	#name,
	COVIRT_EXIT_REASONS(EXIT_ROW)
#undef EXIT_ROW
};

static const char *const on_fault_names[] = {
	[ENCLAVE_FAULT_STOP] = "stop",
	[ENCLAVE_FAULT_RESTART] = "restart",
	[ENCLAVE_FAULT_KILL] = "kill",
};

/**
 * fault_name() - a reason as users see it
 * @reason: enum covirt_fault_reason, or anything
 *
 * Return: its name.
 */
const char *fault_name(u32 reason)
{
	return reason < ARRAY_SIZE(reasons) ? reasons[reason].name : "invalid";
}

/**
 * fault_is_orderly() - did the co-kernel, or the user, want it to end?
 * @reason: enum covirt_fault_reason, or anything
 *
 * Return: false for whatever was contained.
 */
bool fault_is_orderly(u32 reason)
{
	return reason < ARRAY_SIZE(reasons) && reasons[reason].orderly;
}

/**
 * fault_exit_name() - an exit as users see it
 * @exit: enum covirt_exit_reason, or anything
 *
 * Return: its name.
 */
const char *fault_exit_name(u32 exit)
{
	return exit < ARRAY_SIZE(exits) ? exits[exit] : "invalid";
}

/**
 * enclave_on_fault_name() - the policy as users see it
 * @enclave: locked
 *
 * Return: stop, restart or kill.
 */
const char *enclave_on_fault_name(const struct enclave *enclave)
{
	lockdep_assert_held(&enclave->lock);
	return on_fault_names[enclave->on_fault];
}

/**
 * enclave_on_fault_find() - the policy of a name
 * @name: of a policy; a newline behind it does not count
 *
 * Return: enum enclave_on_fault, or -EINVAL.
 */
int enclave_on_fault_find(const char *name)
{
	return sysfs_match_string(on_fault_names, name);
}
