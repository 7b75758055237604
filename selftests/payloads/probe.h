/* SPDX-License-Identifier: GPL-2.0-only */
/* Running one instruction that may fault, for a command. */
#ifndef PAYLOAD_PROBE_H
#define PAYLOAD_PROBE_H

#include "cpu.h"
#include "words.h"

bool probe_try(const struct word *word, int (*probe)(struct probe_regs *regs),
	       struct probe_regs *regs);

#endif /* PAYLOAD_PROBE_H */
