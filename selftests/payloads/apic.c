// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC in x2APIC mode. */
#include "apic.h"
#include "cpu.h"

#define MSR_ID			0x802
#define MSR_EOI			0x80b
#define MSR_SVR			0x80f
#define MSR_ISR			0x810	/* 8 of 32 bits, then TMR and IRR likewise */
#define MSR_IRR			0x820
#define MSR_ICR			0x830
#define MSR_LVT_TIMER		0x832
#define MSR_TIMER_COUNT		0x838
#define MSR_TIMER_DIVIDE	0x83e
#define MSR_SELF_IPI		0x83f

#define SVR_ENABLE		0x100
#define LVT_MASKED		0x10000
#define LVT_PERIODIC		0x20000
#define DIVIDE_BY_16		0x3

u32 apic_id(void)
{
	return cpu_read_msr(MSR_ID);
}

void apic_enable(void)
{
	cpu_write_msr(MSR_SVR, SVR_ENABLE | APIC_SPURIOUS_VECTOR);
}

void apic_send(u32 apicid, u32 command)
{
	apic_send_raw((u64)apicid << 32 | command);
}

void apic_send_raw(u64 icr)
{
	cpu_write_msr(MSR_ICR, icr);
}

void apic_send_self(u8 vector)
{
	cpu_write_msr(MSR_SELF_IPI, vector);
}

void apic_timer_start(u32 count)
{
	cpu_write_msr(MSR_TIMER_DIVIDE, DIVIDE_BY_16);
	cpu_write_msr(MSR_LVT_TIMER, LVT_PERIODIC | APIC_TIMER_VECTOR);
	cpu_write_msr(MSR_TIMER_COUNT, count);
}

/* Call again for the next one. */
void apic_timer_once(u32 count)
{
	cpu_write_msr(MSR_TIMER_DIVIDE, DIVIDE_BY_16);
	cpu_write_msr(MSR_LVT_TIMER, APIC_TIMER_VECTOR);
	cpu_write_msr(MSR_TIMER_COUNT, count);
}

/* Nothing is in service, nothing waits. */
bool apic_is_quiet(void)
{
	u32 i;

	for (i = 0; i < 8; i++)
		if (cpu_read_msr(MSR_ISR + i) || cpu_read_msr(MSR_IRR + i))
			return false;
	return true;
}

void apic_timer_stop(void)
{
	cpu_write_msr(MSR_LVT_TIMER, LVT_MASKED | APIC_TIMER_VECTOR);
	cpu_write_msr(MSR_TIMER_COUNT, 0);
}

void apic_end_of_interrupt(void)
{
	cpu_write_msr(MSR_EOI, 0);
}
