// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edge cases of code that is not 64-bit: instructions that end at 4 GiB, executed without privilege
 * in compatibility mode, and PAE paging.
 */
#include "cpu.h"
#include "idt.h"
#include "pae.h"
#include "paging.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

#define EDGE		0x100000000ULL
#define PAGE		4096
#define USER_CODE	0x00cffb000000ffffULL	/* flat, 32-bit, DPL 3 */
#define USER_DATA	0x00cff3000000ffffULL
#define KERNEL_CODE	0x00af9b000000ffffULL	/* as the loader has them */
#define KERNEL_DATA	0x00cf93000000ffffULL
#define TSS_TYPE	0x89ULL			/* present, available 64-bit TSS */
#define PAE_LARGE	0x83			/* present, writable, 2 MiB */
#define INSN_UD2	0x0b0f

/**
 * struct tss - a 64-bit TSS
 * @reserved: 0
 * @rsp:      stacks by privilege level
 * @rest:     nothing of it is used
 */
struct tss {
	u32 reserved;
	u64 rsp[3];
	u8 rest[76];
} __packed;

static u8 code[PAGE] __aligned(PAGE);
static u8 stack[PAGE] __aligned(16);
static struct tss tss;

/* The selectors are those of probes.S. */
static u64 gdt[] = { 0, 0, KERNEL_CODE, KERNEL_DATA, USER_CODE, USER_DATA, 0, 0 };

static void gdt_load(void)
{
	struct { u16 limit; u64 base; } __packed pointer = { sizeof(gdt) - 1, (u64)gdt };
	u64 base = (u64)&tss;

	tss.rsp[0] = (u64)stack + sizeof(stack);
	gdt[6] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | TSS_TYPE << 40 |
		 (base >> 24 & 0xff) << 56;
	gdt[7] = base >> 32;
	asm volatile("lgdt %0\n\tltr %w1" : : "m"(pointer), "r"(0x30) : "memory");
}

/* Instructions, the last bytes of which are the last ones below 4 GiB; on from 0 is UD2. */
static const struct {
	u8 len;
	u8 bytes[2];
} insns[] = {
	{ 2, { 0x0f, 0xa2 } },	/* CPUID, which exits */
	{ 1, { 0xf1 } },	/* INT1, which is a trap: #DB, and then #UD */
};

/* edge=N: #UD is what must come of each, by the UD2 behind it. */
static void command_edge(const struct word *word, const struct covirt_bootinfo *info)
{
	u64 n = word->arg[0] % ARRAY_SIZE(insns);
	struct probe_regs regs = { .rcx = EDGE - insns[n].len };
	u32 i;

	(void)info;
	for (i = 0; i < insns[n].len; i++)
		code[PAGE - insns[n].len + i] = insns[n].bytes[i];
	asm volatile("movw %w0, (%1)" : : "r"(INSN_UD2), "r"(0UL) : "memory");
	if (!paging_map_user(EDGE - PAGE, (u64)code) || !paging_map_user(0, 0)) {
		print("payload: address is out of reach\n");
		return;
	}
	gdt_load();
	debug_returns = true;
	probe_try(word, probe_edge, &regs);
	debug_returns = false;
}

/* pae: leaves 64-bit mode for good. */
static void command_pae(const struct word *word, const struct covirt_bootinfo *info)
{
	u8 *page = (u8 *)PAE_PAGE;
	u32 i;

	(void)word;
	(void)info;
	pae_directory[0] = PAE_LARGE;
	for (i = 0; i < pae_end - pae_begin; i++)
		page[i] = pae_begin[i];
	print("payload: leaves 64-bit mode\n");
	asm volatile("jmp *%0" : : "r"(page), "D"(pae_directory) : "memory");
}

const struct command edge_commands[] = {
	{ "edge", 1, command_edge },
	{ "pae", 0, command_pae },
	{},
};
