/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between the kernels that the module builds for. They are here and nowhere else. */
#ifndef COVIRT_CONTROLLER_HOST_COMPAT_H
#define COVIRT_CONTROLLER_HOST_COMPAT_H

#include <linux/device/class.h>
#include <linux/eventfd.h>
#include <linux/gfp.h>
#include <linux/irq.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include <linux/version.h>

/* First arguments of a class attribute's functions. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
typedef const struct class compat_class;
typedef const struct class_attribute compat_class_attribute;
#else
typedef struct class compat_class;
typedef struct class_attribute compat_class_attribute;
#endif

/* The attributes that a group lists, and their functions are given. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
typedef const struct bin_attribute compat_bin_attribute;
typedef const struct bin_attribute *const compat_bin_attribute_list;
#else
typedef struct bin_attribute compat_bin_attribute;
typedef struct bin_attribute *compat_bin_attribute_list;
#endif

/* First argument of class::devnode. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
typedef const struct device compat_devnode_device;
#else
typedef struct device compat_devnode_device;
#endif

static inline int compat_alloc_contig_range(unsigned long start, unsigned long end)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
	return alloc_contig_range(start, end, ACR_FLAGS_NONE, gfp);
#else
	return alloc_contig_range(start, end, MIGRATE_MOVABLE, gfp);
#endif
}

/* The interrupt may be moved at any time, not only while one is being handled. */
static inline void compat_irq_move_any_time(unsigned int irq)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	irq_set_status_flags(irq, IRQ_MOVE_PCNTXT);
#endif
}

static inline void compat_eventfd_signal(struct eventfd_ctx *event)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(event);
#else
	eventfd_signal(event, 1);
#endif
}

/* Whether it is current who has locked the mutex. Kernels tell that to lockdep only. */
static inline bool compat_mutex_is_mine(struct mutex *mutex)
{
#ifdef CONFIG_PREEMPT_RT
	return ((unsigned long)READ_ONCE(mutex->rtmutex.owner) & ~1UL) == (unsigned long)current;
#else
	return (atomic_long_read(&mutex->owner) & ~7UL) == (unsigned long)current;
#endif
}

#endif /* COVIRT_CONTROLLER_HOST_COMPAT_H */
