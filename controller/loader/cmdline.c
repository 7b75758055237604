// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: what the user wrote, preceded by what Linux has to be told of the TSC. An
 * enclave has no timer to calibrate it against, and none to watch it by: what Linux would
 * compare it with are its own ticks, which come late, and then it is the TSC that is
 * distrusted. It goes in front so that a "--", behind which everything belongs to init,
 * cannot swallow it.
 */
#include "cmdline.h"

static const char frequency_option[] = "tsc_early_khz=";
static const char trust_option[] = "tsc=reliable";

#define FREQUENCY_LEN	(sizeof(frequency_option) - 1)
#define TRUST_LEN	(sizeof(trust_option) - 1)
#define TRUST_NAME_LEN	4	/* "tsc=": whatever the user says of it */
#define DECIMAL_MAX	20	/* digits of the largest u64 */

struct line {
	char *text;
	u64 len;
	u64 max;
	bool overflow;
};

static void line_add(struct line *line, const char *text, u64 len)
{
	if (len > line->max - line->len) {
		line->overflow = true;
		return;
	}
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void line_begin_word(struct line *line)
{
	if (line->len)
		line_add(line, " ", 1);
}

static void line_add_decimal(struct line *line, u64 val)
{
	char digits[DECIMAL_MAX];
	u32 pos = DECIMAL_MAX;

	do {
		digits[--pos] = '0' + val % 10;
		val /= 10;
	} while (val);
	line_add(line, digits + pos, DECIMAL_MAX - pos);
}

static u64 text_len(const char *text)
{
	u64 len = 0;

	while (len <= LOADER_CMDLINE_MAX && text[len])
		len++;
	return len;
}

static bool text_has_word(const char *text, u64 len, const char *start, u64 start_len)
{
	u64 i;

	for (i = 0; i + start_len <= len; i++)
		if ((!i || text[i - 1] == ' ') && !memcmp(text + i, start, start_len))
			return true;
	return false;
}

static void line_add_tsc(struct line *line, u64 khz, const char *user, u64 user_len)
{
	if (!text_has_word(user, user_len, trust_option, TRUST_NAME_LEN)) {
		line_begin_word(line);
		line_add(line, trust_option, TRUST_LEN);
	}
	if (!text_has_word(user, user_len, frequency_option, FREQUENCY_LEN)) {
		line_begin_word(line);
		line_add(line, frequency_option, FREQUENCY_LEN);
		line_add_decimal(line, khz);
	}
}

/**
 * cmdline_write() - check the command line and write it to LOW_CMDLINE
 * @loading: the loading
 * @max:     characters that the co-kernel takes, without the NUL
 * @add_tsc: put tsc=reliable and tsc_early_khz= in front, each unless the user gave one
 *
 * Return: 0; -EINVAL if it is too long; -EFAULT if low memory is missing.
 */
int cmdline_write(struct loading *loading, u32 max, bool add_tsc)
{
	const struct loader_request *request = loading->request;
	const char *user = request->cmdline ? request->cmdline : "";
	u64 user_len = text_len(user);
	struct line line = { .max = min_t(u64, max, LOADER_CMDLINE_MAX) };

	line.text = request->mem(request->ctx, LOW_CMDLINE, LOADER_CMDLINE_MAX + 1);
	if (!line.text)
		return loading_fail(loading, -EFAULT, "enclave memory is not accessible");
	if (add_tsc && request->tsc_khz)
		line_add_tsc(&line, request->tsc_khz, user, user_len);
	if (user_len)
		line_begin_word(&line);
	line_add(&line, user, user_len);
	if (line.overflow)
		return loading_fail(loading, -EINVAL,
				    "command line is longer than the co-kernel takes: shorten it");
	line.text[line.len] = '\0';
	return 0;
}
