// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instruction bytes from the guest's memory: of writes to control registers on
 * processors without decode assists, of LMSW on all. For this only does the
 * hypervisor map any of the enclave's memory: the controller links the nested
 * tables, read-only and no-execute, into the hypervisor's own (see
 * core/hv/space.h), so that an address the partition does not hold faults here too.
 */
#include "core/guest_walk.h"
#include "core/hv/safe.h"
#include "svm.h"

#define WINDOW_END	((u64)HV_GUEST_SLOTS << 39)

static int window_read(void *ctx __maybe_unused, gpa_t gpa, void *buf, size_t len)
{
	if (gpa >= WINDOW_END || len > WINDOW_END - gpa)
		return -EFAULT;
	return copy_safe(buf, (const void *)(HV_GUEST + gpa), len) ? -EFAULT : 0;
}

/**
 * svm_fetch() - read instruction bytes at the guest's RIP
 * @cpu: this CPU
 * @buf: where to
 * @len: how many bytes
 *
 * Return: how many were read.
 */
u32 svm_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len)
{
	const struct vmcb_save *save = &svm_vmcb(cpu)->save;
	const struct guest_paging paging = {
		.cr0 = save->cr0, .cr3 = save->cr3, .cr4 = save->cr4, .efer = save->efer,
	};
	const struct guest_mem mem = { .read = window_read };

	return guest_read_va(&paging, save->cs.base + save->rip, buf, len, &mem);
}
