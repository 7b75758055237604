// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maker of a vmlinux for a debugger, from a kernel's list of symbols: Debian's kernels have
 * the real one in a package of a gigabyte.
 *
 *   symbol_elf FILE </proc/kallsyms	writes an ELF file that has the symbols and nothing else, as
 *					if the kernel had not been moved
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINKED_AT	0xffffffff81000000ULL	/* where _text is without KASLR */
#define MAX_SYMBOLS	400000
#define MAX_NAMES	(16 << 20)

enum { SECTION_NONE, SECTION_KERNEL, SECTION_SYMBOLS, SECTION_NAMES, NR_SECTIONS };

static Elf64_Sym symbols[MAX_SYMBOLS];
static char names[MAX_NAMES];
static size_t nr = 1, names_len = 1;
static Elf64_Addr text, end;

static void add(Elf64_Addr address, const char *name)
{
	size_t len = strlen(name) + 1;

	if (nr == MAX_SYMBOLS || names_len + len > MAX_NAMES)
		exit(3);
	memcpy(names + names_len, name, len);
	symbols[nr++] = (Elf64_Sym) {
		.st_name = names_len, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE),
		.st_shndx = SECTION_KERNEL, .st_value = address,
	};
	names_len += len;
}

/* Symbols of modules have a further word; per-CPU ones are no addresses. */
static void line_read(char *line)
{
	unsigned long long address;
	char name[512], type, more;

	if (sscanf(line, "%llx %c %500s %c", &address, &type, name, &more) != 3 ||
	    address < 0xffffffff80000000ULL)
		return;
	if (!strcmp(name, "_text"))
		text = address;
	if (!strcmp(name, "_end"))
		end = address;
	add(address, name);
}

static void move_back(void)
{
	size_t i;

	for (i = 1; i < nr; i++)
		symbols[i].st_value -= text - LINKED_AT;
}

static int save(FILE *out)
{
	static const char section_names[] = "\0.text\0.symtab\0.strtab";
	const Elf64_Off names_at = sizeof(Elf64_Ehdr) + NR_SECTIONS * sizeof(Elf64_Shdr);
	const Elf64_Off symbols_at = (names_at + names_len + sizeof(section_names) + 7) & ~7UL;
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_shoff = sizeof(header), .e_ehsize = sizeof(header),
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = NR_SECTIONS,
		.e_shstrndx = SECTION_NAMES,
	};
	/* The sections' names stand behind the symbols'. */
	const Elf64_Shdr sections[NR_SECTIONS] = {
		[SECTION_KERNEL] = {
			.sh_name = names_len + 1, .sh_type = SHT_NOBITS,
			.sh_flags = SHF_ALLOC | SHF_EXECINSTR, .sh_addr = LINKED_AT,
			.sh_size = end - text, .sh_addralign = 4096,
		},
		[SECTION_SYMBOLS] = {
			.sh_name = names_len + 7, .sh_type = SHT_SYMTAB, .sh_offset = symbols_at,
			.sh_size = nr * sizeof(symbols[0]), .sh_link = SECTION_NAMES,
			.sh_info = 1, .sh_addralign = 8, .sh_entsize = sizeof(symbols[0]),
		},
		[SECTION_NAMES] = {
			.sh_name = names_len + 15, .sh_type = SHT_STRTAB, .sh_offset = names_at,
			.sh_size = names_len + sizeof(section_names), .sh_addralign = 1,
		},
	};

	fwrite(&header, sizeof(header), 1, out);
	fwrite(sections, sizeof(sections), 1, out);
	fwrite(names, names_len, 1, out);
	fwrite(section_names, sizeof(section_names), 1, out);
	fseek(out, symbols_at, SEEK_SET);
	fwrite(symbols, sizeof(symbols[0]), nr, out);
	return fclose(out) ? 1 : 0;
}

int main(int argc, char **argv)
{
	char line[1024];
	FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;

	if (!out)
		return 2;
	while (fgets(line, sizeof(line), stdin))
		line_read(line);
	if (!text || !end)
		return 1;
	move_back();
	return save(out);
}
