/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model, not a processor: what a CPU may keep of nested translations, and
 * what makes it let go. No emulator at hand tags translations, so flushes that
 * are missing go unnoticed there.
 *
 * Written from the manuals alone: SDM vol. 3, 29.4 (EPT and VPID), and APM
 * vol. 2, 5.5, 15.16 and 15.25 (ASID). It is the worst CPU that they allow:
 * whatever it may cache it caches, at every chance (tlb_speculate()), and it
 * keeps it until a rule says that it is gone. Three kinds of things are cached:
 *
 *   leaf      a guest-physical page and where it leads
 *   link      the table to go on with for a guest-physical region: a
 *             paging-structure cache, which spares the walk above that table
 *   combined  a guest-linear page and where it leads, both walks in one. The
 *             guest's own tables are such pages too: a CPU reads them the same way
 *
 * Nothing is cached of an entry that is not present or malformed (SDM 29.4.2;
 * APM 5.5). Linear mappings (SDM 29.4.1) are left out: none are made or used
 * while EPT is. So are PCIDs: nothing that Covirt does depends on them.
 */
#ifndef COVIRT_KUNIT_TLB_MODEL_H
#define COVIRT_KUNIT_TLB_MODEL_H

#include "core/types.h"

#define TLB_ITEMS	1024
#define TLB_ROOT_LEVEL	4

enum tlb_kind { TLB_LEAF, TLB_LINK, TLB_COMBINED };

/**
 * struct tlb_item - one thing cached; holds no padding, so that memcmp() tells two apart
 * @kind:    enum tlb_kind
 * @level:   leaf, combined: of the entry that mapped it; link: of the table it leads to
 * @access:  enum covirt_access bits, of all the entries on the way
 * @memtype: enum covirt_memtype
 * @global:  combined: the guest's entry said so
 * @unused:  0
 * @id:      AMD: ASID; Intel: VPID of a combined one, else 0
 * @root:    Intel: EP4TA, the address in the EPTP; AMD: 0
 * @from:    first address it is for: guest-physical, combined: guest-linear
 * @gpa:     combined: the guest-physical address in between
 * @hpa:     the page or the table
 */
struct tlb_item {
	u8 kind;
	u8 level;
	u8 access;
	u8 memtype;
	u8 global;
	u8 unused;
	u16 id;
	hpa_t root;
	u64 from;
	gpa_t gpa;
	hpa_t hpa;
};

static_assert(sizeof(struct tlb_item) == 40);

/**
 * struct tlb_gva - a page of the guest's linear address space
 * @gva:    its address
 * @gpa:    where the guest's own tables lead
 * @global: the guest's entry is global
 */
struct tlb_gva {
	gva_t gva;
	gpa_t gpa;
	bool global;
};

/**
 * struct tlb_machine - what all CPUs of a machine share
 * @intel: EPT, VPID and their rules; otherwise NPT and ASIDs
 * @c_bit: encryption bit that NPT entries carry
 * @read:  an entry of a table as it is in memory now
 * @ctx:   handed to it
 */
struct tlb_machine {
	bool intel;
	u64 c_bit;
	u64 (*read)(void *ctx, hpa_t table, u32 index);
	void *ctx;
};

/**
 * struct tlb_cpu - one CPU
 * @machine:  its kind
 * @walks:    it has tables to walk: is in the guest, or the host has a direct map of them
 * @id:       AMD: current ASID; Intel: current VPID
 * @root:     current nested tables, the address alone
 * @guest:    the guest's linear address space as its tables say now
 * @nr_guest: pages of it
 * @overflow: an item was not kept for want of space: the test is void
 * @nr:       items
 * @item:     what is cached
 */
struct tlb_cpu {
	const struct tlb_machine *machine;
	bool walks;
	u16 id;
	hpa_t root;
	const struct tlb_gva *guest;
	u32 nr_guest;
	bool overflow;
	u32 nr;
	struct tlb_item item[TLB_ITEMS];
};

/* Bytes that an item of a level covers; a link covers all of the table it leads to. */
static inline u64 tlb_item_size(const struct tlb_item *item)
{
	return BIT_ULL(12 + 9 * (item->level - (item->kind != TLB_LINK)));
}

static inline bool tlb_item_covers(const struct tlb_item *item, u64 address)
{
	return address - item->from < tlb_item_size(item);
}

/*
 * May the CPU, as it is now, use the item? AMD: what has the current ASID
 * (15.16). Intel: guest-physical mappings of the current EP4TA, combined ones of
 * the current VPID too (29.4.2).
 */
static inline bool tlb_item_usable(const struct tlb_cpu *cpu, const struct tlb_item *item)
{
	if (!cpu->walks)
		return false;
	if (!cpu->machine->intel)
		return item->id == cpu->id;
	return item->root == cpu->root && (item->kind != TLB_COMBINED || item->id == cpu->id);
}

/* --- what is cached --- */

static inline void tlb_item_add(struct tlb_cpu *cpu, const struct tlb_item *item)
{
	u32 i;

	for (i = 0; i < cpu->nr; i++)
		if (!memcmp(&cpu->item[i], item, sizeof(*item)))
			return;
	if (cpu->nr == TLB_ITEMS)
		cpu->overflow = true;
	else
		cpu->item[cpu->nr++] = *item;
}

/*
 * APM vol. 2, 5.3; with Linux's PAT, PWT and PCD together mean UC. An entry
 * without USER permits a nested walk nothing (15.25.5), but it is present.
 */
static inline bool tlb_npt_entry(u64 entry, u64 c_bit, struct tlb_item *item)
{
	if (!(entry & 1))
		return false;
	if (entry & 4)
		item->access = COVIRT_READ | (entry & 2 ? COVIRT_WRITE : 0) |
			       (entry >> 63 ? 0 : COVIRT_EXEC);
	item->memtype = entry & 0x18 ? COVIRT_MT_UC : COVIRT_MT_WB;
	item->hpa = entry & GENMASK_ULL(51, 12) & ~c_bit;
	return true;
}

/* SDM vol. 3, tables 29-1 to 29-6; writable but not readable is misconfigured (29.3.3.1). */
static inline bool tlb_ept_entry(u64 entry, struct tlb_item *item)
{
	if (!(entry & 7) || (entry & 3) == 2)
		return false;
	item->access = entry & 7;
	item->memtype = (entry >> 3) & 7;
	item->hpa = entry & GENMASK_ULL(51, 12);
	return true;
}

/* Step of a walk: read an entry of the table that @link leads to, and cache it. */
static inline void tlb_walk_step(struct tlb_cpu *cpu, const struct tlb_item *link, gpa_t gpa)
{
	const struct tlb_machine *machine = cpu->machine;
	struct tlb_item item = {
		.id = machine->intel ? 0 : cpu->id,
		.root = machine->intel ? cpu->root : 0,
	};
	u32 shift = 12 + 9 * (link->level - 1);
	u64 entry = machine->read(machine->ctx, link->hpa, (gpa >> shift) & 511);
	bool present = machine->intel ? tlb_ept_entry(entry, &item) :
					tlb_npt_entry(entry, machine->c_bit, &item);

	if (!present)
		return;
	item.access &= link->access;
	item.from = gpa & ~(BIT_ULL(shift) - 1);
	item.level = link->level;
	if (link->level > 1 && (link->level == TLB_ROOT_LEVEL || !(entry & 0x80))) {
		item.kind = TLB_LINK;
		item.level--;
		item.memtype = 0;
	}
	tlb_item_add(cpu, &item);
}

/* Everything that walks for a guest-physical address may leave behind, wherever they start. */
static inline void tlb_speculate(struct tlb_cpu *cpu, gpa_t gpa)
{
	const struct tlb_item root = {
		.kind = TLB_LINK, .level = TLB_ROOT_LEVEL, .access = COVIRT_RWX, .hpa = cpu->root,
	};
	u32 i;

	if (!cpu->walks)
		return;
	tlb_walk_step(cpu, &root, gpa);
	for (i = 0; i < cpu->nr; i++)	/* grows meanwhile: what is found is gone on from */
		if (cpu->item[i].kind == TLB_LINK && tlb_item_usable(cpu, &cpu->item[i]) &&
		    tlb_item_covers(&cpu->item[i], gpa))
			tlb_walk_step(cpu, &cpu->item[i], gpa);
}

static inline void tlb_combine(struct tlb_cpu *cpu, const struct tlb_gva *page,
			       const struct tlb_item *leaf)
{
	const struct tlb_item item = {
		.kind = TLB_COMBINED,
		.level = 1,
		.access = leaf->access,
		.memtype = leaf->memtype,
		.global = page->global,
		.id = cpu->id,
		.root = leaf->root,
		.from = page->gva,
		.gpa = page->gpa,
		.hpa = leaf->hpa + (page->gpa - leaf->from),
	};

	tlb_item_add(cpu, &item);
}

/* The same for the guest's linear addresses, through whatever leaves are cached. */
static inline void tlb_speculate_guest(struct tlb_cpu *cpu)
{
	u32 nr, i, j;

	if (!cpu->walks || (!cpu->machine->intel && !cpu->id))
		return;	/* what AMD's host walks, with ASID 0, is no guest's */
	for (i = 0; i < cpu->nr_guest; i++) {
		tlb_speculate(cpu, cpu->guest[i].gpa);
		for (j = 0, nr = cpu->nr; j < nr; j++)
			if (cpu->item[j].kind == TLB_LEAF && tlb_item_usable(cpu, &cpu->item[j]) &&
			    tlb_item_covers(&cpu->item[j], cpu->guest[i].gpa))
				tlb_combine(cpu, &cpu->guest[i], &cpu->item[j]);
	}
}

/* --- what makes it go --- */

/**
 * struct tlb_what - which items an operation invalidates; a field that is 0 does not narrow it
 * @kinds:       mask of BIT(enum tlb_kind)
 * @by_id:       only those of @id
 * @id:          ASID or VPID
 * @spare_id0:   not those of id 0
 * @root:        only those of this EP4TA
 * @keep_global: not global ones
 * @by_address:  only those that cover @address
 * @address:     guest-physical or, for combined ones, guest-linear
 */
struct tlb_what {
	u32 kinds;
	bool by_id;
	u16 id;
	bool spare_id0;
	hpa_t root;
	bool keep_global;
	bool by_address;
	u64 address;
};

#define TLB_NESTED	(BIT(TLB_LEAF) | BIT(TLB_LINK))
#define TLB_GUESTS	BIT(TLB_COMBINED)
#define TLB_ALL		(TLB_NESTED | TLB_GUESTS)

static inline bool tlb_item_hit(const struct tlb_item *item, const struct tlb_what *what)
{
	if (!(what->kinds & BIT(item->kind)) || (what->by_id && item->id != what->id))
		return false;
	if ((what->spare_id0 && !item->id) || (what->root && item->root != what->root))
		return false;
	if (what->keep_global && item->global)
		return false;
	return !what->by_address || tlb_item_covers(item, what->address);
}

static inline void tlb_drop(struct tlb_cpu *cpu, struct tlb_what what)
{
	u32 i, nr = 0;

	for (i = 0; i < cpu->nr; i++)
		if (!tlb_item_hit(&cpu->item[i], &what))
			cpu->item[nr++] = cpu->item[i];
	cpu->nr = nr;
}

/*
 * The guest invalidates by itself, without an exit. Only what is made from its
 * own tables must go: Intel says so (29.4.3.1), of AMD's nested entries no rule
 * says that they do. One ASID or VPID, and for Intel every EP4TA.
 */
static inline void tlb_guest_invlpg(struct tlb_cpu *cpu, gva_t gva)
{
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_GUESTS,
		.by_id = true,
		.id = cpu->id,
		.by_address = true,
		.address = gva,
	});
}

static inline void tlb_guest_mov_cr3(struct tlb_cpu *cpu)
{
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_GUESTS,
		.by_id = true,
		.id = cpu->id,
		.keep_global = true,
	});
}

/* MOV to CR4 that changes PGE, where it does not exit. */
static inline void tlb_guest_toggle_pge(struct tlb_cpu *cpu)
{
	tlb_drop(cpu, (struct tlb_what) { .kinds = TLB_GUESTS, .by_id = true, .id = cpu->id });
}

/* --- AMD --- */

/*
 * VMRUN, TLB_CONTROL (15.16): 0 keeps everything; 1 drops everything, of every
 * ASID, the host's 0 included; 3 this ASID's; 7 this ASID's but global ones,
 * where nothing says that nested entries count as not global.
 */
static inline void tlb_vmrun(struct tlb_cpu *cpu, u16 asid, hpa_t root, u8 tlb_control)
{
	if (tlb_control == 1)
		tlb_drop(cpu, (struct tlb_what) { .kinds = TLB_ALL });
	if (tlb_control == 3)
		tlb_drop(cpu, (struct tlb_what) { .kinds = TLB_ALL, .by_id = true, .id = asid });
	if (tlb_control == 7)
		tlb_drop(cpu, (struct tlb_what) {
			.kinds = TLB_GUESTS,
			.by_id = true,
			.id = asid,
			.keep_global = true,
		});
	cpu->walks = true;
	cpu->id = asid;
	cpu->root = root;
}

/*
 * #VMEXIT drops nothing. @direct_map: tables of the host's own that lead on into nested ones, or 0
 */
static inline void tlb_vmexit(struct tlb_cpu *cpu, hpa_t direct_map)
{
	cpu->walks = direct_map;
	cpu->id = 0;
	cpu->root = direct_map;
}

/* MOV to CR3 in the host: the host's ASID, no entry of which is global (5.5.3). */
static inline void tlb_host_mov_cr3(struct tlb_cpu *cpu)
{
	tlb_drop(cpu, (struct tlb_what) { .kinds = TLB_ALL, .by_id = true, .id = 0 });
}

/* --- Intel --- */

/* Entry and exit without VPID drop the combined mappings of VPID 0, of all EP4TAs (29.4.3.1). */
static inline void tlb_vmx_switch(struct tlb_cpu *cpu, u16 vpid)
{
	if (!vpid)
		tlb_drop(cpu, (struct tlb_what) { .kinds = TLB_GUESTS, .by_id = true, .id = 0 });
}

static inline void tlb_vmentry(struct tlb_cpu *cpu, u16 vpid, u64 eptp)
{
	tlb_vmx_switch(cpu, vpid);
	cpu->walks = true;
	cpu->id = vpid;
	cpu->root = eptp & GENMASK_ULL(51, 12);
}

static inline void tlb_vmx_exit(struct tlb_cpu *cpu)
{
	tlb_vmx_switch(cpu, cpu->id);
	cpu->walks = false;
}

/* INVEPT: 1 drops an EP4TA's guest-physical and combined mappings, for all VPIDs; 2 all EP4TAs'. */
static inline void tlb_invept(struct tlb_cpu *cpu, u32 type, u64 eptp)
{
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_ALL,
		.root = type == 1 ? eptp & GENMASK_ULL(51, 12) : 0,
	});
}

/*
 * INVVPID drops linear and combined mappings, of all EP4TAs, and no
 * guest-physical one: 0 for one address, 1 of one VPID, 2 of all but VPID 0,
 * 3 of one VPID except global ones.
 */
static inline void tlb_invvpid(struct tlb_cpu *cpu, u32 type, u16 vpid, gva_t gva)
{
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_GUESTS,
		.by_id = type != 2,
		.id = vpid,
		.spare_id0 = type == 2,
		.keep_global = type == 3,
		.by_address = type == 0,
		.address = gva,
	});
}

/* An EPT violation drops what would have been used for its addresses (29.4.3.1). */
static inline void tlb_ept_violation(struct tlb_cpu *cpu, gva_t gva, gpa_t gpa)
{
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_NESTED,
		.root = cpu->root,
		.by_address = true,
		.address = gpa,
	});
	tlb_drop(cpu, (struct tlb_what) {
		.kinds = TLB_GUESTS,
		.by_id = true,
		.id = cpu->id,
		.root = cpu->root,
		.by_address = true,
		.address = gva,
	});
}

#endif /* COVIRT_KUNIT_TLB_MODEL_H */
