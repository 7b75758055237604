// SPDX-License-Identifier: GPL-2.0-only
/* Every exit in every mode, at every place, with all flags. */
#include "seam.h"
#include "entry.h"

#define CR0_ON		(ARCH_CR0_PE | ARCH_CR0_ET)
#define CR0_PAGED	(CR0_ON | ARCH_CR0_PG)
#define CR0_TS		BIT(3)
#define CR4_LA57	BIT(12)
#define EVENT_VALID_BIT	BIT(31)
#define EVENT_ERROR_BIT	BIT(11)
#define ICR_NMI_TO_SELF	0x400

const u64 entry_cr0_values[] = {
	0, ARCH_CR0_ET, CR0_ON, CR0_ON | ARCH_CR0_NE, CR0_ON | CR0_TS,
	CR0_ON | ARCH_CR0_CD, CR0_ON | ARCH_CR0_CD | ARCH_CR0_NW, CR0_ON | ARCH_CR0_NW,
	CR0_PAGED, CR0_PAGED | ARCH_CR0_NE, CR0_PAGED | ARCH_CR0_CD,
	CR0_PAGED | ARCH_CR0_CD | ARCH_CR0_NW | ARCH_CR0_NE, CR0_PAGED | ARCH_CR0_NW,
	ARCH_CR0_PG, CR0_PAGED | BIT(32), ~0ULL,
};

const u32 entry_nr_cr0_values = ARRAY_SIZE(entry_cr0_values);

const u64 entry_cr4_values[] = {
	0, ARCH_CR4_MCE, ARCH_CR4_PAE, ARCH_CR4_PAE | ARCH_CR4_MCE,
	ARCH_CR4_PAE | ARCH_CR4_MCE | ARCH_CR4_PGE, ARCH_CR4_PAE | ARCH_CR4_PCIDE,
	ARCH_CR4_PAE | ARCH_CR4_VMXE, ARCH_CR4_PAE | CR4_LA57, ARCH_CR4_PAE | BIT(32), ~0ULL,
};

const u32 entry_nr_cr4_values = ARRAY_SIZE(entry_cr4_values);

const struct entry_msr entry_msr_values[] = {
	{ ARCH_MSR_EFER, 0 },
	{ ARCH_MSR_EFER, ARCH_EFER_LME },
	{ ARCH_MSR_EFER, ARCH_EFER_LME | ARCH_EFER_LMA | ARCH_EFER_NXE },
	{ ARCH_MSR_EFER, ARCH_EFER_LMA },
	{ ARCH_MSR_EFER, ARCH_EFER_SVME },
	{ ARCH_MSR_EFER, ~0ULL },
	{ ARCH_MSR_X2APIC_ICR, ICR_NMI_TO_SELF },
	{ ARCH_MSR_X2APIC_ICR, 0x40 },
	{ ARCH_MSR_APIC_BASE, 0 },
	{ 0x832, 0x40 },
	{ 0xffffffff, 0 },
};

const u32 entry_nr_msr_values = ARRAY_SIZE(entry_msr_values);

const u64 entry_deliveries[] = {
	0,
	EVENT_VALID_BIT | 0x31,
	EVENT_VALID_BIT | 2 << 8 | ARCH_VECTOR_NMI,
	EVENT_VALID_BIT | 3 << 8 | ARCH_VECTOR_DB,
	EVENT_VALID_BIT | 3 << 8 | EVENT_ERROR_BIT | ARCH_VECTOR_PF,
	EVENT_VALID_BIT | 4 << 8 | 0x80,
};

const u32 entry_nr_deliveries = ARRAY_SIZE(entry_deliveries);

void entry_list_add(struct entry_list *list, struct entry_case c)
{
	if (list->nr < ARRAY_SIZE(list->c))
		list->c[list->nr++] = c;
}

/* STI has its shadow when it has set IF, and there is one shadow at a time. */
bool entry_flags_possible(u32 flags)
{
	if (flags & ENTRY_STI)
		return flags & ENTRY_IF && !(flags & ENTRY_MOV_SS);
	return true;
}

static void sweep_flags(struct entry_case *c, entry_try *try, entry_visit *visit, void *ctx)
{
	for (c->flags = 0; c->flags < ENTRY_FLAGS; c->flags++)
		if (entry_flags_possible(c->flags))
			visit(ctx, c, try(c));
}

void entry_sweep(const struct entry_list *list, entry_try *try, entry_visit *visit, void *ctx)
{
	struct entry_case c;
	u32 i;

	for (i = 0; i < list->nr; i++) {
		c = list->c[i];
		for (c.mode = 0; c.mode < entry_nr_modes; c.mode++)
			for (c.place = 0; c.place < ENTRY_NR_PLACES; c.place++)
				sweep_flags(&c, try, visit, ctx);
	}
}
