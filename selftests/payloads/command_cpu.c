// SPDX-License-Identifier: GPL-2.0-only
/* Commands that try one instruction and tell how the CPU took it. */
#include "cpu.h"
#include "idt.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

#define CR4_OSXSAVE	BIT(18)

static void print_result(const struct word *word, u64 val)
{
	print("payload: ");
	print(word->name);
	print_value(" ", word->arg[0], PRINT_HEX);
	print_value(" = ", val, PRINT_HEX);
	print("\n");
}

static void command_rdmsr(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rcx = word->arg[0] };

	(void)info;
	if (probe_try(word, probe_rdmsr, &regs))
		print_result(word, regs.rdx << 32 | (u32)regs.rax);
}

static void command_wrmsr(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = {
		.rcx = word->arg[0],
		.rax = (u32)word->arg[1],
		.rdx = word->arg[1] >> 32,
	};

	(void)info;
	if (probe_try(word, probe_wrmsr, &regs))
		print_result(word, word->arg[1]);
}

static void command_cpuid(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rax = word->arg[0], .rcx = word->arg[1] };

	(void)info;
	if (!probe_try(word, probe_cpuid, &regs))
		return;
	print_value("payload: cpuid ", word->arg[0], PRINT_HEX);
	print_value(" eax ", (u32)regs.rax, PRINT_HEX);
	print_value(" ebx ", (u32)regs.rbx, PRINT_HEX);
	print_value(" ecx ", (u32)regs.rcx, PRINT_HEX);
	print_value(" edx ", (u32)regs.rdx, PRINT_HEX);
	print("\n");
}

static void command_in(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rdx = word->arg[0] };

	(void)info;
	if (probe_try(word, probe_in, &regs))
		print_result(word, regs.rax & 0xff);
}

static void command_out(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rdx = word->arg[0], .rax = word->arg[1] };

	(void)info;
	if (probe_try(word, probe_out, &regs))
		print_result(word, word->arg[1]);
}

static void command_outs(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rdx = word->arg[0] };

	(void)info;
	if (probe_try(word, probe_outs, &regs))
		print("payload: outs ok\n");
}

static void command_ins(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rdx = word->arg[0] };

	(void)info;
	if (probe_try(word, probe_ins, &regs))
		print("payload: ins ok\n");
}

static void command_cr0(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rax = word->arg[0] };

	(void)info;
	if (!probe_try(word, probe_cr0, &regs))
		return;
	print_value("payload: cr0 = ", cpu_read_cr0(), PRINT_HEX);
	print("\n");
}

static void command_cr4(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rax = word->nr ? word->arg[0] : cpu_read_cr4() };

	(void)info;
	if (!probe_try(word, probe_cr4, &regs))
		return;
	print_value("payload: cr4 = ", cpu_read_cr4(), PRINT_HEX);
	print("\n");
}

/* XSETBV is #UD without CR4.OSXSAVE, which says nothing about the value. */
static void command_xsetbv(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs cr4 = { .rax = cpu_read_cr4() | CR4_OSXSAVE };
	struct probe_regs regs = { .rax = (u32)word->arg[0], .rdx = word->arg[0] >> 32 };

	(void)info;
	if (!probe_try(word, probe_cr4, &cr4) || !probe_try(word, probe_xsetbv, &regs))
		return;
	print("payload: xsetbv ok\n");
}

/* The handler returns to the address that the processor pushed, which is behind the instruction. */
static void command_int1(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 before = debug_taken;

	(void)word;
	(void)info;
	debug_returns = true;
	asm volatile(".byte 0xf1" : : : "memory");
	debug_returns = false;
	print_value("payload: int1 taken ", debug_taken - before, PRINT_DEC);
	print(" times\n");
}

const struct command cpu_commands[] = {
	{ "int1", 0, command_int1 },
	{ "rdmsr", 1, command_rdmsr },
	{ "wrmsr", 2, command_wrmsr },
	{ "cpuid", 1, command_cpuid },
	{ "in", 1, command_in },
	{ "out", 2, command_out },
	{ "outs", 1, command_outs },
	{ "ins", 1, command_ins },
	{ "cr0", 1, command_cr0 },
	{ "cr4", 0, command_cr4 },
	{ "xsetbv", 1, command_xsetbv },
	{ "vmmcall", 0, NULL, probe_vmmcall },
	{ "vmcall", 0, NULL, probe_vmcall },
	{ "vmrun", 0, NULL, probe_vmrun },
	{ "vmload", 0, NULL, probe_vmload },
	{ "vmsave", 0, NULL, probe_vmsave },
	{ "stgi", 0, NULL, probe_stgi },
	{ "clgi", 0, NULL, probe_clgi },
	{ "skinit", 0, NULL, probe_skinit },
	{ "invlpga", 0, NULL, probe_invlpga },
	{ "vmxon", 0, NULL, probe_vmxon },
	{ "vmxoff", 0, NULL, probe_vmxoff },
	{ "vmptrld", 0, NULL, probe_vmptrld },
	{ "vmptrst", 0, NULL, probe_vmptrst },
	{ "vmclear", 0, NULL, probe_vmclear },
	{ "vmread", 0, NULL, probe_vmread },
	{ "vmwrite", 0, NULL, probe_vmwrite },
	{ "vmlaunch", 0, NULL, probe_vmlaunch },
	{ "vmresume", 0, NULL, probe_vmresume },
	{ "vmfunc", 0, NULL, probe_vmfunc },
	{ "invept", 0, NULL, probe_invept },
	{ "invvpid", 0, NULL, probe_invvpid },
	{ "getsec", 0, NULL, probe_getsec },
	{ "rsm", 0, NULL, probe_rsm },
	{ "invd", 0, NULL, probe_invd },
	{ "wbinvd", 0, NULL, probe_wbinvd },
	{ "rdpmc", 1, NULL, probe_rdpmc },
	{ "cr3", 1, NULL, probe_cr3 },
	{ "dr7", 1, NULL, probe_dr7 },
	{ "dbloop", 0, NULL, probe_dbloop },
	{},
};
