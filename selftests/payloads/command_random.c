// SPDX-License-Identifier: GPL-2.0-only
/*
 * random=SEED,STEPS: as many misdeeds, drawn by a generator that the seed starts. The
 * number of steps done is told now and then, since some are the last of a life.
 */
#include "apic.h"
#include "cpu.h"
#include "draw.h"
#include "idt.h"
#include "paging.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

#define REPORT_EVERY	32
#define COM1_FIRST	0x3f8
#define COM1_LAST	0x3ff
#define DR7_FIXED	0x400
#define CR4_OSXSAVE	BIT(18)
#define CODE_BYTES	15	/* no instruction is longer */
#define INSN_RET	0xc3

static u64 state;

static u64 draw(void)
{
	return draw_from(&state);
}

static u64 draw_below(u64 n)
{
	return (draw() >> 16) % n;
}

/* Few bits or many, low or high: what a control register might be written with. */
static u64 draw_value(void)
{
	switch (draw_below(4)) {
	case 0:
		return draw();
	case 1:
		return BIT_ULL(draw_below(64));
	case 2:
		return draw() >> draw_below(64);
	default:
		return draw_below(256);
	}
}

static const struct {
	u32 first;
	u32 nr;
} msr_ranges[] = {
	{ 0, 0x200 }, { 0x200, 0x200 }, { 0x400, 0x100 }, { 0x480, 0x20 }, { 0x560, 0x30 },
	{ 0x600, 0x100 }, { 0x800, 0x40 }, { 0x980, 0x10 }, { 0xda0, 4 }, { 0x40000000, 0x100 },
	{ 0xc0000080, 8 }, { 0xc0000100, 8 }, { 0xc0010000, 0x140 }, { 0xc0010200, 16 },
	{ 0xc0011000, 0x40 }, { 0, 0xffffffff },
};

static u32 draw_msr(void)
{
	u32 i = draw_below(ARRAY_SIZE(msr_ranges));

	return msr_ranges[i].first + draw_below(msr_ranges[i].nr);
}

static void step_rdmsr(void)
{
	struct probe_regs regs = { .rcx = draw_msr() };

	probe_rdmsr(&regs);
}

static void step_wrmsr(void)
{
	u32 msr = draw_msr();
	u64 value = draw_value();
	struct probe_regs regs = { .rcx = msr, .rax = (u32)value, .rdx = value >> 32 };

	probe_wrmsr(&regs);
}

static void step_icr(void)
{
	u64 destination = draw_below(2) ? draw_below(8) : draw() >> 32;

	apic_send_raw(destination << 32 | draw_below(0x100000));
}

/* In memory, a register that nobody may write ends the life: those are drawn less often. */
static void step_apic(void)
{
	struct probe_regs regs = { .rax = draw_value() };

	regs.rcx = draw_below(8) ? APIC_REG_ICR + draw_below(8) : draw_below(0x40);
	apic_try_write(&regs);
}

/* COM1 is left out: the payload reports through it. */
static u16 draw_port(void)
{
	u16 port = draw_below(2) ? draw_below(0x400) : draw();

	return port >= COM1_FIRST && port <= COM1_LAST ? 0x80 : port;
}

static void step_in(void)
{
	struct probe_regs regs = { .rdx = draw_port() };

	probe_in(&regs);
}

static void step_out(void)
{
	struct probe_regs regs = { .rdx = draw_port(), .rax = draw_below(256) };

	probe_out(&regs);
}

static void step_cr0(void)
{
	struct probe_regs old = { .rax = cpu_read_cr0() };
	struct probe_regs regs = { .rax = old.rax ^ draw_value() };

	probe_cr0(&regs);
	probe_cr0(&old);
}

static void step_cr4(void)
{
	struct probe_regs old = { .rax = cpu_read_cr4() };
	struct probe_regs regs = { .rax = old.rax ^ draw_value() };

	probe_cr4(&regs);
	probe_cr4(&old);
}

static void step_xsetbv(void)
{
	struct probe_regs cr4 = { .rax = cpu_read_cr4() | CR4_OSXSAVE };
	struct probe_regs regs = {
		.rcx = draw_below(3), .rax = draw_value(), .rdx = draw_below(2),
	};

	probe_cr4(&cr4);
	probe_xsetbv(&regs);
}

static void step_dr7(void)
{
	struct probe_regs regs = { .rax = draw_value() };
	struct probe_regs none = { .rax = DR7_FIXED };

	probe_dr7(&regs);
	probe_dr7(&none);
}

static int (*const insns[])(struct probe_regs *regs) = {
	probe_vmrun, probe_vmload, probe_vmsave, probe_vmmcall, probe_vmcall, probe_stgi,
	probe_clgi, probe_skinit, probe_invlpga, probe_vmxon, probe_vmptrld, probe_vmread,
	probe_vmwrite, probe_vmlaunch, probe_vmfunc, probe_invept, probe_invvpid, probe_getsec,
	probe_rsm, probe_invd, probe_wbinvd, probe_rdpmc, probe_cpuid,
};

static void step_insn(void)
{
	struct probe_regs regs = { .rax = draw_value(), .rcx = draw_value(), .rdx = draw_value() };

	insns[draw_below(ARRAY_SIZE(insns))](&regs);
}

/* Anywhere in the first 64 GiB: mostly the last step of a life. */
static void step_memory(void)
{
	static int (*const reaches[])(struct probe_regs *regs) = {
		probe_read, probe_write, probe_exec, probe_exchange, probe_prefetch,
	};
	struct probe_regs regs = { .rcx = draw() >> 28, .rax = draw() };

	if (paging_map(regs.rcx))
		reaches[draw_below(ARRAY_SIZE(reaches))](&regs);
}

static void step_bytes(void)
{
	static u8 code[CODE_BYTES + 1];
	struct probe_regs regs = { .rcx = (u64)code, .rax = draw_value(), .rdx = draw_value() };
	u32 i;

	for (i = 0; i < CODE_BYTES; i++)
		code[i] = draw();
	code[CODE_BYTES] = INSN_RET;
	probe_exec(&regs);
	cpu_interrupts_off();
	asm volatile("cld");
	idt_init();
}

/* Weight: how often a kind is drawn, of the sum of all weights. */
static const struct {
	u32 weight;
	void (*step)(void);
} kinds[] = {
	{ 100, step_rdmsr }, { 200, step_wrmsr }, { 150, step_icr }, { 60, step_in },
	{ 60, step_out }, { 80, step_cr0 }, { 80, step_cr4 }, { 60, step_xsetbv },
	{ 40, step_dr7 }, { 100, step_insn }, { 2, step_memory }, { 6, step_bytes },
	{ 40, step_apic },
};

static void step(void)
{
	u32 i, sum = 0, drawn;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		sum += kinds[i].weight;
	drawn = draw_below(sum);
	for (i = 0; drawn >= kinds[i].weight; i++)
		drawn -= kinds[i].weight;
	kinds[i].step();
}

static void command_random(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 done;

	(void)info;
	state = word->arg[0] * 2 + 1;	/* never 0 */
	cpu_interrupts_off();
	for (done = 1; done <= word->arg[1]; done++) {
		step();
		if (done % REPORT_EVERY)
			continue;
		print_value("payload: steps ", done, PRINT_DEC);
		print("\n");
	}
	print("payload: random end\n");
}

const struct command random_commands[] = {
	{ "random", 2, command_random },
	{},
};
