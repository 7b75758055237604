// SPDX-License-Identifier: GPL-2.0-only
/*
 * The payload co-kernel does what its command line says, word by word, tells
 * it through COM1, and then waits for interrupts, telling those too.
 */
#include "cpu.h"
#include "apic.h"
#include "idt.h"
#include "paging.h"
#include "payload.h"
#include "probe.h"
#include "serial.h"

static const struct command *const command_tables[] = {
	memory_commands,
	interrupt_commands,
	attack_commands,
	smp_commands,
	cpu_commands,
	register_commands,
	machine_commands,
	bench_commands,
	random_commands,
	heartbeat_commands,
	edge_commands,
};

static const struct command *command_find(const struct word *word)
{
	const struct command *command;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(command_tables); i++)
		for (command = command_tables[i]; command->name; command++)
			if (word_is(word, command->name))
				return command;
	return NULL;
}

static void insn_run(const struct word *word, const struct command *command)
{
	struct probe_regs regs = { .rax = word->arg[0], .rcx = word->arg[0], .rdx = word->arg[1] };

	if (command->maps && !paging_map(word->arg[0])) {
		print("payload: address is out of reach\n");
		return;
	}
	if (!probe_try(word, command->insn, &regs))
		return;
	print("payload: ");
	print(word->name);
	print(" ok\n");
}

static void command_run(const struct word *word, const struct covirt_bootinfo *info)
{
	const struct command *command = command_find(word);

	if (!command) {
		print("payload: unknown command ");
		print(word->name);
		print("\n");
		return;
	}
	if (word->nr < command->nr) {
		print("payload: ");
		print(word->name);
		print_value(" needs numbers: ", command->nr, PRINT_DEC);
		print("\n");
		return;
	}
	if (command->insn)
		insn_run(word, command);
	else
		command->run(word, info);
}

void payload_main(const struct covirt_bootinfo *info)
{
	const char *text = (const char *)info->cmdline;
	struct word word;

	apic_init();
	idt_init();
	if (info->magic != COVIRT_BOOTINFO_MAGIC || info->version < COVIRT_BOOTINFO_VERSION)
		print("payload: no boot information\n");
	else
		while ((text = word_next(text, &word)))
			command_run(&word, info);

	apic_enable();
	for (;;) {
		idt_report();
		cpu_wait();
	}
}
