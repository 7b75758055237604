// SPDX-License-Identifier: GPL-2.0-only
/* Commands that touch memory, the enclave's or not. */
#include "cpu.h"
#include "paging.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

#define WRITE_PATTERN	0x21545249564f4321ULL	/* "!COVIRT!" */
#define READ_INTO	0x1122334455667788ULL	/* what RAX holds before a read */

/* Make the address reachable for the MMU, then touch it: only the nested tables can object. */
static bool touch(const struct word *word, int (*probe)(struct probe_regs *regs),
		  struct probe_regs *regs)
{
	if (paging_map(word->arg[0]))
		return probe_try(word, probe, regs);
	print("payload: address is out of reach\n");
	return false;
}

static void command_write(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = {
		.rax = word->nr > 1 ? word->arg[1] : WRITE_PATTERN,
		.rcx = word->arg[0],
	};

	(void)info;
	if (!touch(word, probe_write, &regs))
		return;
	print_value("payload: wrote ", word->arg[0], PRINT_HEX);
	print("\n");
}

/* Each way to read, of what size and into what part of RAX. */
static const struct {
	const char *name;
	int (*probe)(struct probe_regs *regs);
} reads[] = {
	{ "read", probe_read },
	{ "read8", probe_read8 },
	{ "read8h", probe_read8h },
	{ "read16", probe_read16 },
	{ "read32", probe_read32 },
	{ "zero8", probe_zero8 },
	{ "zero16", probe_zero16 },
	{ "sign8", probe_sign8 },
	{ "sign16", probe_sign16 },
	{ "sign32", probe_sign32 },
	{ "readsp", probe_readsp },
};

static void command_read(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rax = READ_INTO, .rcx = word->arg[0] };
	u32 i = 0;

	(void)info;
	while (i < ARRAY_SIZE(reads) - 1 && !word_is(word, reads[i].name))
		i++;
	if (!touch(word, reads[i].probe, &regs))
		return;
	print("payload: ");
	print(word->name);
	print_value(" ", word->arg[0], PRINT_HEX);
	print_value(" = ", regs.rax, PRINT_HEX);
	print("\n");
}

static void command_exec(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rcx = word->arg[0] };

	(void)info;
	if (!touch(word, probe_exec, &regs))
		return;
	print_value("payload: executed ", word->arg[0], PRINT_HEX);
	print("\n");
}

/* The page at the address becomes a page table: the walk itself reaches for it. */
static void command_walk(const struct word *word, const struct covirt_bootinfo *info)
{
	struct probe_regs regs = { .rcx = paging_graft(word->arg[0]) };

	(void)info;
	if (probe_try(word, probe_read, &regs))
		print("payload: walked\n");
}

const struct command memory_commands[] = {
	{ "write", 1, command_write },
	{ "read", 1, command_read },
	{ "read8", 1, command_read },
	{ "read8h", 1, command_read },
	{ "read16", 1, command_read },
	{ "read32", 1, command_read },
	{ "zero8", 1, command_read },
	{ "zero16", 1, command_read },
	{ "sign8", 1, command_read },
	{ "sign16", 1, command_read },
	{ "sign32", 1, command_read },
	{ "readsp", 1, command_read },
	{ "exec", 1, command_exec },
	{ "write8", 2, NULL, probe_write8, true },
	{ "write16", 2, NULL, probe_write16, true },
	{ "write32", 2, NULL, probe_write32, true },
	{ "zero32", 1, NULL, probe_zero32, true },
	{ "offset32", 2, NULL, probe_offset32, true },
	{ "or32", 2, NULL, probe_or32, true },
	{ "nontemporal", 2, NULL, probe_nontemporal, true },
	{ "movs", 1, NULL, probe_movs, true },
	{ "trap", 1, NULL, probe_trap, true },
	{ "exchange", 1, NULL, probe_exchange, true },
	{ "prefetch", 1, NULL, probe_prefetch, true },
	{ "push", 1, NULL, probe_push, true },
	{ "gdt", 1, NULL, probe_gdt, true },
	{ "idt", 1, NULL, probe_idt, true },
	{ "gs", 1, NULL, probe_gs, true },
	{ "indexed", 1, NULL, probe_indexed, true },
	{ "walk", 1, command_walk },
	{},
};
