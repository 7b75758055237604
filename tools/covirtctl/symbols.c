// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"

#define FAR	(UINT64_C(1) << 20)	/* farther behind a symbol an address is not its own */
#define FIRST_ROOM	(UINT64_C(1) << 16)

static int symbol_compare(const void *a, const void *b)
{
	const struct symbol *one = a, *other = b;

	return one->address < other->address ? -1 : one->address > other->address;
}

/* Room for one more is made by doubling. */
static int symbol_add(struct symbols *symbols, uint64_t address, const char *name)
{
	size_t nr = symbols->nr;

	if (!(nr & (nr - 1))) {
		struct symbol *more = realloc(symbols->symbol,
					      (nr ? nr * 2 : 1) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		symbols->symbol = more;
	}
	symbols->symbol[symbols->nr++] = (struct symbol){ address, name };
	return 0;
}

/* --- ELF --- */

/* @len bytes at @at of a file of @size bytes? */
static bool is_inside(uint64_t at, uint64_t len, size_t size)
{
	return at <= size && len <= size - at;
}

static bool section_get(const char *file, size_t size, unsigned int index, Elf64_Shdr *section)
{
	Elf64_Ehdr header;

	memcpy(&header, file, sizeof(header));
	if (index >= header.e_shnum || header.e_shoff > size ||
	    !is_inside(header.e_shoff + index * sizeof(*section), sizeof(*section), size))
		return false;
	memcpy(section, file + header.e_shoff + index * sizeof(*section), sizeof(*section));
	return section->sh_type == SHT_NOBITS ||
	       is_inside(section->sh_offset, section->sh_size, size);
}

static bool is_code(const Elf64_Sym *sym)
{
	unsigned char type = ELF64_ST_TYPE(sym->st_info);

	return sym->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_NOTYPE);
}

static int table_parse(struct symbols *symbols, const char *file, const Elf64_Shdr *table,
		       const Elf64_Shdr *strings, uint64_t offset)
{
	const char *names = file + strings->sh_offset;
	Elf64_Sym sym;
	uint64_t i;
	int err = 0;

	if (!strings->sh_size || names[strings->sh_size - 1])
		return -ENOEXEC;
	for (i = 0; i + sizeof(sym) <= table->sh_size && !err; i += sizeof(sym)) {
		memcpy(&sym, file + table->sh_offset + i, sizeof(sym));
		if (is_code(&sym) && sym.st_name < strings->sh_size && names[sym.st_name])
			err = symbol_add(symbols, sym.st_value + offset, names + sym.st_name);
	}
	return err;
}

static int elf_parse(struct symbols *symbols, const char *file, size_t size, uint64_t offset)
{
	Elf64_Shdr table, strings;
	unsigned int i;

	if (size < sizeof(Elf64_Ehdr) || file[EI_CLASS] != ELFCLASS64)
		return -ENOEXEC;
	for (i = 0; section_get(file, size, i, &table); i++) {
		if (table.sh_type != SHT_SYMTAB)
			continue;
		if (!section_get(file, size, table.sh_link, &strings) ||
		    strings.sh_type != SHT_STRTAB)
			return -ENOEXEC;
		return table_parse(symbols, file, &table, &strings, offset);
	}
	return -ENOEXEC;
}

/* --- System.map: "ADDRESS TYPE NAME" a line --- */

static int line_parse(struct symbols *symbols, char *line, uint64_t offset)
{
	uint64_t address;
	int at = 0;
	char type;

	if (sscanf(line, "%" SCNx64 " %c %n", &address, &type, &at) < 2 || !at || !line[at])
		return 0;
	return strchr("tTwW", type) ? symbol_add(symbols, address + offset, line + at) : 0;
}

static int map_parse(struct symbols *symbols, char *text, uint64_t offset)
{
	char *line;
	int err = 0;

	while (!err && (line = strsep(&text, "\n")))
		err = line_parse(symbols, line, offset);
	return err;
}

/* --- both --- */

/**
 * symbols_parse() - find the symbols in a file's text
 * @symbols: empty; @text must outlive it
 * @text:    of the file, a NUL behind it; a System.map is taken apart
 * @len:     bytes without that NUL
 * @offset:  added to each address
 *
 * Return: 0; -ENOEXEC when there are none; -ENOMEM.
 */
int symbols_parse(struct symbols *symbols, char *text, size_t len, uint64_t offset)
{
	int err;

	if (len >= SELFMAG && !memcmp(text, ELFMAG, SELFMAG))
		err = elf_parse(symbols, text, len, offset);
	else
		err = map_parse(symbols, text, offset);
	if (!err && !symbols->nr)
		err = -ENOEXEC;
	if (!err)
		qsort(symbols->symbol, symbols->nr, sizeof(symbols->symbol[0]), symbol_compare);
	return err;
}

/* The next piece, with a NUL behind it; -ENOMEM, or how long it is. */
static ssize_t piece_read(FILE *file, char **text, size_t len, size_t *room)
{
	size_t piece, wanted = *room ? *room * 2 : FIRST_ROOM;

	if (*room - len < 2) {
		char *more = realloc(*text, wanted);

		if (!more)
			return -ENOMEM;
		*text = more;
		*room = wanted;
	}
	piece = fread(*text + len, 1, *room - len - 1, file);
	(*text)[len + piece] = '\0';
	return piece;
}

/* The file may be a pipe, whose length is unknown. */
static int file_read(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "re");
	size_t room = 0;
	ssize_t piece;

	*len = 0;
	if (!file)
		return -errno;
	do {
		piece = piece_read(file, text, *len, &room);
		*len += piece > 0 ? piece : 0;
	} while (piece > 0);
	fclose(file);
	return piece;
}

/**
 * symbols_load() - read the symbols of a file
 * @symbols: filled in
 * @path:    an ELF file or a System.map
 * @offset:  added to each address: where the co-kernel really lies
 *
 * Return: 0 or -Exxx.
 */
int symbols_load(struct symbols *symbols, const char *path, uint64_t offset)
{
	size_t len;
	int err;

	*symbols = (struct symbols){ 0 };
	err = file_read(path, &symbols->text, &len);
	if (!err)
		err = symbols_parse(symbols, symbols->text, len, offset);
	if (err)
		symbols_free(symbols);
	return err;
}

/**
 * symbols_find() - what is at an address?
 * @symbols: the symbols
 * @address: the address
 * @text:    filled in: "function+0x12"
 * @size:    room there
 *
 * Return: @text, or NULL when there is nothing.
 */
const char *symbols_find(const struct symbols *symbols, uint64_t address, char *text, size_t size)
{
	size_t low = 0, high = symbols->nr;
	const struct symbol *symbol;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->symbol[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	symbol = &symbols->symbol[low - 1];
	if (address - symbol->address >= FAR)
		return NULL;
	snprintf(text, size, "%s+%#" PRIx64, symbol->name, address - symbol->address);
	return text;
}

/**
 * symbols_free() - forget all of them
 * @symbols: loaded, or empty
 */
void symbols_free(struct symbols *symbols)
{
	free(symbols->symbol);
	free(symbols->text);
	*symbols = (struct symbols){ 0 };
}
