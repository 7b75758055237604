/* SPDX-License-Identifier: GPL-2.0-only */
/* Pseudo-random numbers: the same ones for the same seed. */
#ifndef PAYLOAD_DRAW_H
#define PAYLOAD_DRAW_H

#include "core/base.h"

/* Marsaglia's xorshift with a multiplication (Vigna's xorshift64*). @state is never 0. */
static inline u64 draw_from(u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717ULL;
}

#endif /* PAYLOAD_DRAW_H */
