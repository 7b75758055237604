// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC at hand-over and at an INIT, and what the hypervisor sends. There are two
 * ways to its registers, and a CPU takes the one that suits its processor: MSRs, in x2APIC
 * mode, or where there is no such mode a page at HV_APIC.
 */
#include "core/apic.h"
#include "core/cpu.h"
#include "irq/avic_posted/apic_mode.h"
#include "irq/avic_posted/icr.h"
#include "hv.h"
#include "safe.h"
#include "x2apic.h"

#define LVT_MASKED		BIT(16)
#define SPURIOUS_RESET		0xff
#define NR_VECTORS		256

/**
 * struct apic_access - a way to the registers
 * @enter:   from Linux's mode to that of the enclave
 * @restore: back, with nothing of the co-kernel in the APIC
 * @read:    a register
 * @write:   a register; one that the APIC lacks is left out
 * @send:    an IPI to one CPU: delivery mode and vector
 * @send_to: the same to CPUs of the enclave, by CPU index
 */
struct apic_access {
	void (*enter)(struct covirt_cpu *cpu);
	void (*restore)(const struct covirt_cpu *cpu);
	u32 (*read)(enum apic_register reg);
	void (*write)(enum apic_register reg, u32 value);
	void (*send)(u32 command, apicid_t apicid);
	void (*send_to)(const struct covirt_config *config, u32 targets, u32 command);
};

/* Always inlined: the loop has no indirect call, and a target costs a dozen instructions. */
static inline __attribute__((__always_inline__)) void
send_each(const struct covirt_config *config, u32 targets, u32 command,
	  void (*send)(u32 command, apicid_t apicid))
{
	u32 index, rest;

	for_each_index(index, rest, targets)
		send(command, config->cpu[index].apicid);
}

/* --- x2APIC mode --- */

#define X2APIC_MODE	(ARCH_APIC_BASE_EN | ARCH_APIC_BASE_EXTD)

/*
 * The INIT that brought the CPU here has reset the APIC's registers, so the way
 * in need not pass through the disabled state, from which some (Bochs') never return.
 */
static void x2apic_enter(struct covirt_cpu *cpu)
{
	cpu->apic_base = arch_rdmsr(ARCH_MSR_APIC_BASE);
	if ((cpu->apic_base & X2APIC_MODE) != X2APIC_MODE)
		arch_wrmsr(ARCH_MSR_APIC_BASE, cpu->apic_base | X2APIC_MODE);
}

/*
 * SDM vol. 3, 12.12.5 and APM vol. 2, 16.9: the only way out of x2APIC mode is
 * through the disabled state, which also resets every register of the APIC.
 */
static bool x2apic_leave(u64 base)
{
	if (arch_wrmsr_safe(ARCH_MSR_APIC_BASE, base & ~X2APIC_MODE))
		return false;
	if (base & ARCH_APIC_BASE_EN)
		arch_wrmsr_safe(ARCH_MSR_APIC_BASE, base & ~ARCH_APIC_BASE_EXTD);
	return true;
}

/*
 * x2APIC mode is kept if Linux is in it: firmware may have locked it, and leaving it would be #GP
 * (LEGACY_XAPIC_DISABLED of IA32_XAPIC_DISABLE_STATUS, SDM vol. 3, 12.12.5.1).
 */
static void x2apic_restore(const struct covirt_cpu *cpu)
{
	if (!(cpu->apic_base & ARCH_APIC_BASE_EXTD) && x2apic_leave(cpu->apic_base))
		return;
	apic_write(cpu, APIC_REG_LVT_CMCI, LVT_MASKED);
	apic_write(cpu, APIC_REG_ESR, 0);
	apic_reset(cpu);
}

static u32 x2apic_read(enum apic_register reg)
{
	return arch_rdmsr(APIC_MSR + reg);
}

static void x2apic_write(enum apic_register reg, u32 value)
{
	arch_wrmsr_safe(APIC_MSR + reg, value);
}

static void x2apic_send_to(const struct covirt_config *config, u32 targets, u32 command)
{
	send_each(config, targets, command, x2apic_send);
}

static const struct apic_access x2apic = {
	x2apic_enter, x2apic_restore, x2apic_read, x2apic_write, x2apic_send, x2apic_send_to,
};

/* --- xAPIC mode --- */

#define ICR_PENDING	BIT(12)	/* SDM vol. 3, figure 12-12: the APIC has not sent it yet */
#define ICR_DEST(apicid)	((apicid) << 24)

static volatile u32 *xapic_register(enum apic_register reg)
{
	return (volatile u32 *)(HV_APIC + (u64)APIC_STRIDE * reg);
}

static u32 xapic_read(enum apic_register reg)
{
	return *xapic_register(reg);
}

static void xapic_write(enum apic_register reg, u32 value)
{
	*xapic_register(reg) = value;
}

/*
 * Linux in flat logical mode addresses its CPUs by bits, and which of them mean this CPU
 * says the LDR: none. The guest cannot write it.
 */
static void xapic_enter(struct covirt_cpu *cpu)
{
	cpu->apic_base = arch_rdmsr(ARCH_MSR_APIC_BASE);
	arch_wrmsr(ARCH_MSR_APIC_BASE, cpu->apic_base | ARCH_APIC_BASE_EN);
	xapic_write(APIC_REG_DFR, ~0U);
	xapic_write(APIC_REG_LDR, 0);
}

/*
 * apic_reset() does not clear everything: the INIT by which Linux gets the CPU back does the rest.
 */
static void xapic_restore(const struct covirt_cpu *cpu)
{
	apic_reset(cpu);
	arch_wrmsr_safe(ARCH_MSR_APIC_BASE, cpu->apic_base);
}

static void xapic_wait(void)
{
	while (xapic_read(APIC_REG_ICR) & ICR_PENDING)
		asm volatile("pause");
}

/* The guest may be between its writes of the two halves: it finds again what it wrote. */
static void xapic_send(u32 command, apicid_t apicid)
{
	u32 guests = xapic_read(APIC_REG_ICR_HIGH);

	xapic_wait();
	xapic_write(APIC_REG_ICR_HIGH, ICR_DEST(apicid));
	xapic_write(APIC_REG_ICR, command);
	xapic_wait();
	xapic_write(APIC_REG_ICR_HIGH, guests);
}

static void xapic_send_to(const struct covirt_config *config, u32 targets, u32 command)
{
	send_each(config, targets, command, xapic_send);
}

static const struct apic_access xapic = {
	xapic_enter, xapic_restore, xapic_read, xapic_write, xapic_send, xapic_send_to,
};

/* --- both --- */

/**
 * apic_choose() - find the way to its registers
 * @cpu: this CPU
 */
void apic_choose(struct covirt_cpu *cpu)
{
	cpu->apic = cpu->config->features & COVIRT_FEATURE_XAPIC ? &xapic : &x2apic;
}

/**
 * apic_enter() - the mode in which the enclave has it, whatever Linux uses
 * @cpu: this CPU
 */
void apic_enter(struct covirt_cpu *cpu)
{
	cpu->apic->enter(cpu);
	apic_mode_set(cpu, cpu->apic == &x2apic ? APIC_MODE_X2APIC : APIC_MODE_XAPIC);
}

/**
 * apic_mode_set() - the mode in which the guest has it
 * @cpu:  this CPU
 * @mode: mode, from apic_base_permit()
 *
 * The APIC itself stays in the enclave's mode: in disabled state it would not take doorbells.
 */
void apic_mode_set(struct covirt_cpu *cpu, u64 mode)
{
	cpu->apic_mode = mode;
	cpu->plain_ipis = mode == APIC_MODE_X2APIC &&
			  cpu->config->interrupts == COVIRT_INTERRUPTS_DIRECT;
}

/**
 * apic_restore() - Linux's APIC mode, with nothing of the co-kernel in the APIC
 * @cpu: this CPU
 */
void apic_restore(const struct covirt_cpu *cpu)
{
	cpu->apic->restore(cpu);
}

/**
 * apic_abandon() - Linux's APIC mode, after a panic
 * @config: the controller's page; what the CPU has noted of Linux's mode may be damaged
 *
 * An INIT keeps the mode (SDM vol. 3, 12.12.5.1; APM vol. 2, 16.9), and a Linux without x2APIC
 * support does not look: its CPU would write to registers in memory that are not there. An INIT
 * that finds x2APIC mode kept resets the registers.
 */
void apic_abandon(const struct covirt_config *config)
{
	if (!(config->features & (COVIRT_FEATURE_XAPIC | COVIRT_FEATURE_LINUX_X2APIC)))
		x2apic_leave(arch_rdmsr(ARCH_MSR_APIC_BASE));
}

/**
 * apic_read() - read a register
 * @cpu: this CPU
 * @reg: the register
 *
 * Return: its value.
 */
u32 apic_read(const struct covirt_cpu *cpu, enum apic_register reg)
{
	return cpu->apic->read(reg);
}

/**
 * apic_write() - write a register
 * @cpu:   this CPU
 * @reg:   the register
 * @value: value that core has validated
 */
void apic_write(const struct covirt_cpu *cpu, enum apic_register reg, u32 value)
{
	cpu->apic->write(reg, value);
}

/**
 * apic_in_service() - has this interrupt been delivered, and not been ended yet?
 * @cpu:    this CPU
 * @vector: vector; a spurious interrupt never is
 */
bool apic_in_service(const struct covirt_cpu *cpu, vector_t vector)
{
	return apic_read(cpu, APIC_REG_ISR + vector / 32) & BIT(vector % 32);
}

/**
 * apic_end_interrupt() - the one of highest priority that is in service
 * @cpu: this CPU
 */
void apic_end_interrupt(const struct covirt_cpu *cpu)
{
	apic_write(cpu, APIC_REG_EOI, 0);
}

static bool any_in_service(const struct covirt_cpu *cpu)
{
	u32 n;

	for (n = 0; n < NR_VECTORS / 32; n++)
		if (apic_read(cpu, APIC_REG_ISR + n))
			return true;
	return false;
}

/* Interrupts in service are ended, each once: the loop is bounded whatever the guest did. */
static void end_interrupts(const struct covirt_cpu *cpu)
{
	u32 n;

	for (n = 0; n < NR_VECTORS && any_in_service(cpu); n++)
		apic_end_interrupt(cpu);
}

/**
 * apic_reset() - the guest's APIC after an INIT
 * @cpu: this CPU
 *
 * SDM vol. 3, 12.4.7.3, for an APIC that keeps its mode, as it does at INIT. What is
 * requested already stays so: it is delivered once the guest switches the APIC on
 * again, and kernels are used to find such leftovers there.
 */
void apic_reset(const struct covirt_cpu *cpu)
{
	enum apic_register reg;

	for (reg = APIC_REG_LVT_TIMER; reg <= APIC_REG_LVT_ERROR; reg++)
		apic_write(cpu, reg, LVT_MASKED);
	apic_write(cpu, APIC_REG_TIMER_COUNT, 0);
	apic_write(cpu, APIC_REG_TIMER_DIVIDE, 0);
	apic_write(cpu, APIC_REG_TPR, 0);
	end_interrupts(cpu);
	apic_write(cpu, APIC_REG_SVR, SPURIOUS_RESET);
}

/**
 * apic_send_nmi() - ring another CPU's doorbell
 * @cpu:    this CPU
 * @apicid: the other
 */
void apic_send_nmi(const struct covirt_cpu *cpu, apicid_t apicid)
{
	apic_order_stores();
	cpu->apic->send(ICR_NMI << 8, apicid);
}

/**
 * apic_send_fixed() - interrupt CPUs of the enclave, this one perhaps among them
 * @cpu:     this CPU
 * @vector:  vector, from 16 on
 * @targets: mask of CPU indexes
 */
void apic_send_fixed(const struct covirt_cpu *cpu, vector_t vector, u32 targets)
{
	apic_order_stores();
	cpu->apic->send_to(cpu->config, targets, ICR_FIXED << 8 | vector);
}

/**
 * apic_send_routed() - interrupt somebody outside the enclave
 * @cpu:    this CPU
 * @target: from route_icr()
 */
void apic_send_routed(const struct covirt_cpu *cpu, u64 target)
{
	apic_order_stores();
	cpu->apic->send(target, target >> 32);
}

/**
 * apic_notify() - raise the controller's interrupt on Linux
 * @cpu: this CPU
 *
 * Destination and vector are one word, so that they change together when Linux moves the interrupt.
 */
void apic_notify(const struct covirt_cpu *cpu)
{
	u64 notify = READ_ONCE(cpu->config->notify);

	if (notify)
		cpu->apic->send(notify, notify >> 32);
}
