// SPDX-License-Identifier: GPL-2.0-only
/* Taking the command line apart. */
#include "words.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static const char *number_read(const char *text, u64 *val)
{
	int base = 10;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	for (*val = 0; digit_value(*text) < base; text++)
		*val = *val * base + digit_value(*text);
	return text;
}

/* Reads the word at @text into @word; NULL at the end of the line, else where to go on. */
const char *word_next(const char *text, struct word *word)
{
	u32 len = 0;

	while (*text == ' ')
		text++;
	if (!*text)
		return NULL;
	for (; *text && *text != ' ' && *text != '='; text++)
		if (len < WORD_NAME_MAX)
			word->name[len++] = *text;
	word->name[len] = '\0';

	for (word->nr = 0; word->nr < WORD_ARGS_MAX; word->nr++)
		word->arg[word->nr] = 0;
	for (word->nr = 0; word->nr < WORD_ARGS_MAX && (*text == '=' || *text == ','); word->nr++)
		text = number_read(text + 1, &word->arg[word->nr]);
	while (*text && *text != ' ')
		text++;
	return text;
}

bool word_is(const struct word *word, const char *name)
{
	u32 i = 0;

	while (name[i] && word->name[i] == name[i])
		i++;
	return name[i] == word->name[i];
}
