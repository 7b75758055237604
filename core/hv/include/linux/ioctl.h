/* SPDX-License-Identifier: GPL-2.0-only */
/* Nothing in the hypervisor uses the number of an ioctl, so nothing has to make one. */
#ifndef COVIRT_CORE_HV_INCLUDE_LINUX_IOCTL_H
#define COVIRT_CORE_HV_INCLUDE_LINUX_IOCTL_H
#endif /* COVIRT_CORE_HV_INCLUDE_LINUX_IOCTL_H */
