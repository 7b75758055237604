/* SPDX-License-Identifier: GPL-2.0-only */
/* RIP after an instruction. Only this file knows how wide RIP is in each mode. */
#ifndef COVIRT_CORE_RIP_H
#define COVIRT_CORE_RIP_H

#include "core/types.h"

struct covirt_cpu;

/**
 * rip_cut() - an instruction pointer, or a linear address, as wide as the code that runs
 * @value:  address with a carry, perhaps
 * @code64: 64-bit code is executed
 *
 * Outside 64-bit code it has 32 bits, and an entry with more fails (SDM vol. 3, 27.3.1.4) or is
 * undefined. It has 32 bits in 16-bit code too: behind 0xffff the limit of a segment of 64 KiB
 * ends, and the processor raises #GP there (SDM vol. 3, 23.34.1): nothing is cut to 16 bits.
 *
 * Return: the address.
 */
static inline u64 rip_cut(u64 value, bool code64)
{
	return code64 ? value : (u32)value;
}

/**
 * rip_next() - RIP of the next instruction
 * @cpu:    this CPU
 * @rip:    RIP of an instruction
 * @next:   where it ends, cut or not yet; less than 4 GiB further on
 * @code64: asks whether 64-bit code is executed. Asked only when the lower half has a carry,
 *          for to ask costs more than the rest of an IPI's skip
 *
 * Always inlined: with it the call by pointer goes.
 *
 * Return: the next RIP.
 */
static inline __attribute__((__always_inline__)) u64
rip_next(struct covirt_cpu *cpu, u64 rip, u64 next, bool (*code64)(struct covirt_cpu *cpu))
{
	return (u32)next < (u32)rip ? rip_cut(next, code64(cpu)) : next;
}

#endif /* COVIRT_CORE_RIP_H */
