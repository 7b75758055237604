// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: what the user wrote, preceded by the TSC frequency. An
 * enclave has no timer to calibrate it against. It goes in front so that a
 * "--", behind which everything belongs to init, cannot swallow it.
 */
#include "cmdline.h"

static const char tsc_option[] = "tsc_early_khz=";

#define TSC_OPTION_LEN	(sizeof(tsc_option) - 1)
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

static bool text_has_tsc_option(const char *text, u64 len)
{
	u64 i;

	for (i = 0; i + TSC_OPTION_LEN <= len; i++)
		if ((!i || text[i - 1] == ' ') && !memcmp(text + i, tsc_option, TSC_OPTION_LEN))
			return true;
	return false;
}

/**
 * cmdline_write() - check the command line and write it to LOW_CMDLINE
 * @loading: the loading
 * @max:     characters that the co-kernel takes, without the NUL
 * @add_tsc: put tsc_early_khz= in front unless the user gave one
 *
 * Return: 0; -EINVAL if it is too long; -EFAULT if the low window is missing.
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
	if (add_tsc && request->tsc_khz && !text_has_tsc_option(user, user_len)) {
		line_add(&line, tsc_option, TSC_OPTION_LEN);
		line_add_decimal(&line, request->tsc_khz);
		line_add(&line, " ", user_len ? 1 : 0);
	}
	line_add(&line, user, user_len);
	if (line.overflow)
		return loading_fail(loading, -EINVAL,
				    "command line is longer than the co-kernel takes: shorten it");
	line.text[line.len] = '\0';
	return 0;
}
