/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line: words "NAME" or "NAME=NUMBER[,NUMBER]". */
#ifndef PAYLOAD_WORDS_H
#define PAYLOAD_WORDS_H

#include "core/base.h"

#define WORD_NAME_MAX	15
#define WORD_ARGS_MAX	4

/**
 * struct word - one word, taken apart
 * @name: what stands before "="
 * @nr:   numbers behind it
 * @arg:  the numbers; 0 where none was given
 */
struct word {
	char name[WORD_NAME_MAX + 1];
	u32 nr;
	u64 arg[WORD_ARGS_MAX];
};

const char *word_next(const char *text, struct word *word);
bool word_is(const struct word *word, const char *name);

#endif /* PAYLOAD_WORDS_H */
