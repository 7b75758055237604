/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors of CPU hotplug, in words. */
#ifndef COVIRT_CONTROLLER_HOST_HOTPLUG_ERROR_H
#define COVIRT_CONTROLLER_HOST_HOTPLUG_ERROR_H

const char *hotplug_error_remove(int err);
const char *hotplug_error_add(int err);

#endif /* COVIRT_CONTROLLER_HOST_HOTPLUG_ERROR_H */
