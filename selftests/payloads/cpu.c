// SPDX-License-Identifier: GPL-2.0-only
/* Functions of one instruction each. */
#include "cpu.h"

u64 cpu_read_cr0(void)
{
	u64 val;

	asm volatile("movq %%cr0, %0" : "=r"(val));
	return val;
}

u64 cpu_read_cr4(void)
{
	u64 val;

	asm volatile("movq %%cr4, %0" : "=r"(val));
	return val;
}

u64 cpu_read_cr3(void)
{
	u64 val;

	asm volatile("movq %%cr3, %0" : "=r"(val));
	return val;
}

u16 cpu_read_cs(void)
{
	u16 val;

	asm volatile("movw %%cs, %0" : "=r"(val));
	return val;
}

u64 cpu_read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

void cpu_write_msr(u32 msr, u64 val)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)val), "d"((u32)(val >> 32)) : "memory");
}

u64 cpu_read_tsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

u8 cpu_in(u16 port)
{
	u8 val;

	asm volatile("inb %1, %0" : "=a"(val) : "d"(port));
	return val;
}

void cpu_out(u16 port, u8 val)
{
	asm volatile("outb %0, %1" : : "a"(val), "d"(port));
}

void cpu_load_idt(const void *base, u16 limit)
{
	const struct {
		u16 limit;
		u64 base;
	} __packed pointer = { limit, (u64)base };

	asm volatile("lidt %0" : : "m"(pointer));
}

void cpu_interrupts_off(void)
{
	asm volatile("cli" : : : "memory");
}

void cpu_interrupts_on(void)
{
	asm volatile("sti" : : : "memory");
}

/* STI keeps interrupts off for one more instruction, so none is lost before HLT. */
void cpu_wait(void)
{
	asm volatile("sti\n\thlt\n\tcli" : : : "memory");
}

void cpu_trap(void)
{
	asm volatile("ud2");
}
