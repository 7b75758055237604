/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fake of the code around the table builder, for the model of tlb_model.h: it
 * enters, leaves and flushes as the backends do, and on demand leaves out a
 * flush or makes one that is not enough. The backends themselves are run by
 * tlb_svm_test.c and tlb_vmx_test.c.
 */
#ifndef COVIRT_KUNIT_TLB_DRIVER_H
#define COVIRT_KUNIT_TLB_DRIVER_H

#include "selftests/kunit/tlb_world.h"

#define DRIVER_ID	1	/* ASID or VPID: the same for every enclave, as in the backends */

/* How a CPU flushes. Only the first kind is what is owed. */
enum driver_flush {
	FLUSH_PROPER,
	FLUSH_NONE,
	FLUSH_BY_GUEST,		/* INVLPG, MOV to CR3 and CR4 in the guest */
	FLUSH_COMBINED,		/* INVVPID of all VPIDs; TLB_CONTROL 7 */
	FLUSH_FOREIGN,		/* of another EP4TA or ASID */
};

static inline void driver_enter_flushing(struct world *world, u32 n, u8 tlb_control)
{
	struct tlb_cpu *cpu = world->cpu[n];

	if (world_is_intel(world))
		tlb_vmentry(cpu, DRIVER_ID, pt_root(&world->pt));
	else
		tlb_vmrun(cpu, DRIVER_ID, pt_root(&world->pt), tlb_control);
	world_check(world);
}

static inline void driver_enter(struct world *world, u32 n)
{
	driver_enter_flushing(world, n, 0);
}

static inline void driver_exit(struct world *world, u32 n)
{
	if (world_is_intel(world))
		tlb_vmx_exit(world->cpu[n]);
	else
		tlb_vmexit(world->cpu[n], 0);
}

static inline void driver_guest_flush(struct tlb_cpu *cpu)
{
	u32 i;

	for (i = 0; i < cpu->nr_guest; i++)
		tlb_guest_invlpg(cpu, cpu->guest[i].gva);
	tlb_guest_mov_cr3(cpu);
	tlb_guest_toggle_pge(cpu);
}

static inline void driver_flush_intel(struct world *world, struct tlb_cpu *cpu,
				      enum driver_flush how)
{
	if (how == FLUSH_PROPER)
		tlb_invept(cpu, 2, 0);
	if (how == FLUSH_FOREIGN)
		tlb_invept(cpu, 1, pt_root(&world->pt) + PAGE);
	if (how == FLUSH_PROPER || how == FLUSH_COMBINED)
		tlb_invvpid(cpu, 2, 0, 0);
}

/* AMD flushes by entering; TLB_CONTROL 3 for another ASID takes an entry with that one. */
static inline u8 driver_flush_amd(struct tlb_cpu *cpu, enum driver_flush how)
{
	if (how == FLUSH_FOREIGN) {
		tlb_vmrun(cpu, DRIVER_ID + 1, 0, 3);
		tlb_vmexit(cpu, 0);
	}
	return how == FLUSH_PROPER ? 3 : how == FLUSH_COMBINED ? 7 : 0;
}

/*
 * Out of the guest for good. AMD's last entry flushes; so that nothing is
 * fetched again it has no tables: address 0 holds none here.
 */
static inline void driver_leave(struct world *world, u32 n, enum driver_flush how)
{
	struct tlb_cpu *cpu = world->cpu[n];

	driver_exit(world, n);
	if (world_is_intel(world)) {
		driver_flush_intel(world, cpu, how);
	} else if (how == FLUSH_PROPER) {
		tlb_vmrun(cpu, DRIVER_ID, 0, 1);
		tlb_vmexit(cpu, 0);
	}
	world_judge_left(world, cpu);
}

/* The doorbell: out of the guest, flush, in again. */
static inline void driver_flush(struct world *world, u32 n, enum driver_flush how)
{
	struct tlb_cpu *cpu = world->cpu[n];
	u8 tlb_control = 0;

	if (how == FLUSH_BY_GUEST)
		driver_guest_flush(cpu);
	driver_exit(world, n);
	if (world_is_intel(world))
		driver_flush_intel(world, cpu, how);
	else
		tlb_control = driver_flush_amd(cpu, how);
	driver_enter_flushing(world, n, tlb_control);
}

#endif /* COVIRT_KUNIT_TLB_DRIVER_H */
