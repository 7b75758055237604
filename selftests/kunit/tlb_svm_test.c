// SPDX-License-Identifier: GPL-2.0-only
/* The SVM backend's flushes, one by one, under the model of tlb_model.h. */
#include <linux/module.h>

#include "core/hv/hv.h"
#include "selftests/kunit/tlb_backend.h"
#include "backend/svm/svm.h"

/* Fakes of backend/svm/run.S, backend/svm/interrupt.c and core/fetch.c. */

void svm_vmload(hpa_t vmcb)
{
}

void idt_load_stack(void)
{
}

void svm_clgi(void)
{
}

void svm_stgi(void)
{
}

void svm_take_nmi(void)
{
}

void svm_wait_nmi(struct covirt_cpu *cpu)
{
}

u32 guest_fetch(struct covirt_cpu *cpu, u8 *buf, u32 len)
{
	return 0;
}

s32 svm_accept(struct covirt_cpu *cpu)
{
	return -1;
}

void svm_interrupt(struct covirt_cpu *cpu, vector_t vector)
{
}

void svm_interrupt_window_open(struct covirt_cpu *cpu)
{
}

void svm_redeliver(struct covirt_cpu *cpu)
{
}

void apic_send_nmi(const struct covirt_cpu *cpu, apicid_t apicid)
{
}

/* A fake VMRUN and all that happens until the next #VMEXIT, after which the loop ends. */
void svm_loop(struct covirt_cpu *cpu, hpa_t address, hpa_t host, svm_exit_handler *handler)
{
	struct rig *rig = rig_now;
	struct vmcb *vmcb = rig->control[rig->here];
	u8 tlb_control = vmcb->control.tlb_control;

	KUNIT_EXPECT_EQ(rig->world->test, address, CONTROL_BLOCKS + rig->here * PAGE);
	KUNIT_EXPECT_NE(rig->world->test, vmcb->control.asid, 0U);
	KUNIT_EXPECT_EQ(rig->world->test, vmcb->control.nested_ctl, (u64)VMCB_NP_ENABLE);
	/* 3 is reserved where CPUID does not say otherwise (15.16.1), others than these always. */
	if (tlb_control == VMCB_TLB_FLUSH_ASID)
		KUNIT_EXPECT_TRUE(rig->world->test,
				  rig->config.features & COVIRT_FEATURE_FLUSH_BY_ASID);
	else if (tlb_control != VMCB_TLB_FLUSH_ALL)
		KUNIT_EXPECT_EQ(rig->world->test, tlb_control, (u8)VMCB_TLB_KEEP);
	if (tlb_control && !rig_flush_obeyed(rig, OF_GUEST))
		tlb_control = VMCB_TLB_KEEP;
	tlb_vmrun(rig_tlb(rig), vmcb->control.asid, vmcb->control.nested_cr3, tlb_control);
	rig_guest_runs(rig, vmcb->save.cr3);
	tlb_vmexit(rig_tlb(rig), rig->direct_map);
	vmcb->control.exitcode = VMEXIT_NMI;
	KUNIT_EXPECT_EQ(rig->world->test, (int)handler(cpu), (int)COVIRT_LEAVE);
	world_check(rig->world);
}

#include "backend/svm/nmi.c"
#include "backend/svm/inject.c"
#include "backend/svm/guest.c"
#include "backend/svm/vmcb.c"
#include "backend/svm/exit.c"
#include "backend/svm/cpu.c"

static const struct backend_variant variants[] = {
	{ "flushes by ASID", &flavours[0], COVIRT_FEATURE_FLUSH_BY_ASID },
	{ "flushes everything only", &flavours[0], 0 },
	{ "without 1 GiB pages", &flavours[1], COVIRT_FEATURE_FLUSH_BY_ASID },
	{ "does not decode, flushes by ASID", &flavours[0],
	  COVIRT_FEATURE_FLUSH_BY_ASID | COVIRT_FEATURE_DIRECT_MAP },
	{ "does not decode, flushes everything only", &flavours[0], COVIRT_FEATURE_DIRECT_MAP },
};

static const struct backend_duty duties[] = {
	{ "start, after another user of the ASID", PHASE_START, 0, OF_GUEST },
	{ "start, second CPU", PHASE_START, 1, OF_GUEST },
	{ "the guest writes CR0", PHASE_CR0, 0, OF_GUEST },
	{ "the guest writes CR4", PHASE_CR4, 1, OF_GUEST },
	{ "revoke", PHASE_REVOKE, 0, OF_GUEST },
	{ "revoke, second CPU", PHASE_REVOKE, 1, OF_GUEST },
	{ "revoke, what the hypervisor saw of it", PHASE_REVOKE, 0, OF_HOST },
	{ "revoke, what the hypervisor saw of it, second CPU", PHASE_REVOKE, 1, OF_HOST },
	{ "hand-back", PHASE_HAND_BACK, 0, OF_GUEST },
	{ "hand-back, second CPU", PHASE_HAND_BACK, 1, OF_GUEST },
};

KUNIT_ARRAY_PARAM(backend_duty, duties, backend_duty_desc);

static const struct backend_under_test under = {
	&svm_backend_cpu, sizeof(struct vmcb),
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

static struct kunit_case tlb_svm_cases[] = {
	KUNIT_CASE(with_its_flushes_the_backend_is_safe),
	KUNIT_CASE_PARAM(without_one_of_them_it_is_not, backend_duty_gen_params),
	{}
};

static struct kunit_suite tlb_svm_suite = {
	.name = "covirt-tlb-svm",
	.test_cases = tlb_svm_cases,
};

kunit_test_suites(&tlb_svm_suite);

MODULE_DESCRIPTION("Covirt: flushes of the SVM backend");
MODULE_LICENSE("GPL");
