// SPDX-License-Identifier: GPL-2.0-only
/* A heart that beats, as a co-kernel has one: see core/heartbeat.h. */
#include "core/heartbeat.h"
#include "cpu.h"
#include "heartbeat.h"
#include "payload.h"
#include "serial.h"

#define LEAF_HYPERVISOR	0x40000000
#define LEAF_HEARTBEAT	0x40000001

static volatile u64 counter;

/* As any co-kernel finds it, which does not know Covirt's headers; 0: there is none. */
static u32 heartbeat_msr(void)
{
	struct probe_regs regs = { .rax = LEAF_HYPERVISOR };

	probe_cpuid(&regs);
	if ((u32)regs.rax < LEAF_HEARTBEAT)
		return 0;
	regs = (struct probe_regs) { .rax = LEAF_HEARTBEAT };
	probe_cpuid(&regs);
	return regs.rax;
}

static void announce(u64 address)
{
	u32 msr = heartbeat_msr();

	cpu_write_msr(msr, address);
	print_value("payload: heartbeat at ", cpu_read_msr(msr), PRINT_HEX);
	print("\n");
}

/* Announces this CPU's heartbeat and beats so often; 0: for ever. */
void heartbeat_beat(u64 beats)
{
	u64 n = 0;

	announce((u64)&counter);
	do
		counter++;
	while (++n != beats);
}

static void command_beat(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)info;
	heartbeat_beat(word->arg[0]);
	print("payload: has beaten\n");
}

static void command_withdraw(const struct word *word, const struct covirt_bootinfo *info)
{
	(void)word;
	(void)info;
	announce(0);
}

const struct command heartbeat_commands[] = {
	{ "beat", 1, command_beat },
	{ "withdraw", 0, command_withdraw },
	{},
};
