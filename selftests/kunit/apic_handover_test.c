// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC from Linux to the hypervisor and back, where a model takes the place of the
 * processor: no emulator has one that firmware keeps in x2APIC mode.
 */
#include <kunit/test.h>

#include "core/apic.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/hv/safe.h"

#define MODE		(ARCH_APIC_BASE_EN | ARCH_APIC_BASE_EXTD)
#define BASE		0xfee00000ULL
#define REGISTERS	0x40

/**
 * struct model - one CPU's local APIC, as far as MSRs reach it
 * @base:     IA32_APIC_BASE
 * @locked:   LEGACY_XAPIC_DISABLED of IA32_XAPIC_DISABLE_STATUS
 * @has_cmci: there is a local vector for corrected machine checks
 * @reg:      registers
 * @panics:   writes that fault and have no fixup
 * @moves:    writes of @base
 */
static struct model {
	u64 base;
	bool locked;
	bool has_cmci;
	u32 reg[REGISTERS];
	u32 panics;
	u32 moves;
} model;

/* As an INIT and a pass through the disabled state leave them: SDM vol. 3, 12.4.7. */
static void model_reset(void)
{
	u32 reg;

	memset(model.reg, 0, sizeof(model.reg));
	for (reg = APIC_REG_LVT_TIMER; reg <= APIC_REG_LVT_ERROR; reg++)
		model.reg[reg] = BIT(16);
	model.reg[APIC_REG_LVT_CMCI] = model.has_cmci ? BIT(16) : 0;
	model.reg[APIC_REG_SVR] = 0xff;
}

/* SDM vol. 3, figure 12-27 and 12.12.5.1: which changes of the mode are #GP. */
static int base_write(u64 value)
{
	u64 from = model.base & MODE, to = value & MODE;

	if (to == ARCH_APIC_BASE_EXTD || (from == MODE && to == ARCH_APIC_BASE_EN) ||
	    (!from && to == MODE) || (from == MODE && to != MODE && model.locked))
		return -1;
	model.moves++;
	model.base = value;
	if (!to)
		model_reset();
	return 0;
}

static void end_of_interrupt(void)
{
	int n = 7;

	while (n && !model.reg[APIC_REG_ISR + n])
		n--;
	if (model.reg[APIC_REG_ISR + n])
		model.reg[APIC_REG_ISR + n] &= ~BIT(fls(model.reg[APIC_REG_ISR + n]) - 1);
}

static int fake_wrmsr_safe(u32 msr, u64 value)
{
	u32 reg = msr - APIC_MSR;

	if (msr == ARCH_MSR_APIC_BASE)
		return base_write(value);
	if ((model.base & MODE) != MODE || reg >= REGISTERS ||
	    (reg == APIC_REG_LVT_CMCI && !model.has_cmci))
		return -1;
	if (reg == APIC_REG_EOI)
		end_of_interrupt();
	else
		model.reg[reg] = value;
	return 0;
}

static void fake_wrmsr(u32 msr, u64 value)
{
	model.panics += !!fake_wrmsr_safe(msr, value);
}

static u64 fake_rdmsr(u32 msr)
{
	return msr == ARCH_MSR_APIC_BASE ? model.base : model.reg[(msr - APIC_MSR) % REGISTERS];
}

#define arch_rdmsr	fake_rdmsr
#define arch_wrmsr	fake_wrmsr
#define arch_wrmsr_safe	fake_wrmsr_safe
#define apic_send_nmi	handover_send_nmi	/* suites of the flushes have one of that name */

#include "core/hv/apic.c"

static const struct covirt_config config;

/* Changes the APIC as a co-kernel may leave it. */
static void use(void)
{
	u32 reg;

	for (reg = APIC_REG_LVT_TIMER; reg <= APIC_REG_LVT_ERROR; reg++)
		model.reg[reg] = 0x31;
	model.reg[APIC_REG_LVT_CMCI] = model.has_cmci ? 0x32 : 0;
	model.reg[APIC_REG_SVR] = 0x1ff;
	model.reg[APIC_REG_TPR] = 0x50;
	model.reg[APIC_REG_ESR] = 4;
	model.reg[APIC_REG_TIMER_COUNT] = 1000;
	model.reg[APIC_REG_TIMER_DIVIDE] = 9;
	model.reg[APIC_REG_ISR + 1] = BIT(17);
	model.reg[APIC_REG_ISR + 6] = BIT(3) | BIT(30);
}

/* From an INIT of Linux's on; @locked: the mode, as seen when the co-kernel has ended. */
static void hand_over(u64 base, bool has_cmci, bool locked)
{
	struct covirt_cpu cpu = { .config = &config };

	model = (struct model){ .base = base, .has_cmci = has_cmci };
	model_reset();
	apic_choose(&cpu);
	apic_enter(&cpu);
	model.locked = locked;
	use();
	apic_restore(&cpu);
}

/* No difference to the registers of an APIC that nobody has used. */
static void expect_clean(struct kunit *test)
{
	u32 left[REGISTERS];

	memcpy(left, model.reg, sizeof(left));
	model_reset();
	KUNIT_EXPECT_EQ(test, memcmp(left, model.reg, sizeof(left)), 0);
	KUNIT_EXPECT_EQ(test, model.panics, 0U);
}

static void in_xapic_mode_linux_has_it_back_in_that_mode(struct kunit *test)
{
	hand_over(BASE | ARCH_APIC_BASE_EN, true, false);
	KUNIT_EXPECT_EQ(test, model.base, BASE | ARCH_APIC_BASE_EN);
	expect_clean(test);
}

static void in_x2apic_mode_the_mode_is_never_left(struct kunit *test)
{
	u32 n;

	for (n = 0; n < 4; n++) {
		hand_over(BASE | MODE, n & 2, n & 1);
		KUNIT_EXPECT_EQ(test, model.base, BASE | MODE);
		KUNIT_EXPECT_EQ(test, model.moves, 0U);
		expect_clean(test);
	}
}

/* A processor that does not let go of it after all is no reason for a panic. */
static void a_mode_that_cannot_be_left_is_kept(struct kunit *test)
{
	hand_over(BASE | ARCH_APIC_BASE_EN, true, true);
	KUNIT_EXPECT_EQ(test, model.base, BASE | MODE);
	expect_clean(test);
}

/* From an INIT of Linux's on; @features: what the controller knows of Linux's mode. */
static void panic_over(u64 base, u64 features, bool locked)
{
	static struct covirt_config known;	/* too large for a stack */
	struct covirt_cpu cpu = { .config = &known };

	known.features = features;
	model = (struct model){ .base = base };
	model_reset();
	apic_choose(&cpu);
	apic_enter(&cpu);
	model.locked = locked;
	use();
	apic_abandon(&known);
}

static void a_panic_leaves_linux_s_mode(struct kunit *test)
{
	panic_over(BASE | ARCH_APIC_BASE_EN, 0, false);
	KUNIT_EXPECT_EQ(test, model.base, BASE | ARCH_APIC_BASE_EN);
	expect_clean(test);
	panic_over(BASE | MODE, COVIRT_FEATURE_LINUX_X2APIC, true);
	KUNIT_EXPECT_EQ(test, model.base, BASE | MODE);
	KUNIT_EXPECT_EQ(test, model.moves, 0U);
	panic_over(BASE | ARCH_APIC_BASE_EN, 0, true);
	KUNIT_EXPECT_EQ(test, model.base, BASE | MODE);
	KUNIT_EXPECT_EQ(test, model.panics, 0U);
}

static struct kunit_case apic_handover_cases[] = {
	KUNIT_CASE(in_xapic_mode_linux_has_it_back_in_that_mode),
	KUNIT_CASE(in_x2apic_mode_the_mode_is_never_left),
	KUNIT_CASE(a_mode_that_cannot_be_left_is_kept),
	KUNIT_CASE(a_panic_leaves_linux_s_mode),
	{}
};

static struct kunit_suite apic_handover_suite = {
	.name = "covirt-apic-handover",
	.test_cases = apic_handover_cases,
};

kunit_test_suites(&apic_handover_suite);
