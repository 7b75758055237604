/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of a co-kernel's functions, from its ELF file or from a System.map. */
#ifndef COVIRTCTL_SYMBOLS_H
#define COVIRTCTL_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct symbol - a name
 * @address: where it begins
 * @name:    in struct symbols::text
 */
struct symbol {
	uint64_t address;
	const char *name;
};

/**
 * struct symbols - all of them, by address
 * @symbol: sorted
 * @nr:     how many
 * @text:   the file
 */
struct symbols {
	struct symbol *symbol;
	size_t nr;
	char *text;
};

int symbols_load(struct symbols *symbols, const char *path, uint64_t offset);
int symbols_parse(struct symbols *symbols, char *text, size_t len, uint64_t offset);
const char *symbols_find(const struct symbols *symbols, uint64_t address, char *text, size_t size);
void symbols_free(struct symbols *symbols);

#endif /* COVIRTCTL_SYMBOLS_H */
