/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that may fault on a value the guest chose, with a fixup. Hypervisor world only. */
#ifndef COVIRT_CORE_HV_SAFE_H
#define COVIRT_CORE_HV_SAFE_H

#include "core/types.h"

/* An instruction that may fault, and where to go on then; see hv.lds.S. */
struct hv_fixup {
	u64 from;
	u64 to;
};

extern const struct hv_fixup hv_fixups[];
extern const struct hv_fixup hv_fixups_end[];

/* Code that an NMI ends, see trap_handle(): whatever it interrupts there continues at @to. */
struct hv_nmi_range {
	u64 from;
	u64 end;
	u64 to;
};

extern const struct hv_nmi_range hv_nmi_ranges[];
extern const struct hv_nmi_range hv_nmi_ranges_end[];

int arch_wrmsr_safe(u32 msr, u64 value);
int arch_rdmsr_safe(u32 msr, u64 *value);
int xsetbv_safe(u32 index, u64 value);
int copy_safe(void *to, const void *from, size_t len);

#endif /* COVIRT_CORE_HV_SAFE_H */
