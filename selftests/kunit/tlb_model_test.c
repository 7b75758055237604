// SPDX-License-Identifier: GPL-2.0-only
/* The model of tlb_model.h itself: what it caches, and what each operation takes away. */
#include <linux/module.h>

#include "selftests/kunit/tlb_driver.h"

#define ROOT_A	0x1000
#define ROOT_B	0x2000
#define GVA	0x7000
#define GPA	0x9000

/* Items of each sort that a rule may tell apart. */
enum plant {
	LEAF_1A, LINK_1A, OURS_1A, GLOBAL_1A,	/* id 1, root A */
	LEAF_1B, OURS_1B,			/* id 1, root B */
	LEAF_2A, OURS_2A,			/* id 2, root A */
	LEAF_0, OURS_0,				/* id 0, root A */
	NR_PLANTS
};

static const struct tlb_item plants[NR_PLANTS] = {
	[LEAF_1A]   = { .kind = TLB_LEAF,     .id = 1, .root = ROOT_A, .from = GPA },
	[LINK_1A]   = { .kind = TLB_LINK,     .id = 1, .root = ROOT_A },
	[OURS_1A]   = { .kind = TLB_COMBINED, .id = 1, .root = ROOT_A, .from = GVA },
	[GLOBAL_1A] = { .kind = TLB_COMBINED, .id = 1, .root = ROOT_A, .from = GVA, .global = 1 },
	[LEAF_1B]   = { .kind = TLB_LEAF,     .id = 1, .root = ROOT_B, .from = GPA },
	[OURS_1B]   = { .kind = TLB_COMBINED, .id = 1, .root = ROOT_B, .from = GVA },
	[LEAF_2A]   = { .kind = TLB_LEAF,     .id = 2, .root = ROOT_A, .from = GPA },
	[OURS_2A]   = { .kind = TLB_COMBINED, .id = 2, .root = ROOT_A, .from = GVA },
	[LEAF_0]    = { .kind = TLB_LEAF,     .id = 0, .root = ROOT_A, .from = GPA },
	[OURS_0]    = { .kind = TLB_COMBINED, .id = 0, .root = ROOT_A, .from = GVA },
};

/* AMD knows an item by its ASID, Intel a nested one by its root: VPID 0 stands for none. */
static void plant_all(struct tlb_cpu *cpu)
{
	u32 i;

	cpu->nr = 0;
	for (i = 0; i < NR_PLANTS; i++) {
		struct tlb_item item = plants[i];

		item.level = 1;
		item.hpa = i * PAGE;	/* tells it from the others */
		if (!cpu->machine->intel)
			item.root = 0;
		else if (item.kind != TLB_COMBINED)
			item.id = 0;
		tlb_item_add(cpu, &item);
	}
}

static u32 planted(const struct tlb_cpu *cpu)
{
	u32 i, mask = 0;

	for (i = 0; i < cpu->nr; i++)
		mask |= BIT(cpu->item[i].hpa / PAGE);
	return mask;
}

/**
 * struct rule - an operation of a CPU in guest 1 with root A
 * @name:  for complaints
 * @intel: which vendor's
 * @run:   the operation
 * @gone:  what it takes away, mask of BIT(enum plant)
 */
struct rule {
	const char *name;
	bool intel;
	void (*run)(struct tlb_cpu *cpu);
	u32 gone;
};

#define RULE(rule, statement)				\
static void rule_##rule(struct tlb_cpu *cpu)		\
{							\
	statement;					\
}

RULE(keep, tlb_vmrun(cpu, 1, ROOT_A, 0))
RULE(flush_all, tlb_vmrun(cpu, 1, ROOT_A, 1))
RULE(flush_asid, tlb_vmrun(cpu, 1, ROOT_A, 3))
RULE(flush_not_global, tlb_vmrun(cpu, 1, ROOT_A, 7))
RULE(vmexit, tlb_vmexit(cpu, 0))
RULE(host_mov_cr3, tlb_host_mov_cr3(cpu))
RULE(invlpg, tlb_guest_invlpg(cpu, GVA + 5))
RULE(invlpg_elsewhere, tlb_guest_invlpg(cpu, GPA))
RULE(mov_cr3, tlb_guest_mov_cr3(cpu))
RULE(toggle_pge, tlb_guest_toggle_pge(cpu))
RULE(vmentry, tlb_vmentry(cpu, 1, ROOT_A | 0x1e))
RULE(vmentry_without_vpid, tlb_vmentry(cpu, 0, ROOT_A | 0x1e))
RULE(vmx_exit, tlb_vmx_exit(cpu))
RULE(invept_single, tlb_invept(cpu, 1, ROOT_A | 0x1e))
RULE(invept_all, tlb_invept(cpu, 2, 0))
RULE(invvpid_address, tlb_invvpid(cpu, 0, 1, GVA))
RULE(invvpid_single, tlb_invvpid(cpu, 1, 1, 0))
RULE(invvpid_all, tlb_invvpid(cpu, 2, 0, 0))
RULE(invvpid_not_global, tlb_invvpid(cpu, 3, 1, 0))
RULE(violation, tlb_ept_violation(cpu, GVA, GPA))

#define MINE_1	(BIT(OURS_1A) | BIT(OURS_1B))
#define MINE_A	(BIT(OURS_1A) | BIT(GLOBAL_1A) | BIT(OURS_2A) | BIT(OURS_0))
#define NESTED_A (BIT(LEAF_1A) | BIT(LINK_1A) | BIT(LEAF_2A) | BIT(LEAF_0))
#define ALL	GENMASK(NR_PLANTS - 1, 0)

static const struct rule rules[] = {
	{ "TLB_CONTROL 0", false, rule_keep, 0 },
	{ "TLB_CONTROL 1", false, rule_flush_all, ALL },
	{ "TLB_CONTROL 3", false, rule_flush_asid,
	  BIT(LEAF_1A) | BIT(LINK_1A) | BIT(LEAF_1B) | MINE_1 | BIT(GLOBAL_1A) },
	{ "TLB_CONTROL 7", false, rule_flush_not_global, MINE_1 },
	{ "#VMEXIT", false, rule_vmexit, 0 },
	{ "MOV to CR3 in the host", false, rule_host_mov_cr3, BIT(LEAF_0) | BIT(OURS_0) },
	{ "INVLPG", false, rule_invlpg, MINE_1 | BIT(GLOBAL_1A) },
	{ "INVLPG", true, rule_invlpg, MINE_1 | BIT(GLOBAL_1A) },
	{ "INVLPG elsewhere", true, rule_invlpg_elsewhere, 0 },
	{ "MOV to CR3", false, rule_mov_cr3, MINE_1 },
	{ "MOV to CR3", true, rule_mov_cr3, MINE_1 },
	{ "CR4.PGE", true, rule_toggle_pge, MINE_1 | BIT(GLOBAL_1A) },
	{ "VM entry", true, rule_vmentry, 0 },
	{ "VM entry without VPID", true, rule_vmentry_without_vpid, BIT(OURS_0) },
	{ "VM exit", true, rule_vmx_exit, 0 },
	{ "INVEPT 1", true, rule_invept_single, NESTED_A | MINE_A },
	{ "INVEPT 2", true, rule_invept_all, ALL },
	{ "INVVPID 0", true, rule_invvpid_address, MINE_1 | BIT(GLOBAL_1A) },
	{ "INVVPID 1", true, rule_invvpid_single, MINE_1 | BIT(GLOBAL_1A) },
	{ "INVVPID 2", true, rule_invvpid_all, MINE_1 | BIT(GLOBAL_1A) | BIT(OURS_2A) },
	{ "INVVPID 3", true, rule_invvpid_not_global, MINE_1 },
	{ "EPT violation", true, rule_violation,
	  NESTED_A | BIT(OURS_1A) | BIT(GLOBAL_1A) },
};

static void rule_desc(const struct rule *rule, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s: %s", rule->intel ? "ept" : "npt", rule->name);
}

KUNIT_ARRAY_PARAM(rule, rules, rule_desc);

static void an_operation_drops_what_the_manual_says_and_nothing_else(struct kunit *test)
{
	const struct rule *rule = test->param_value;
	const struct tlb_machine machine = { .intel = rule->intel };
	struct tlb_cpu *cpu = world_zalloc(test, sizeof(*cpu));

	cpu->machine = &machine;
	cpu->id = 1;
	cpu->root = ROOT_A;
	plant_all(cpu);
	KUNIT_ASSERT_EQ(test, planted(cpu), (u32)ALL);
	rule->run(cpu);
	KUNIT_EXPECT_EQ(test, planted(cpu), (u32)(ALL & ~rule->gone));
}

/* Items that a CPU may use. */

static u32 usable(const struct tlb_cpu *cpu)
{
	u32 i, mask = 0;

	for (i = 0; i < cpu->nr; i++)
		if (tlb_item_usable(cpu, &cpu->item[i]))
			mask |= BIT(i);
	return mask;
}

static void a_cpu_uses_what_carries_its_tags(struct kunit *test)
{
	struct tlb_machine machine = {};
	struct tlb_cpu *cpu = world_zalloc(test, sizeof(*cpu));

	cpu->machine = &machine;
	plant_all(cpu);
	KUNIT_EXPECT_EQ(test, usable(cpu), 0U);
	tlb_vmrun(cpu, 1, ROOT_B, 0);	/* the root is no tag */
	KUNIT_EXPECT_EQ(test, usable(cpu), (u32)(BIT(LEAF_1A) | BIT(LINK_1A) | BIT(LEAF_1B) |
						 MINE_1 | BIT(GLOBAL_1A)));
	tlb_vmexit(cpu, 0);
	KUNIT_EXPECT_EQ(test, usable(cpu), 0U);
	tlb_vmexit(cpu, ROOT_A);
	KUNIT_EXPECT_EQ(test, usable(cpu), (u32)(BIT(LEAF_0) | BIT(OURS_0)));

	machine.intel = true;
	plant_all(cpu);
	tlb_vmentry(cpu, 1, ROOT_A);	/* nested ones carry the root, not the VPID */
	KUNIT_EXPECT_EQ(test, usable(cpu), (u32)(NESTED_A | BIT(OURS_1A) | BIT(GLOBAL_1A)));
	tlb_vmx_exit(cpu);
	KUNIT_EXPECT_EQ(test, usable(cpu), 0U);
}

/* Items that walks leave behind. */

static u32 count(const struct tlb_cpu *cpu, enum tlb_kind kind)
{
	u32 i, nr = 0;

	for (i = 0; i < cpu->nr; i++)
		nr += cpu->item[i].kind == kind;
	return nr;
}

static void a_walk_leaves_every_present_step_and_no_hole(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flavours); i++) {
		struct world *world = world_new(test, &flavours[i]);
		struct tlb_cpu *cpu = world->cpu[0];

		driver_enter(world, 0);
		KUNIT_EXPECT_EQ(test, cpu->nr, 0U);
		world_map(world, 0, PAGE, 16 * GIB, COVIRT_RWX, COVIRT_MT_WB);
		KUNIT_EXPECT_EQ(test, count(cpu, TLB_LINK), 3U);
		KUNIT_EXPECT_EQ(test, count(cpu, TLB_LEAF), 1U);
		KUNIT_EXPECT_EQ(test, count(cpu, TLB_COMBINED), 2U);
		KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s", world->first);
	}
}

/* A link alone is enough to reach what its table says, whatever the tables above it say now. */
static void a_walk_goes_on_from_a_link_that_is_stale(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flavours); i++) {
		struct world *world = world_new(test, &flavours[i]);
		struct tlb_cpu *cpu = world->cpu[0];
		u64 *root = world_virt(world, pt_root(&world->pt));
		u32 slot = WORLD_BASE >> 39;

		world_map(world, 0, PAGE, 16 * GIB, COVIRT_RWX, COVIRT_MT_WB);
		driver_enter(world, 0);
		tlb_drop(cpu, (struct tlb_what) { .kinds = BIT(TLB_LEAF) | TLB_GUESTS });
		root[slot] = 0;
		KUNIT_EXPECT_EQ(test, count(cpu, TLB_LEAF), 0U);
		tlb_speculate(cpu, WORLD_BASE);
		KUNIT_EXPECT_EQ(test, count(cpu, TLB_LEAF), 1U);
	}
}

/* The judge: an item that is wrong in one respect only. */
static void the_judge_misses_nothing(struct kunit *test)
{
	u32 i, wrong;

	for (i = 0; i < ARRAY_SIZE(flavours); i++)
		for (wrong = 0; wrong < 5; wrong++) {
			struct world *world = world_new(test, &flavours[i]);
			struct world_grant *grant = &world->now.atom[0];

			world_map(world, 0, PAGE, 16 * GIB, COVIRT_RW, COVIRT_MT_WB);
			driver_enter(world, 0);
			world_settled(world);
			KUNIT_EXPECT_EQ_MSG(test, world->violations, 0U, "%s", world->first);
			if (wrong == 0)
				grant->hpa += PAGE;
			if (wrong == 1)
				grant->access = COVIRT_READ;
			if (wrong == 2)
				grant->access = COVIRT_RWX;
			if (wrong == 3)
				grant->memtype = COVIRT_MT_UC;
			if (wrong == 4)
				world->now.atom[1] = *grant;
			world_check(world);
			KUNIT_EXPECT_GT_MSG(test, world->violations, 0U, "%s, wrong %u",
					    flavours[i].name, wrong);
		}
}

static struct kunit_case tlb_model_cases[] = {
	KUNIT_CASE_PARAM(an_operation_drops_what_the_manual_says_and_nothing_else,
			 rule_gen_params),
	KUNIT_CASE(a_cpu_uses_what_carries_its_tags),
	KUNIT_CASE(a_walk_leaves_every_present_step_and_no_hole),
	KUNIT_CASE(a_walk_goes_on_from_a_link_that_is_stale),
	KUNIT_CASE(the_judge_misses_nothing),
	{}
};

static struct kunit_suite tlb_model_suite = {
	.name = "covirt-tlb-model",
	.test_cases = tlb_model_cases,
};

kunit_test_suites(&tlb_model_suite);

MODULE_DESCRIPTION("Covirt: the model of tagged translation caches");
MODULE_LICENSE("GPL");
