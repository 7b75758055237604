// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions of the hypervisor itself.
 *
 * Two are expected: the NMI that made the CPU leave guest mode, and a fault at
 * an instruction with a fixup. Anything else is a bug of ours: the CPU says so
 * and halts, so that the fault stays on this CPU.
 */
#include "core/cpu.h"
#include "hv.h"
#include "safe.h"

#define STUB_STRIDE	16
#define GATE_INTERRUPT	0x8e00	/* present, DPL 0, 64-bit interrupt gate, no IST */

/**
 * idt_load() - build a CPU's interrupt descriptor table and use it
 * @idt: HV_NR_VECTORS gates
 *
 * No gate switches stacks: the CPU's task register belongs to the guest while
 * the hypervisor runs, and the hypervisor never leaves ring 0.
 */
void idt_load(struct hv_gate *idt)
{
	struct { u16 limit; u64 base; } __packed pointer = {
		.limit = HV_NR_VECTORS * sizeof(*idt) - 1,
		.base = (u64)idt,
	};
	u32 vector;

	for (vector = 0; vector < HV_NR_VECTORS; vector++) {
		u64 stub = (u64)hv_trap_stubs + vector * STUB_STRIDE;

		idt[vector] = (struct hv_gate) {
			.offset_low = stub,
			.selector = HV_CS,
			.type = GATE_INTERRUPT,
			.offset_mid = stub >> 16,
			.offset_high = stub >> 32,
		};
	}
	asm volatile("lidt %0" :: "m"(pointer));
}

static u64 fixup_find(u64 rip)
{
	const struct hv_fixup *f;

	for (f = hv_fixups; f < hv_fixups_end; f++)
		if (f->from == rip)
			return f->to;
	return 0;
}

/*
 * Where NMIs are not held while the hypervisor runs, one may come after it has
 * read the commands: it is remembered, and an entry under way is given up.
 */
static void nmi_handle(struct hv_trap_frame *frame)
{
	const struct hv_nmi_range *r;

	WRITE_ONCE(cpu_here()->nmi, true);
	for (r = hv_nmi_ranges; r < hv_nmi_ranges_end; r++)
		if (frame->rip >= r->from && frame->rip < r->end)
			frame->rip = r->to;
}

/**
 * trap_handle() - an exception in the hypervisor
 * @frame: saved state
 */
void trap_handle(struct hv_trap_frame *frame)
{
	u64 fixup;

	if (frame->vector == ARCH_VECTOR_NMI) {
		nmi_handle(frame);
		return;
	}
	fixup = fixup_find(frame->rip);
	if (!fixup)
		hv_panic(frame->vector, frame->rip);
	frame->rip = fixup;
}
