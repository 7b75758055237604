// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC: its registers are MSRs in x2APIC mode (APM vol. 2, 16.11), and 16 bytes
 * apart in a page in xAPIC mode, which is what there is without the other.
 */
#include "apic.h"
#include "cpu.h"
#include "paging.h"

#define MSR_APIC_BASE		0x1b
#define MSR_KERNEL_GS_BASE	0xc0000102	/* of no other use here, and free to read */
#define APIC_BASE_X2APIC	0x400ULL
#define APIC_BASE_ENABLED	0x800ULL
#define APIC_BASE_MODE		(APIC_BASE_X2APIC | APIC_BASE_ENABLED)

#define DEST_ALL		0xffffffffU
#define XAPIC_ALL		0xffU
#define XAPIC_NOBODY		0xfeU

#define SVR_ENABLE		0x100
#define LVT_MASKED		0x10000
#define LVT_PERIODIC		0x20000
#define DIVIDE_BY_16		0x3

static bool in_memory;

static volatile u32 *register_at(enum apic_register reg)
{
	return (volatile u32 *)(APIC_PAGE + (u64)APIC_STRIDE * reg);
}

void apic_init(void)
{
	in_memory = !(cpu_read_msr(MSR_APIC_BASE) & APIC_BASE_X2APIC);
	if (in_memory)
		paging_map(APIC_PAGE);
	apic_identify();
}

/* Have a CPU know its APIC id, whose register is not read without an exit. */
void apic_identify(void)
{
	u32 id = apic_read(APIC_REG_ID);

	cpu_write_msr(MSR_KERNEL_GS_BASE, in_memory ? id >> 24 : id);
}

/* As a probe: the bits of APIC_BASE that mean the mode are in RAX. */
int apic_try_mode(struct probe_regs *regs)
{
	struct probe_regs msr = { .rcx = MSR_APIC_BASE };
	int result;

	msr.rax = (cpu_read_msr(MSR_APIC_BASE) & ~APIC_BASE_MODE) | regs->rax;
	result = probe_wrmsr(&msr);
	apic_init();
	return result;
}

/* A further CPU takes the mode of those that run already. */
void apic_follow(void)
{
	u64 base = in_memory ? cpu_read_msr(MSR_APIC_BASE) : 0;

	if (!(base & APIC_BASE_X2APIC))
		return;
	cpu_write_msr(MSR_APIC_BASE, base & ~APIC_BASE_MODE);
	cpu_write_msr(MSR_APIC_BASE, base & ~APIC_BASE_X2APIC);
}

u32 apic_read(enum apic_register reg)
{
	return in_memory ? *register_at(reg) : cpu_read_msr(APIC_MSR + reg);
}

void apic_write(enum apic_register reg, u32 value)
{
	if (in_memory)
		*register_at(reg) = value;
	else
		cpu_write_msr(APIC_MSR + reg, value);
}

/* As a probe: the register is in RCX, the value in RAX. Only an MSR can object. */
int apic_try_write(struct probe_regs *regs)
{
	struct probe_regs msr = { .rcx = APIC_MSR + regs->rcx, .rax = regs->rax };

	if (!in_memory)
		return probe_wrmsr(&msr);
	apic_write(regs->rcx, regs->rax);
	return PROBE_OK;
}

u32 apic_id(void)
{
	return cpu_read_msr(MSR_KERNEL_GS_BASE);
}

void apic_enable(void)
{
	apic_write(APIC_REG_SVR, SVR_ENABLE | APIC_SPURIOUS_VECTOR);
}

void apic_send(u32 apicid, u32 command)
{
	apic_send_raw((u64)apicid << 32 | command);
}

/* In xAPIC mode destinations have eight bits. What has more means nobody there either. */
static u32 narrow(u32 dest)
{
	if (dest == DEST_ALL)
		return XAPIC_ALL;
	return dest > XAPIC_ALL ? XAPIC_NOBODY : dest;
}

void apic_send_raw(u64 icr)
{
	if (!in_memory) {
		cpu_write_msr(APIC_MSR + APIC_REG_ICR, icr);
		return;
	}
	apic_write(APIC_REG_ICR_HIGH, narrow(icr >> 32) << 24);
	apic_write(APIC_REG_ICR, icr);
}

/* In x2APIC mode by the register that does nothing else. */
void apic_send_self(u8 vector)
{
	if (in_memory)
		apic_send(0, ICR_SELF | ICR_FIXED | ICR_ASSERT | vector);
	else
		apic_write(APIC_REG_SELF_IPI, vector);
}

void apic_timer_start(u32 count)
{
	apic_write(APIC_REG_TIMER_DIVIDE, DIVIDE_BY_16);
	apic_write(APIC_REG_LVT_TIMER, LVT_PERIODIC | APIC_TIMER_VECTOR);
	apic_write(APIC_REG_TIMER_COUNT, count);
}

/* Call again for the next one. */
void apic_timer_once(u32 count)
{
	apic_write(APIC_REG_TIMER_DIVIDE, DIVIDE_BY_16);
	apic_write(APIC_REG_LVT_TIMER, APIC_TIMER_VECTOR);
	apic_write(APIC_REG_TIMER_COUNT, count);
}

/* Nothing is in service, nothing waits. */
bool apic_is_quiet(void)
{
	u32 i;

	for (i = 0; i < 8; i++)
		if (apic_read(APIC_REG_ISR + i) || apic_read(APIC_REG_IRR + i))
			return false;
	return true;
}

void apic_timer_stop(void)
{
	apic_write(APIC_REG_LVT_TIMER, LVT_MASKED | APIC_TIMER_VECTOR);
	apic_write(APIC_REG_TIMER_COUNT, 0);
}

void apic_end_of_interrupt(void)
{
	apic_write(APIC_REG_EOI, 0);
}
