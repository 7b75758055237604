/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Features of a processor that a co-kernel is shown, and what a kernel that sees it
 * will use. From this table come what CPUID says (core/cpuid_policy.c) and which bits of
 * CR4 and EFER may be set (core/control_policy.c); tests walk it beside the MSR policy.
 *
 * What is not here is hidden: a feature of a later processor, and those whose registers are
 * not granted. Of these, what somebody may look for:
 *
 * - DS, PDCM, PT, arch LBR, IBS, LWP, performance counters, MTRRs, RDT, SGX, TME, PCONFIG,
 *   Key Locker, ENQCMD, PPIN, thermal and power control (EIST, HWP, CPPC, HFI, TM), HRESET,
 *   CORE_CAPABILITIES, L1D_FLUSH, SRBDS_CTRL, TSX_FORCE_ABORT, PREFETCHCTL, DBEXT, SMCA:
 *   their MSRs are denied.
 * - LA57: nested walks are four levels deep. CET, PKS, FRED, UINTR, XSAVES: their MSRs, and
 *   supervisor states, would need a save area of ours. LASS, LAM, UAI: control bits that no
 *   test here has seen set. LKGS comes with FRED.
 * - AMX needs IA32_XFD, MPX needs BNDCFGS. APX: no decoder here knows R16 to R31.
 * - WAITPKG: UMWAIT_CONTROL. BUS_LOCK_DETECT: only DEBUGCTL.BTF is granted. MSR_IMM,
 *   MSRLIST, WRMSRNS, USER_MSR: forms of RDMSR and WRMSR that no emulator has.
 */
#ifndef COVIRT_CORE_CPU_FEATURES_H
#define COVIRT_CORE_CPU_FEATURES_H

#include "core/arch.h"
#include "core/exit_types.h"

/* Components of XCR0 that a co-kernel may use, as they are announced (SDM vol. 1, 13.1). */
#define XCR0_X87	BIT(0)
#define XCR0_SSE	BIT(1)
#define XCR0_X87_SSE	(XCR0_X87 | XCR0_SSE)
#define XCR0_AVX	BIT(2)
#define XCR0_AVX512	(BIT(5) | BIT(6) | BIT(7))
#define XCR0_PKRU	BIT(9)
#define XCR0_GRANTED	(XCR0_X87_SSE | XCR0_AVX | XCR0_AVX512 | XCR0_PKRU)

/* Registers of a CPUID leaf, in the order of struct arch_cpuid. */
enum cpuid_reg { EAX, EBX, ECX, EDX };

/**
 * enum cpu_need - what a kernel uses that sees a feature
 * @CPU_NEED_NOTHING: instructions only, or a fact
 * @CPU_NEED_CR4:     bits of CR4
 * @CPU_NEED_EFER:    bits of EFER
 * @CPU_NEED_XCR0:    components of XCR0
 * @CPU_NEED_READ:    MSRs that it reads
 * @CPU_NEED_WRITE:   MSRs that it writes
 * @CPU_NEED_BOTH:    MSRs that it reads and writes
 * @CPU_NEED_EXIT:    an instruction that exits: enum covirt_exit_reason
 */
enum cpu_need {
	CPU_NEED_NOTHING,
	CPU_NEED_CR4,
	CPU_NEED_EFER,
	CPU_NEED_XCR0,
	CPU_NEED_READ,
	CPU_NEED_WRITE,
	CPU_NEED_BOTH,
	CPU_NEED_EXIT,
};

/* Needs, as the table writes them: a kind, and the bits, the exit, or the first and last MSR. */
#define NEED_NOTHING		CPU_NEED_NOTHING, 0, 0
#define NEED_CR4(bits)		CPU_NEED_CR4, ARCH_CR4_##bits, 0
#define NEED_EFER(bits)		CPU_NEED_EFER, ARCH_EFER_##bits, 0
#define NEED_XCR0(sets)		CPU_NEED_XCR0, XCR0_##sets, 0
#define NEED_READ(first, last)	CPU_NEED_READ, first, last
#define NEED_WRITE(first, last)	CPU_NEED_WRITE, first, last
#define NEED_BOTH(first, last)	CPU_NEED_BOTH, first, last
#define NEED_EXIT(reason)	CPU_NEED_EXIT, COVIRT_EXIT_##reason, 0

/*
 * X-macro: @w, leaf, subleaf, register, bits, what is needed (three arguments), name. Sorted by
 * leaf, subleaf and register. A feature with two needs has two rows. @w is passed on to each row.
 */
#define CPU_FEATURES(X, w)									\
	X(w, 0x1, 0, ECX, BIT(0) | BIT(1) | BIT(9) | BIT(12) | BIT(13) | BIT(19) |		\
	  BIT(20) | BIT(22) | BIT(23) | BIT(25) | BIT(29) | BIT(30),				\
	  NEED_NOTHING,										\
	  "SSE3 to RDRAND: instructions")							\
	X(w, 0x1, 0, ECX, BIT(3), NEED_NOTHING,							\
	  "MONITOR, MWAIT: do not exit")							\
	X(w, 0x1, 0, ECX, BIT(17), NEED_CR4(PCIDE),						\
	  "PCID")										\
	X(w, 0x1, 0, ECX, BIT(21), NEED_READ(0x802, 0x803),					\
	  "x2APIC: id, version")								\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x808, 0x808),					\
	  "x2APIC: TPR")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_READ(0x80a, 0x80a),					\
	  "x2APIC: PPR")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_WRITE(0x80b, 0x80b),					\
	  "x2APIC: EOI")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_READ(0x80d, 0x80d),					\
	  "x2APIC: LDR")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x80f, 0x80f),					\
	  "x2APIC: SVR")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_READ(0x810, 0x827),					\
	  "x2APIC: ISR, TMR, IRR")								\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x828, 0x828),					\
	  "x2APIC: ESR")									\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x82f, 0x830),					\
	  "x2APIC: LVT CMCI, ICR")								\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x832, 0x838),					\
	  "x2APIC: LVT, timer initial count")							\
	X(w, 0x1, 0, ECX, BIT(21), NEED_READ(0x839, 0x839),					\
	  "x2APIC: timer current count")							\
	X(w, 0x1, 0, ECX, BIT(21), NEED_BOTH(0x83e, 0x83e),					\
	  "x2APIC: timer divide")								\
	X(w, 0x1, 0, ECX, BIT(21), NEED_WRITE(0x83f, 0x83f),					\
	  "x2APIC: self IPI")									\
	X(w, 0x1, 0, ECX, BIT(24), NEED_BOTH(0x6e0, 0x6e0),					\
	  "TSC deadline timer")									\
	X(w, 0x1, 0, ECX, BIT(26), NEED_CR4(OSXSAVE),						\
	  "XSAVE")										\
	X(w, 0x1, 0, ECX, BIT(26), NEED_XCR0(X87_SSE),						\
	  "XSAVE: states")									\
	X(w, 0x1, 0, ECX, BIT(26), NEED_EXIT(XSETBV),						\
	  "XSAVE: XSETBV")									\
	X(w, 0x1, 0, ECX, BIT(28), NEED_XCR0(AVX),						\
	  "AVX")										\
	X(w, 0x1, 0, EDX, BIT(0) | BIT(8) | BIT(15) | BIT(17) | BIT(19) | BIT(23) |		\
	  BIT(27) | BIT(28),									\
	  NEED_NOTHING,										\
	  "x87 to HTT: instructions and facts")							\
	X(w, 0x1, 0, EDX, BIT(1), NEED_CR4(VME | ARCH_CR4_PVI),					\
	  "virtual-8086 extensions")								\
	X(w, 0x1, 0, EDX, BIT(2), NEED_CR4(DE),							\
	  "debugging extensions")								\
	X(w, 0x1, 0, EDX, BIT(3), NEED_CR4(PSE),						\
	  "large pages")									\
	X(w, 0x1, 0, EDX, BIT(4), NEED_CR4(TSD),						\
	  "TSC")										\
	X(w, 0x1, 0, EDX, BIT(4), NEED_READ(0x10, 0x10),					\
	  "TSC: as an MSR")									\
	X(w, 0x1, 0, EDX, BIT(5), NEED_NOTHING,							\
	  "RDMSR, WRMSR")									\
	X(w, 0x1, 0, EDX, BIT(6), NEED_CR4(PAE),						\
	  "PAE")										\
	X(w, 0x1, 0, EDX, BIT(7), NEED_CR4(MCE),						\
	  "machine checks")									\
	X(w, 0x1, 0, EDX, BIT(9), NEED_BOTH(0x1b, 0x1b),					\
	  "local APIC")										\
	X(w, 0x1, 0, EDX, BIT(11), NEED_BOTH(0x174, 0x176),					\
	  "SYSENTER")										\
	X(w, 0x1, 0, EDX, BIT(13), NEED_CR4(PGE),						\
	  "global pages")									\
	X(w, 0x1, 0, EDX, BIT(14), NEED_READ(0x179, 0x17a),					\
	  "machine check architecture, without a bank")						\
	X(w, 0x1, 0, EDX, BIT(16), NEED_BOTH(0x277, 0x277),					\
	  "PAT")										\
	X(w, 0x1, 0, EDX, BIT(24), NEED_CR4(OSFXSR),						\
	  "FXSAVE")										\
	X(w, 0x1, 0, EDX, BIT(25) | BIT(26), NEED_CR4(OSXMMEXCPT),				\
	  "SSE, SSE2")										\
	X(w, 0x6, 0, EAX, BIT(2), NEED_NOTHING,							\
	  "ARAT: the APIC's timer does not stop")						\
	X(w, 0x6, 0, ECX, BIT(0), NEED_READ(0xe7, 0xe8),					\
	  "MPERF, APERF")									\
	X(w, 0x7, 0, EBX, BIT(0), NEED_CR4(FSGSBASE),						\
	  "FSGSBASE")										\
	X(w, 0x7, 0, EBX, BIT(3) | BIT(4) | BIT(6) | BIT(8) | BIT(9) | BIT(10) | BIT(11)	\
	  | BIT(13) | BIT(18) | BIT(19) | BIT(23) | BIT(24) | BIT(29),				\
	  NEED_NOTHING,										\
	  "BMI, TSX, ERMS, INVPCID to SHA: instructions")					\
	X(w, 0x7, 0, EBX, BIT(5), NEED_XCR0(AVX),						\
	  "AVX2")										\
	X(w, 0x7, 0, EBX, BIT(7), NEED_CR4(SMEP),						\
	  "SMEP")										\
	X(w, 0x7, 0, EBX, BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) |		\
	  BIT(30) | BIT(31),									\
	  NEED_XCR0(AVX512),									\
	  "AVX-512")										\
	X(w, 0x7, 0, EBX, BIT(20), NEED_CR4(SMAP),						\
	  "SMAP")										\
	X(w, 0x7, 0, ECX, BIT(0) | BIT(8) | BIT(25) | BIT(27) | BIT(28), NEED_NOTHING,		\
	  "PREFETCHWT1, GFNI, CLDEMOTE, MOVDIRI, MOVDIR64B")					\
	X(w, 0x7, 0, ECX, BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14), NEED_XCR0(AVX512),	\
	  "AVX-512: VBMI to VPOPCNTDQ")								\
	X(w, 0x7, 0, ECX, BIT(2), NEED_CR4(UMIP),						\
	  "UMIP")										\
	X(w, 0x7, 0, ECX, BIT(3), NEED_CR4(PKE),						\
	  "protection keys of user pages")							\
	X(w, 0x7, 0, ECX, BIT(3), NEED_XCR0(PKRU),						\
	  "protection keys of user pages: PKRU")						\
	X(w, 0x7, 0, ECX, BIT(9) | BIT(10), NEED_XCR0(AVX),					\
	  "VAES, VPCLMULQDQ")									\
	X(w, 0x7, 0, ECX, BIT(22), NEED_BOTH(0xc0000103, 0xc0000103),				\
	  "RDPID")										\
	X(w, 0x7, 0, EDX, BIT(2) | BIT(3) | BIT(8) | BIT(23), NEED_XCR0(AVX512),		\
	  "AVX-512: 4VNNIW, 4FMAPS, VP2INTERSECT, FP16")					\
	X(w, 0x7, 0, EDX, BIT(4) | BIT(10) | BIT(11) | BIT(14) | BIT(15) | BIT(16),		\
	  NEED_NOTHING,										\
	  "FSRM, MD_CLEAR, SERIALIZE, hybrid, TSXLDTRK")					\
	X(w, 0x7, 0, EDX, BIT(26) | BIT(27) | BIT(31), NEED_BOTH(0x48, 0x48),			\
	  "IBRS, STIBP, SSBD")									\
	X(w, 0x7, 0, EDX, BIT(26), NEED_WRITE(0x49, 0x49),					\
	  "IBPB")										\
	X(w, 0x7, 0, EDX, BIT(29), NEED_READ(0x10a, 0x10a),					\
	  "ARCH_CAPABILITIES, itself an allow list")						\
	X(w, 0x7, 1, EAX, BIT(0) | BIT(1) | BIT(2) | BIT(4) | BIT(23), NEED_XCR0(AVX),		\
	  "SHA512, SM3, SM4, AVX-VNNI, AVX-IFMA")						\
	X(w, 0x7, 1, EAX, BIT(3) | BIT(7) | BIT(10) | BIT(11) | BIT(12), NEED_NOTHING,		\
	  "RAO-INT, CMPCCXADD, fast REP MOVSB, STOSB, CMPSB")					\
	X(w, 0x7, 1, EAX, BIT(5), NEED_XCR0(AVX512),						\
	  "AVX-512: BF16")									\
	X(w, 0x7, 1, EDX, BIT(4) | BIT(5) | BIT(10), NEED_XCR0(AVX),				\
	  "AVX-VNNI-INT8, AVX-NE-CONVERT, AVX-VNNI-INT16")					\
	X(w, 0x7, 1, EDX, BIT(14), NEED_NOTHING,						\
	  "PREFETCHI")										\
	X(w, 0x7, 1, EDX, BIT(19), NEED_XCR0(AVX512),						\
	  "AVX10")										\
	X(w, 0x7, 2, EDX, BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(4), NEED_BOTH(0x48, 0x48),	\
	  "PSFD, IPRED, RRSBA, DDPD, BHI control")						\
	X(w, 0x7, 2, EDX, BIT(5) | BIT(7), NEED_NOTHING,					\
	  "MCDT_NO, MONITOR_MITG_NO")								\
	X(w, 0xd, 1, EAX, BIT(0) | BIT(1) | BIT(2), NEED_CR4(OSXSAVE),				\
	  "XSAVEOPT, XSAVEC, XGETBV with ECX 1")						\
	X(w, 0x80000001, 0, ECX, BIT(0) | BIT(1) | BIT(4) | BIT(5) | BIT(6) | BIT(7) |		\
	  BIT(8) | BIT(21) | BIT(22) | BIT(29),							\
	  NEED_NOTHING,										\
	  "LAHF to MWAITX: instructions and facts")						\
	X(w, 0x80000001, 0, ECX, BIT(9), NEED_READ(0xc0010140, 0xc0010141),			\
	  "OSVW")										\
	X(w, 0x80000001, 0, ECX, BIT(11) | BIT(16), NEED_XCR0(AVX),				\
	  "XOP, FMA4")										\
	X(w, 0x80000001, 0, ECX, BIT(17), NEED_EFER(TCE),					\
	  "translation cache extension")							\
	X(w, 0x80000001, 0, EDX, BIT(0) | BIT(8) | BIT(15) | BIT(17) | BIT(19) | BIT(22)	\
	  | BIT(23) | BIT(26) | BIT(30) | BIT(31),						\
	  NEED_NOTHING,										\
	  "those of leaf 1, MMX extensions, 1G pages, 3DNow")					\
	X(w, 0x80000001, 0, EDX, BIT(1), NEED_CR4(VME | ARCH_CR4_PVI),				\
	  "virtual-8086 extensions")								\
	X(w, 0x80000001, 0, EDX, BIT(2), NEED_CR4(DE),						\
	  "debugging extensions")								\
	X(w, 0x80000001, 0, EDX, BIT(3), NEED_CR4(PSE),						\
	  "large pages")									\
	X(w, 0x80000001, 0, EDX, BIT(4), NEED_READ(0x10, 0x10),					\
	  "TSC")										\
	X(w, 0x80000001, 0, EDX, BIT(5), NEED_NOTHING,						\
	  "RDMSR, WRMSR")									\
	X(w, 0x80000001, 0, EDX, BIT(6), NEED_CR4(PAE),						\
	  "PAE")										\
	X(w, 0x80000001, 0, EDX, BIT(7), NEED_CR4(MCE),						\
	  "machine checks")									\
	X(w, 0x80000001, 0, EDX, BIT(9), NEED_BOTH(0x1b, 0x1b),					\
	  "local APIC")										\
	X(w, 0x80000001, 0, EDX, BIT(11), NEED_EFER(SCE),					\
	  "SYSCALL")										\
	X(w, 0x80000001, 0, EDX, BIT(11), NEED_BOTH(0xc0000081, 0xc0000084),			\
	  "SYSCALL: STAR to SFMASK")								\
	X(w, 0x80000001, 0, EDX, BIT(13), NEED_CR4(PGE),					\
	  "global pages")									\
	X(w, 0x80000001, 0, EDX, BIT(14), NEED_READ(0x179, 0x17a),				\
	  "machine check architecture, without a bank")						\
	X(w, 0x80000001, 0, EDX, BIT(16), NEED_BOTH(0x277, 0x277),				\
	  "PAT")										\
	X(w, 0x80000001, 0, EDX, BIT(20), NEED_EFER(NXE),					\
	  "no-execute pages")									\
	X(w, 0x80000001, 0, EDX, BIT(24), NEED_CR4(OSFXSR),					\
	  "FXSAVE")										\
	X(w, 0x80000001, 0, EDX, BIT(25), NEED_EFER(FFXSR),					\
	  "fast FXSAVE")									\
	X(w, 0x80000001, 0, EDX, BIT(27), NEED_BOTH(0xc0000103, 0xc0000103),			\
	  "RDTSCP")										\
	X(w, 0x80000001, 0, EDX, BIT(29), NEED_EFER(LME),					\
	  "long mode")										\
	X(w, 0x80000001, 0, EDX, BIT(29), NEED_BOTH(0xc0000100, 0xc0000102),			\
	  "long mode: bases of FS and GS")							\
	X(w, 0x80000007, 0, EDX, BIT(8), NEED_NOTHING,						\
	  "invariant TSC")									\
	X(w, 0x80000008, 0, EBX, BIT(0) | BIT(2) | BIT(20) | BIT(26) | BIT(29) |		\
	  BIT(30),										\
	  NEED_NOTHING,										\
	  "CLZERO, XSAVE of error pointers, no LMSLE, SSB_NO, BTC_NO, IBPB_RET")		\
	X(w, 0x80000008, 0, EBX, BIT(4), NEED_READ(0xe7, 0xe8),					\
	  "RDPRU: MPERF, APERF")								\
	X(w, 0x80000008, 0, EBX, BIT(9), NEED_EXIT(CACHE_FLUSH),				\
	  "WBNOINVD")										\
	X(w, 0x80000008, 0, EBX, BIT(12), NEED_WRITE(0x49, 0x49),				\
	  "IBPB")										\
	X(w, 0x80000008, 0, EBX, BIT(14) | BIT(15) | BIT(16) | BIT(17) | BIT(18) |		\
	  BIT(19) | BIT(24) | BIT(28),								\
	  NEED_BOTH(0x48, 0x48),								\
	  "IBRS, STIBP and how they are used, SSBD, PSFD")					\
	X(w, 0x80000008, 0, EDX, GENMASK_ULL(31, 16), NEED_READ(0xe7, 0xe8),			\
	  "RDPRU: how many registers")								\
	X(w, 0x80000021, 0, EAX, BIT(0) | BIT(1) | BIT(6) | BIT(10) | BIT(11) | BIT(15)		\
	  | BIT(18) | BIT(19) | BIT(20),							\
	  NEED_NOTHING,										\
	  "facts about instructions; PREFETCHI")						\
	X(w, 0x80000021, 0, EAX, BIT(2), NEED_READ(0xc0011029, 0xc0011029),			\
	  "LFENCE is serializing")								\
	X(w, 0x80000021, 0, EAX, BIT(5) | BIT(29) | BIT(30), NEED_NOTHING,			\
	  "VERW clears buffers, SRSO_NO, SRSO_USER_KERNEL_NO")					\
	X(w, 0x80000021, 0, EAX, BIT(8), NEED_EFER(AIBRSE),					\
	  "automatic IBRS")									\
	X(w, 0x80000021, 0, EAX, BIT(27) | BIT(28), NEED_WRITE(0x49, 0x49),			\
	  "SBPB, IBPB of all branch types")							\
	X(w, 0x80000021, 0, ECX, BIT(1) | BIT(2), NEED_NOTHING,					\
	  "TSA_SQ_NO, TSA_L1_NO")

/**
 * struct cpu_feature - a row of the table
 * @leaf:    CPUID leaf
 * @bits:    bits of one of its registers
 * @subleaf: subleaf
 * @reg:     enum cpuid_reg
 * @need:    enum cpu_need
 * @first:   the bits, the exit, or the first MSR
 * @last:    the last MSR
 */
struct cpu_feature {
	u32 leaf;
	u32 bits;
	u8 subleaf;
	u8 reg;
	u8 need;
	u32 first;
	u32 last;
};

#endif /* COVIRT_CORE_CPU_FEATURES_H */
