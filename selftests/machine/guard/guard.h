/* SPDX-License-Identifier: GPL-2.0-only */
/* Test-only: what a shell script cannot see or do by itself. */
#ifndef COVIRT_GUARD_H
#define COVIRT_GUARD_H

#include <linux/kobject.h>
#include <linux/sysfs.h>

extern struct kobj_attribute guard_address, guard_checksum;
extern struct kobj_attribute guard_offline_pages, guard_used_pages, guard_paint, guard_search;
extern struct kobj_attribute guard_taint;
extern struct kobj_attribute guard_nmi, guard_init_ipi, guard_broadcast, guard_spin, guard_cmos;
extern struct kobj_attribute guard_fail, guard_msr, guard_break, guard_debug_registers;
extern struct kobj_attribute guard_fragment, guard_lock;

int region_create(void);
void region_destroy(void);
void fail_exit(void);
void fragment_exit(void);

#endif /* COVIRT_GUARD_H */
