/* SPDX-License-Identifier: GPL-2.0-only */
/* The virtual machine control block, APM vol. 2, appendix B. */
#ifndef COVIRT_SVM_VMCB_H
#define COVIRT_SVM_VMCB_H

#include "core/types.h"

/* Intercepts of CR writes: bit of the second half of the first word. */
#define INTERCEPT_WRITE_CR4	BIT(4)

/* Word 3, offset 0xc. CR0_SELECTIVE: writes that change more than TS and MP. */
#define INTERCEPT_CR0_SELECTIVE	BIT(5)
#define INTERCEPT_INTR		BIT(0)
#define INTERCEPT_NMI		BIT(1)
#define INTERCEPT_INIT		BIT(3)
#define INTERCEPT_VINTR		BIT(4)
#define INTERCEPT_RDPMC		BIT(15)
#define INTERCEPT_CPUID		BIT(18)
#define INTERCEPT_RSM		BIT(19)
#define INTERCEPT_IRET		BIT(20)
#define INTERCEPT_INVD		BIT(22)
#define INTERCEPT_INVLPGA	BIT(26)
#define INTERCEPT_IOIO		BIT(27)
#define INTERCEPT_MSR		BIT(28)
#define INTERCEPT_FERR_FREEZE	BIT(30)
#define INTERCEPT_SHUTDOWN	BIT(31)

/* Word 4, offset 0x10. */
#define INTERCEPT_VMRUN		BIT(0)
#define INTERCEPT_VMMCALL	BIT(1)
#define INTERCEPT_VMLOAD	BIT(2)
#define INTERCEPT_VMSAVE	BIT(3)
#define INTERCEPT_STGI		BIT(4)
#define INTERCEPT_CLGI		BIT(5)
#define INTERCEPT_SKINIT	BIT(6)
#define INTERCEPT_WBINVD	BIT(9)
#define INTERCEPT_XSETBV	BIT(13)

/* Word 5, offset 0x14. */
#define INTERCEPT_INVLPGB	BIT(0)
#define INTERCEPT_INVLPGB_BAD	BIT(1)
#define INTERCEPT_TLBSYNC	BIT(4)

#define VMCB_NP_ENABLE		BIT(0)

/* Virtual interrupts, offset 0x60. */
#define VMCB_V_IRQ		BIT(8)
#define VMCB_V_IGN_TPR		BIT(20)

/* Interrupt state, offset 0x68. */
#define VMCB_INTERRUPT_SHADOW	BIT(0)

enum vmcb_tlb_control {
	VMCB_TLB_KEEP		= 0,
	VMCB_TLB_FLUSH_ALL	= 1,
	VMCB_TLB_FLUSH_ASID	= 3,
};

/* Event injection, APM vol. 2, 15.20. */
#define VMCB_EVENT_INTERRUPT	(0U << 8)
#define VMCB_EVENT_NMI		(2U << 8 | 2)
#define VMCB_EVENT_EXCEPTION	(3U << 8)
#define VMCB_EVENT_VECTOR(event)	((event) & 0xff)
#define VMCB_EVENT_TYPE(event)	((event) & 7U << 8)
#define VMCB_EVENT_ERROR	BIT(11)
#define VMCB_EVENT_VALID	BIT(31)

#define VMCB_ATTRIB_L		BIT(9)	/* 64-bit code */
#define VMCB_ATTRIB_D		BIT(10)	/* otherwise 32-bit code */

struct vmcb_segment {
	u16 selector;
	u16 attrib;
	u32 limit;
	u64 base;
};

/* The control area, offsets 0 to 0x3ff. The block is built from zero. */
struct vmcb_control {
	u16 intercept_cr_read;
	u16 intercept_cr_write;
	u16 intercept_dr_read;
	u16 intercept_dr_write;
	u32 intercept_exception;
	u32 intercept3;
	u32 intercept4;
	u32 intercept5;
	u8 reserved_018[0x040 - 0x018];
	hpa_t iopm_base;
	hpa_t msrpm_base;
	u64 tsc_offset;
	u32 asid;
	u8 tlb_control;
	u8 reserved_05d[3];
	u32 int_ctl;
	u32 int_vector;
	u64 int_state;
	u64 exitcode;
	u64 exitinfo1;
	u64 exitinfo2;
	u64 exitintinfo;
	u64 nested_ctl;
	u8 reserved_098[0x0a8 - 0x098];
	u32 event_inj;
	u32 event_inj_error;
	hpa_t nested_cr3;
	u64 lbr_ctl;
	u32 clean;
	u32 reserved_0c4;
	u64 next_rip;
	u8 reserved_0d0[0x400 - 0x0d0];
};

/* The state save area, offset 0x400. */
struct vmcb_save {
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	u8 reserved_0a0[0x0cb - 0x0a0];
	u8 cpl;
	u8 reserved_0cc[0x0d0 - 0x0cc];
	u64 efer;
	u8 reserved_0d8[0x148 - 0x0d8];
	u64 cr4, cr3, cr0, dr7, dr6, rflags, rip;
	u8 reserved_180[0x1d8 - 0x180];
	u64 rsp;
	u8 reserved_1e0[0x1f8 - 0x1e0];
	u64 rax, star, lstar, cstar, sfmask, kernel_gs_base;
	u64 sysenter_cs, sysenter_esp, sysenter_eip, cr2;
	u8 reserved_248[0x268 - 0x248];
	u64 g_pat;
	u8 reserved_270[0xc00 - 0x270];
};

struct vmcb {
	struct vmcb_control control;
	struct vmcb_save save;
};

static_assert(sizeof(struct vmcb) == COVIRT_PAGE_SIZE);
static_assert(offsetof(struct vmcb, control.iopm_base) == 0x040);
static_assert(offsetof(struct vmcb, control.exitcode) == 0x070);
static_assert(offsetof(struct vmcb, control.event_inj) == 0x0a8);
static_assert(offsetof(struct vmcb, control.next_rip) == 0x0c8);
static_assert(offsetof(struct vmcb, save) == 0x400);
static_assert(offsetof(struct vmcb, save.efer) == 0x4d0);
static_assert(offsetof(struct vmcb, save.cr4) == 0x548);
static_assert(offsetof(struct vmcb, save.rsp) == 0x5d8);
static_assert(offsetof(struct vmcb, save.rax) == 0x5f8);
static_assert(offsetof(struct vmcb, save.g_pat) == 0x668);

/* Exit codes, APM vol. 2, appendix C. */
enum vmexit {
	VMEXIT_WRITE_CR4	= 0x14,
	VMEXIT_EXCEPTION	= 0x40,	/* + vector */
	VMEXIT_EXCEPTION_LAST	= 0x5f,
	VMEXIT_INTR		= 0x60,
	VMEXIT_NMI		= 0x61,
	VMEXIT_INIT		= 0x63,
	VMEXIT_VINTR		= 0x64,
	VMEXIT_CR0_SELECTIVE	= 0x65,
	VMEXIT_RDPMC		= 0x6f,
	VMEXIT_CPUID		= 0x72,
	VMEXIT_RSM		= 0x73,
	VMEXIT_IRET		= 0x74,
	VMEXIT_INVD		= 0x76,
	VMEXIT_INVLPGA		= 0x7a,
	VMEXIT_IOIO		= 0x7b,
	VMEXIT_MSR		= 0x7c,
	VMEXIT_SHUTDOWN		= 0x7f,
	VMEXIT_VMRUN		= 0x80,
	VMEXIT_VMMCALL		= 0x81,
	VMEXIT_VMLOAD		= 0x82,
	VMEXIT_VMSAVE		= 0x83,
	VMEXIT_STGI		= 0x84,
	VMEXIT_CLGI		= 0x85,
	VMEXIT_SKINIT		= 0x86,
	VMEXIT_WBINVD		= 0x89,
	VMEXIT_XSETBV		= 0x8d,
	VMEXIT_INVLPGB		= 0xa0,
	VMEXIT_INVLPGB_BAD	= 0xa1,
	VMEXIT_TLBSYNC		= 0xa4,
	VMEXIT_NPF		= 0x400,
};

/* Compared in 32 bits: an emulator leaves the upper half 0. */
#define VMEXIT_INVALID	0xffffffffU

#endif /* COVIRT_SVM_VMCB_H */
