/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry-state checker: an exit is handled by both backends as it would be on a processor,
 * and what the guest would be entered with then is held against the rules of the manuals.
 * KUnit tries every exit in every mode, a fuzzer tries the rest.
 */
#ifndef COVIRT_ENTRY_ENTRY_H
#define COVIRT_ENTRY_ENTRY_H

#include "core/cpu.h"
#include "backend/svm/vmcb.h"

/**
 * struct entry_mode - what code the guest executes
 * @name: for messages
 * @cr0:  CR0
 * @cr4:  CR4
 * @efer: EFER, as the guest sees it
 * @rflags: RFLAGS beside the fixed bit
 * @cs:   attributes of CS: descriptor bits 55:52 and 47:40
 * @cpl:  privilege level
 */
struct entry_mode {
	const char *name;
	u64 cr0;
	u64 cr4;
	u64 efer;
	u64 rflags;
	u16 cs;
	u8 cpl;
};

extern const struct entry_mode entry_modes[];
extern const u32 entry_nr_modes;

/* Places where the instruction that exits may end. */
enum entry_place {
	ENTRY_MIDDLE,
	ENTRY_AT_64K,
	ENTRY_AT_4G,
	ENTRY_BEYOND_4G,	/* where 64-bit code is; elsewhere the same as ENTRY_MIDDLE */
	ENTRY_NR_PLACES,
};

#define ENTRY_TF	BIT(0)
#define ENTRY_RF	BIT(1)
#define ENTRY_IF	BIT(2)
#define ENTRY_STI	BIT(3)	/* the shadow of STI; with ENTRY_IF only */
#define ENTRY_MOV_SS	BIT(4)
#define ENTRY_NMI	BIT(5)	/* the guest handles one, and is owed another */
#define ENTRY_FLAGS	BIT(6)

/**
 * struct entry_case - an exit
 * @mode:     index into entry_modes
 * @place:    enum entry_place
 * @flags:    mask of ENTRY_*
 * @code:     the vendor's exit code
 * @info1:    the vendor's first qualification
 * @info2:    the vendor's second qualification
 * @event:    VMX: interruption information of the exit
 * @delivery: event that was being delivered, in the form that both vendors share
 * @len:      length of the instruction
 * @rcx:      register, for MSR accesses
 * @value:    EDX:EAX and RBX
 * @features: mask of enum covirt_feature
 * @bytes:    the instruction, where it is fetched
 */
struct entry_case {
	u32 mode;
	u32 place;
	u32 flags;
	u64 code;
	u64 info1;
	u64 info2;
	u64 event;
	u64 delivery;
	u32 len;
	u32 rcx;
	u64 value;
	u64 features;
	u8 bytes[15];
};

typedef const char *entry_try(const struct entry_case *c);
entry_try entry_try_svm, entry_try_vmx;

/* A boot CPU at its first entry; NULL, or the rule that is broken. */
const char *entry_begin_svm(const struct covirt_entry *entry);
const char *entry_begin_vmx(const struct covirt_entry *entry);

/* Told of each exit whose outcome is wrong, or with NULL of one that is right. */
typedef void entry_visit(void *ctx, const struct entry_case *c, const char *wrong);

/**
 * struct entry_list - exits of one vendor, whose mode, place and flags are open
 * @nr: how many
 * @c:  the exits
 */
struct entry_list {
	u32 nr;
	struct entry_case c[512];
};

void entry_list_svm(struct entry_list *list);
void entry_list_vmx(struct entry_list *list);
void entry_list_add(struct entry_list *list, struct entry_case c);

#define ENTRY_ADD(list, ...)	entry_list_add(list, (struct entry_case) { __VA_ARGS__ })

void entry_sweep(const struct entry_list *list, entry_try *try, entry_visit *visit, void *ctx);
bool entry_flags_possible(u32 flags);

/* Values that kernels write, and those that none should. */
extern const u64 entry_cr0_values[], entry_cr4_values[];
extern const u32 entry_nr_cr0_values, entry_nr_cr4_values;

struct entry_msr {
	u32 msr;
	u64 value;
};

extern const struct entry_msr entry_msr_values[];
extern const u32 entry_nr_msr_values;
/* Events as both vendors write them: nothing, an interrupt, an NMI, exceptions, INT n. */
extern const u64 entry_deliveries[];
extern const u32 entry_nr_deliveries;

/* The rules; NULL, or the one that is broken. */
const char *svm_entry_broken(const struct vmcb *vmcb);
const char *vmx_entry_broken(void);

/* world.c: a CPU of an enclave of one. */
extern struct covirt_cpu world_cpu;
extern struct vmcb world_vmcb;
extern u32 world_nmis_sent, world_vmcs_cleared;
void world_reset(const struct entry_case *c, const struct covirt_backend_cpu *backend);
void world_begin(const struct covirt_entry *entry, const struct covirt_backend_cpu *backend);
u64 world_rip(const struct entry_case *c);
bool world_code64(const struct entry_mode *mode);
const char *world_rip_wrong(const struct entry_case *c, u64 rip);

#endif /* COVIRT_ENTRY_ENTRY_H */
