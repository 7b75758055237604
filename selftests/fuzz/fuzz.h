/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tools of every target: claims that are checked, and the input, which is consumed piece by piece.
 */
#ifndef COVIRT_FUZZ_FUZZ_H
#define COVIRT_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "core/types.h"

/* A claim about the code under test. One that does not hold is a crash to libFuzzer. */
#define CHECK(claim)	((claim) ? (void)0 : fuzz_fail(#claim, __FILE__, __LINE__))

static inline void fuzz_fail(const char *claim, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim);
	abort();
}

/**
 * struct input - what the fuzzer made up
 * @at:   the next byte
 * @left: bytes there are
 */
struct input {
	const u8 *at;
	size_t left;
};

/* The next @bytes bytes (at most 8) as a number; behind the end everything is 0. */
static inline u64 consume(struct input *in, size_t bytes)
{
	u64 val = 0;

	bytes = min(bytes, in->left);
	memcpy(&val, in->at, bytes);
	in->at += bytes;
	in->left -= bytes;
	return val;
}

/* A little-endian number of @bytes bytes (at most 8). */
static inline u64 number(const u8 *at, u32 bytes)
{
	u64 val = 0;

	memcpy(&val, at, bytes);
	return val;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* COVIRT_FUZZ_FUZZ_H */
