/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands and what they are given. */
#ifndef PAYLOAD_PAYLOAD_H
#define PAYLOAD_PAYLOAD_H

#include "cpu.h"
#include "include/uapi/linux/covirt.h"
#include "words.h"

/**
 * struct command - one word of the command line
 * @name: the word
 * @nr:   numbers that it needs at least
 * @run:  does it; returning goes on with the next word
 * @insn: in place of @run: an instruction that needs nothing but the word's first number
 *        in RAX and RCX, and its second in RDX
 * @maps: the first number is an address that @insn reaches for: make it reachable
 */
struct command {
	const char *name;
	u32 nr;
	void (*run)(const struct word *word, const struct covirt_bootinfo *info);
	int (*insn)(struct probe_regs *regs);
	bool maps;
};

/* Each ends with a row whose name is NULL. */
extern const struct command memory_commands[];
extern const struct command interrupt_commands[];
extern const struct command attack_commands[];
extern const struct command smp_commands[];
extern const struct command cpu_commands[];
extern const struct command register_commands[];
extern const struct command machine_commands[];
extern const struct command bench_commands[];
extern const struct command random_commands[];
extern const struct command heartbeat_commands[];
extern const struct command edge_commands[];

void payload_main(const struct covirt_bootinfo *info);

#endif /* PAYLOAD_PAYLOAD_H */
