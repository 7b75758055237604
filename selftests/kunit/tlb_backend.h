/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of an enclave, carried out by the real code of a backend on fake
 * CPUs: what that code would do with instructions is done to the model of
 * tlb_model.h. A suite for one vendor includes this file, fakes the
 * instructions, includes the sources of the backend, and tells by struct
 * backend_duty which flushes it expects of them.
 *
 * Faked are the instructions and what core makes of an exit; of VMX, run.S too, with
 * the INVEPT and INVVPID in it. What is judged is when a flush is made, of what
 * kind, and with which tags and tables the guest is entered.
 */
#ifndef COVIRT_KUNIT_TLB_BACKEND_H
#define COVIRT_KUNIT_TLB_BACKEND_H

#include "core/arch.h"
#include "core/cpu.h"
#include "core/exit.h"
#include "core/hv/safe.h"
#include "core/linux/layout.h"
#include "core/run.h"
#include "selftests/kunit/tlb_driver.h"

#define FRAME_FOREIGN	(8 * GIB)
#define FRAME_OWN	(16 * GIB)
#define REMAP_A		4
#define REMAP_B		(WORLD_PROBES - 1)
#define CONTROL_BLOCKS	BIT_ULL(44)	/* one page for each CPU */

/* When, in the life of the enclave; see rig_live(). */
enum rig_phase { PHASE_START, PHASE_CR0, PHASE_CR4, PHASE_REVOKE, PHASE_HAND_BACK };

/* Targets of a flush: translations with the guest's tags, or with the host's. */
enum rig_target { OF_GUEST, OF_HOST };

/**
 * struct backend_duty - a flush that the backend owes
 * @name:   for the test's description
 * @phase:  when
 * @cpu:    on which CPU
 * @target: of what
 */
struct backend_duty {
	const char *name;
	enum rig_phase phase;
	u32 cpu;
	enum rig_target target;
};

/**
 * struct backend_variant - a processor
 * @name:     for complaints
 * @flavour:  of its nested tables
 * @features: mask of enum covirt_feature
 */
struct backend_variant {
	const char *name;
	const struct flavour *flavour;
	u64 features;
};

/**
 * struct rig - fake CPUs that run a backend
 * @world:      the tables, the model, the judge
 * @backend:    the code under test
 * @config:     what the controller would tell it
 * @cpu:        what it has on each CPU
 * @status:     where it would report
 * @control:    control block of each CPU: AMD's in its own layout, Intel's by field
 * @here:       the CPU that executes
 * @phase:      where in the life
 * @omit:       the flush that the CPUs ignore, or NULL
 * @flushes:    flushes that were made
 * @meanwhile:  called once when a CPU is in the guest
 * @direct_map: the host's table through which it sees the guest's memory, or 0
 */
struct rig {
	struct world *world;
	const struct covirt_backend_cpu *backend;
	struct covirt_config config;
	struct covirt_cpu cpu[WORLD_CPUS];
	struct covirt_status status[WORLD_CPUS];
	void *control[WORLD_CPUS];
	u32 here;
	enum rig_phase phase;
	const struct backend_duty *omit;
	u32 flushes;
	void (*meanwhile)(struct rig *rig);
	hpa_t direct_map;
};

/* Instructions have no argument that would say whose they are. */
static struct rig *rig_now;

/* --- instructions that both vendors' code uses --- */

static inline u64 fake_read_zero(void)
{
	return 0;
}

static inline void fake_write_nothing(u64 value)
{
}

static inline void fake_wrmsr(u32 msr, u64 value)
{
}

static inline int fake_wrmsr_safe(u32 msr, u64 value)
{
	return 0;
}

/* Capability MSRs: every control may be 1 or 0. */
static inline u64 fake_rdmsr(u32 msr)
{
	return GENMASK_ULL(63, 32);
}

/* Each exit is a doorbell, and the CPU is the test's again. */
static inline enum covirt_verdict fake_exit_handle(struct covirt_cpu *cpu,
						   const struct covirt_exit *exit)
{
	return COVIRT_LEAVE;
}

#define arch_read_cr0		fake_read_zero
#define arch_write_cr0		fake_write_nothing
#define arch_read_cr3		fake_read_zero
#define arch_write_cr3		fake_write_cr3
#define arch_read_cr4		fake_read_zero
#define arch_write_cr4		fake_write_nothing
#define arch_read_gdt_base	fake_read_zero
#define arch_rdmsr		fake_rdmsr
#define arch_wrmsr		fake_wrmsr
#define arch_wrmsr_safe		fake_wrmsr_safe
#define exit_handle		fake_exit_handle

static inline struct tlb_cpu *rig_tlb(struct rig *rig)
{
	return rig->world->cpu[rig->here];
}

/* The backend flushes. Does the CPU obey? */
static inline bool rig_flush_obeyed(struct rig *rig, enum rig_target target)
{
	const struct backend_duty *omit = rig->omit;

	rig->flushes++;
	return !omit || omit->phase != rig->phase || omit->cpu != rig->here ||
	       omit->target != target;
}

static inline void fake_write_cr3(u64 value)
{
	if (rig_flush_obeyed(rig_now, OF_HOST))
		tlb_host_mov_cr3(rig_tlb(rig_now));
}

/* A CPU may be told to walk its own control block. */
static inline u64 rig_read(void *ctx, hpa_t table, u32 index)
{
	u64 n = (table - CONTROL_BLOCKS) / PAGE;

	if (n < WORLD_CPUS)
		return ((u64 *)rig_now->control[n])[index];
	return world_read(ctx, table, index);
}

/*
 * Entry to the guest. A CPU whose own tables can be walked may use any address; another one comes
 * no further than its CR3.
 */
static inline void rig_guest_runs(struct rig *rig, gpa_t cr3)
{
	void (*meanwhile)(struct rig *rig) = rig->meanwhile;
	u32 here = rig->here;

	if (cr3 != rig->config.entry.cr3) {
		tlb_speculate(rig_tlb(rig), cr3);
		return;
	}
	world_check(rig->world);
	rig->meanwhile = NULL;
	if (meanwhile)
		meanwhile(rig);
	rig->here = here;
}

/* --- the backend at work on a CPU --- */

static inline void rig_enable(struct rig *rig, u32 n)
{
	rig->here = n;
	rig->backend->enable(&rig->cpu[n]);
}

static inline void rig_run(struct rig *rig, u32 n)
{
	rig->here = n;
	rig->backend->run(&rig->cpu[n]);
}

/*
 * The guest changes its tables, then writes a control register, which exits.
 * REMAP_A and REMAP_B are in ranges of several pages: no other probe has their address.
 */
static inline void rig_guest_writes(struct rig *rig, u32 n, enum covirt_reg reg)
{
	rig->here = n;
	world_guest_remap(rig->world, n, REMAP_A, REMAP_B);
	rig->backend->write(&rig->cpu[n], reg, rig->backend->read(&rig->cpu[n], reg));
	rig_run(rig, n);
}

/* Linux takes the CPU: leaving the hypervisor's tables it loads its own into CR3. */
static inline void rig_hand_back(struct rig *rig, u32 n)
{
	rig->here = n;
	rig->backend->disable(&rig->cpu[n]);
	rig_tlb(rig)->walks = false;
	tlb_host_mov_cr3(rig_tlb(rig));
	world_judge_left(rig->world, rig_tlb(rig));
}

/* --- the life --- */

/* Another hypervisor used the CPUs, with the same tags, and left without a flush. */
static inline void rig_foreign(struct rig *rig)
{
	struct world *world = rig->world;
	hpa_t root = pt_root(&world->pt);
	u32 n;

	world_map(world, 0, 2 * M2, FRAME_FOREIGN, COVIRT_RWX, COVIRT_MT_WB);
	world_settled(world);
	for (n = 0; n < WORLD_CPUS; n++) {
		driver_enter(world, n);
		driver_exit(world, n);
		KUNIT_EXPECT_GT(world->test, world->cpu[n]->nr, 0U);
	}
	world_tables_destroy(world);
	world_tables_init(world);
	KUNIT_ASSERT_EQ(world->test, pt_root(&world->pt), root);
}

/* As controller/hv/space.c links the nested tables into the hypervisor's, but at address 0. */
static inline void rig_link_direct_map(struct rig *rig)
{
	const u64 *root = world_virt(rig->world, pt_root(&rig->world->pt));
	u64 *direct_map = world_alloc(rig->world, &rig->direct_map);
	u32 i;

	for (i = 0; i < 512; i++)
		direct_map[i] = root[i] ? (root[i] & ~BIT_ULL(1)) | BIT_ULL(63) : 0;
}

static inline void rig_build(struct rig *rig)
{
	struct covirt_extent blank = ram(COVIRT_LOW_END, FRAME_OWN, PAGE);
	struct world *world = rig->world;

	blank.kind = COVIRT_KIND_BLANK;
	blank.len = COVIRT_BLANK_END - COVIRT_LOW_END;
	KUNIT_ASSERT_EQ(world->test, pt_map(&world->pt, &blank), 0);
	world_map(world, 0, 3 * GIB, FRAME_OWN, COVIRT_RWX, COVIRT_MT_WB);
	world_settled(world);
	rig->config.nested_root = pt_root(&world->pt);
	if (rig->config.features & COVIRT_FEATURE_DIRECT_MAP)
		rig_link_direct_map(rig);
}

static inline void rig_edit(struct rig *rig)
{
	world_unmap(rig->world, PAGE, 2 * PAGE);
	world_protect(rig->world, 2 * GIB, 2 * GIB + M2, COVIRT_READ);
	world_unmap(rig->world, GIB + PAGE, GIB + M2);
	world_unmap(rig->world, GIB, GIB + PAGE);	/* the last page of its table */
}

/* The second CPU enters, and then, with both in the guest, the map is edited. */
static inline void rig_edit_with_both(struct rig *rig)
{
	rig->meanwhile = rig_edit;
	rig_run(rig, 1);
}

/* A CPU says that it has flushed before it enters again, see run_commands(). */
static inline void rig_revoke(struct rig *rig)
{
	u32 n;

	rig->meanwhile = rig_edit_with_both;
	rig_run(rig, 0);
	for (n = 0; n < WORLD_CPUS; n++) {
		rig->here = n;
		rig->backend->flush(&rig->cpu[n]);
	}
	KUNIT_EXPECT_GT(rig->world->test, (u64)world_pages_used(rig->world) - !!rig->direct_map,
			pt_nr_tables(&rig->world->pt));
	pt_flush_done(&rig->world->pt);
	world_settled(rig->world);
	for (n = 0; n < WORLD_CPUS; n++)
		rig_run(rig, n);
}

static inline void rig_live(struct rig *rig)
{
	u32 n;

	rig_foreign(rig);
	rig_build(rig);
	rig->phase = PHASE_START;
	for (n = 0; n < WORLD_CPUS; n++)
		rig_enable(rig, n);
	for (n = 0; n < WORLD_CPUS; n++)
		rig_run(rig, n);
	rig->phase = PHASE_CR0;
	rig_guest_writes(rig, 0, COVIRT_REG_CR0);
	rig->phase = PHASE_CR4;
	rig_guest_writes(rig, 1, COVIRT_REG_CR4);
	rig->phase = PHASE_REVOKE;
	rig_revoke(rig);
	rig->phase = PHASE_HAND_BACK;
	for (n = 0; n < WORLD_CPUS; n++)
		rig_hand_back(rig, n);
	world_tables_destroy(rig->world);
}

static inline void rig_init_cpu(struct rig *rig, u32 n, size_t control_size)
{
	rig->control[n] = world_zalloc(rig->world->test, control_size);
	rig->config.cpu[n].control_block = CONTROL_BLOCKS + n * PAGE;
	rig->cpu[n].config = &rig->config;
	rig->cpu[n].index = n;
	rig->cpu[n].self = &rig->config.cpu[n];
	rig->cpu[n].status = &rig->status[n];
	rig->cpu[n].control = rig->control[n];
	rig->cpu[n].backend = rig->backend;
	rig->cpu[n].cr4_mask = ~0ULL;
}

/* A run on one kind of processor, in which the CPUs ignore one flush, or none. */
static inline struct rig *rig_lived(struct kunit *test, const struct covirt_backend_cpu *backend,
				    const struct backend_variant *variant, size_t control_size,
				    const struct backend_duty *omit)
{
	struct rig *rig = world_zalloc(test, sizeof(*rig));
	u32 n;

	rig_now = rig;
	rig->world = world_new(test, variant->flavour);
	rig->world->machine.read = rig_read;
	rig->backend = backend;
	rig->config.features = variant->features;
	rig->config.entry.cr3 = 0x5000;
	rig->omit = omit;
	for (n = 0; n < WORLD_CPUS; n++)
		rig_init_cpu(rig, n, control_size);
	rig_live(rig);
	return rig;
}

/* --- the two cases of every backend --- */

/**
 * struct backend_under_test - a backend, and what is expected of it
 * @cpu:          the code
 * @control_size: bytes of its control block
 * @variants:     processors that it meets
 * @nr_variants:  of @variants
 * @duties:       flushes that it owes
 * @nr_duties:    of @duties
 */
struct backend_under_test {
	const struct covirt_backend_cpu *cpu;
	size_t control_size;
	const struct backend_variant *variants;
	u32 nr_variants;
	const struct backend_duty *duties;
	u32 nr_duties;
};

static inline struct rig *backend_lived(struct kunit *test, const struct backend_under_test *under,
					u32 variant, const struct backend_duty *omit)
{
	return rig_lived(test, under->cpu, &under->variants[variant], under->control_size, omit);
}

/* A hypervisor with a direct map of the guest owes flushes of its own translations, too. */
static inline bool duty_exists(const struct backend_duty *duty,
			       const struct backend_variant *variant)
{
	return duty->target == OF_GUEST || variant->features & COVIRT_FEATURE_DIRECT_MAP;
}

static inline u32 duties_of(const struct backend_under_test *under, u32 variant)
{
	u32 i, nr = 0;

	for (i = 0; i < under->nr_duties; i++)
		nr += duty_exists(&under->duties[i], &under->variants[variant]);
	return nr;
}

/* And those are all of them: a flush that is in no row of the table would be one too many. */
static inline void expect_safe_with_flushes(struct kunit *test,
					    const struct backend_under_test *under)
{
	u32 i;

	for (i = 0; i < under->nr_variants; i++) {
		struct rig *rig = backend_lived(test, under, i, NULL);

		KUNIT_EXPECT_EQ_MSG(test, rig->world->violations, 0U, "%s: %s",
				    under->variants[i].name, rig->world->first);
		KUNIT_EXPECT_EQ_MSG(test, rig->flushes, duties_of(under, i), "%s",
				    under->variants[i].name);
	}
}

static inline void expect_unsafe_without(struct kunit *test,
					 const struct backend_under_test *under,
					 const struct backend_duty *duty)
{
	u32 i;

	for (i = 0; i < under->nr_variants; i++)
		if (duty_exists(duty, &under->variants[i]))
			KUNIT_EXPECT_GT_MSG(test,
					    backend_lived(test, under, i, duty)->world->violations,
					    0U, "%s: nothing noticed", under->variants[i].name);
}

static inline void backend_duty_desc(const struct backend_duty *duty, char *desc)
{
	strscpy(desc, duty->name, KUNIT_PARAM_DESC_SIZE);
}

#endif /* COVIRT_KUNIT_TLB_BACKEND_H */
