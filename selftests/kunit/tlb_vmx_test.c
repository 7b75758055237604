// SPDX-License-Identifier: GPL-2.0-only
/* The VMX backend's flushes, one by one, under the model of tlb_model.h. */
#include <linux/module.h>

#include "selftests/kunit/tlb_backend.h"
#include "backend/vmx/caps.h"

/* Fakes of VMREAD, VMWRITE, and of backend/vmx/run.S. */

#define vmcs_read	hardware_vmcs_read
#define vmcs_write	hardware_vmcs_write
#include "backend/vmx/access.h"
#undef vmcs_read
#undef vmcs_write

static u64 vmcs_read(enum vmcs_field field);
static void vmcs_write(enum vmcs_field field, u64 value);

#include "backend/vmx/vmx.h"

#define VMCS_FIELDS	0x7000

static u64 vmcs_read(enum vmcs_field field)
{
	return ((u64 *)rig_now->control[rig_now->here])[field];
}

static void vmcs_write(enum vmcs_field field, u64 value)
{
	((u64 *)rig_now->control[rig_now->here])[field] = value;
}

int vmx_on(const hpa_t *region)
{
	return 0;
}

int vmx_clear(const hpa_t *vmcs)
{
	return 0;
}

int vmx_load(const hpa_t *vmcs)
{
	KUNIT_EXPECT_EQ(rig_now->world->test, *vmcs, CONTROL_BLOCKS + rig_now->here * PAGE);
	return 0;
}

void vmx_off(void)
{
}

void vmx_wait_nmi(struct covirt_cpu *cpu)
{
}

void vmx_unblock_nmi(void)
{
}

/* Parts of vmx_invalidate_all() that a processor has; see the last two cases. */
static bool have_invept = true, have_invvpid = true;

void vmx_invalidate_all(void)
{
	if (!rig_flush_obeyed(rig_now, OF_GUEST))
		return;
	if (have_invept)
		tlb_invept(rig_tlb(rig_now), 2, 0);
	if (have_invvpid)
		tlb_invvpid(rig_tlb(rig_now), 2, 0, 0);
}

/* A fake entry and all that happens until the next exit, after which the loop ends. */
void vmx_loop(struct covirt_cpu *cpu, vmx_exit_handler *handler)
{
	struct rig *rig = rig_now;
	u64 secondary = vmcs_read(VMCS_SECONDARY_CONTROLS);

	KUNIT_EXPECT_TRUE(rig->world->test, secondary & SECONDARY_EPT);
	tlb_vmentry(rig_tlb(rig), secondary & SECONDARY_VPID ? vmcs_read(VMCS_VPID) : 0,
		    vmcs_read(VMCS_EPT_POINTER));
	rig_guest_runs(rig, vmcs_read(VMCS_GUEST_CR3));
	tlb_vmx_exit(rig_tlb(rig));
	vmcs_write(VMCS_EXIT_REASON, VMX_EXIT_EVENT);
	vmcs_write(VMCS_EXIT_EVENT, EVENT_VALID | EVENT_TYPE_NMI << 8 | ARCH_VECTOR_NMI);
	KUNIT_EXPECT_EQ(rig->world->test, (int)handler(cpu, VMX_ENTERED), (int)COVIRT_LEAVE);
}

/* Fakes of backend/vmx/interrupt.c and of core/hv/trap_stubs.S. */

s32 vmx_accept(struct covirt_cpu *cpu)
{
	return -1;
}

void vmx_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
}

bool vmx_interrupt_window_open(struct covirt_cpu *cpu)
{
	return false;
}

void vmx_redeliver(struct covirt_cpu *cpu)
{
}

const char hv_stack_idt[1], hv_tss[1];

/* User-Mode Linux gives these names to offsets in a ptrace structure. */
#undef ES
#undef CS
#undef SS
#undef DS
#undef FS
#undef GS
#include "backend/vmx/vmcs.c"

#include "backend/vmx/nmi.c"
#include "backend/vmx/inject.c"
#include "backend/vmx/guest.c"
#include "backend/vmx/exit.c"
#include "backend/vmx/cpu.c"

static const struct backend_variant variants[] = {
	{ "with 1 GiB pages", &flavours[3], 0 },
	{ "without 1 GiB pages", &flavours[4], 0 },
};

static const struct backend_duty duties[] = {
	{ "start, after another user of VPID and root", PHASE_START, 0, OF_GUEST },
	{ "start, second CPU", PHASE_START, 1, OF_GUEST },
	{ "the guest writes CR0", PHASE_CR0, 0, OF_GUEST },
	{ "the guest writes CR4", PHASE_CR4, 1, OF_GUEST },
	{ "revoke", PHASE_REVOKE, 0, OF_GUEST },
	{ "revoke, second CPU", PHASE_REVOKE, 1, OF_GUEST },
	{ "hand-back", PHASE_HAND_BACK, 0, OF_GUEST },
	{ "hand-back, second CPU", PHASE_HAND_BACK, 1, OF_GUEST },
};

KUNIT_ARRAY_PARAM(backend_duty, duties, backend_duty_desc);

static const struct backend_under_test under = {
	&vmx_backend_cpu, VMCS_FIELDS * sizeof(u64),
	variants, ARRAY_SIZE(variants), duties, ARRAY_SIZE(duties),
};

static void with_its_flushes_the_backend_is_safe(struct kunit *test)
{
	expect_safe_with_flushes(test, &under);
}

static void without_one_of_them_it_is_not(struct kunit *test)
{
	expect_unsafe_without(test, &under, test->param_value);
}

/* INVVPID leaves guest-physical mappings alone (SDM vol. 3, 29.4.3.1). */
static void invvpid_alone_would_not_do(struct kunit *test)
{
	u32 i;

	have_invept = false;
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		KUNIT_EXPECT_GT_MSG(test, backend_lived(test, &under, i, NULL)->world->violations,
				    0U, "%s", variants[i].name);
	have_invept = true;
}

/* INVEPT takes combined mappings along, and with EPT there are no others (29.4.2). */
static void invept_alone_would(struct kunit *test)
{
	u32 i;

	have_invvpid = false;
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		KUNIT_EXPECT_EQ_MSG(test, backend_lived(test, &under, i, NULL)->world->violations,
				    0U, "%s", variants[i].name);
	have_invvpid = true;
}

/* The model has no paging of the host's on Intel: that there is a flush is all that is judged. */
static void a_direct_map_of_the_guest_is_flushed_too(struct kunit *test)
{
	struct rig *rig = backend_lived(test, &under, 0, NULL);
	u32 before = rig->flushes;

	rig->config.features |= COVIRT_FEATURE_DIRECT_MAP;
	vmx_flush(&rig->cpu[0]);
	KUNIT_EXPECT_EQ(test, rig->flushes, before + 2);
}

static struct kunit_case tlb_vmx_cases[] = {
	KUNIT_CASE(with_its_flushes_the_backend_is_safe),
	KUNIT_CASE_PARAM(without_one_of_them_it_is_not, backend_duty_gen_params),
	KUNIT_CASE(invvpid_alone_would_not_do),
	KUNIT_CASE(invept_alone_would),
	KUNIT_CASE(a_direct_map_of_the_guest_is_flushed_too),
	{}
};

static struct kunit_suite tlb_vmx_suite = {
	.name = "covirt-tlb-vmx",
	.test_cases = tlb_vmx_cases,
};

kunit_test_suites(&tlb_vmx_suite);

MODULE_DESCRIPTION("Covirt: flushes of the VMX backend");
MODULE_LICENSE("GPL");
