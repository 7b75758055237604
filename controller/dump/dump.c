// SPDX-License-Identifier: GPL-2.0-only
#include <linux/elf.h>
#include <linux/elfcore.h>
#include <linux/kernel.h>
#include <linux/signal.h>
#include <asm/user.h>

#include "controller/dump/dump.h"
#include "core/gpr.h"

#define NOTE_ALIGN	4

/* --- size --- */

static u32 note_size(const char *name, u32 len)
{
	return sizeof(struct elf64_note) + ALIGN(strlen(name) + 1, NOTE_ALIGN) +
	       ALIGN(len, NOTE_ALIGN);
}

static u32 notes_size(const struct dump *dump)
{
	return dump->nr_cpus * (note_size("CORE", sizeof(struct elf_prstatus)) +
				note_size(COVIRT_NOTE_NAME, sizeof(struct covirt_note_cpu)));
}

/* The notes have a segment, too. */
static u32 headers_size(const struct dump *dump)
{
	return sizeof(struct elf64_hdr) + (dump->nr + 1) * sizeof(struct elf64_phdr);
}

/**
 * dump_count_ram() - extents that dump_add_ram() will add
 * @map: the enclave's guest-physical map
 *
 * Return: how many.
 */
u32 dump_count_ram(const struct covirt_gpmap *map)
{
	u32 i, nr = 0;

	for (i = 0; i < map->nr; i++)
		nr += map->extent[i].kind == COVIRT_KIND_RAM;
	return nr;
}

static void add_extent(struct dump *dump, const struct covirt_extent *extent)
{
	dump->ram[dump->nr++] = (struct dump_ram) { .extent = *extent, .pos = dump->size };
	dump->size += extent->len;
}

/**
 * dump_add_ram() - the memory that the dump has
 * @dump: without any, but with room for it
 * @map:  the enclave's guest-physical map; what others share, and what is no memory, stays out
 */
void dump_add_ram(struct dump *dump, const struct covirt_gpmap *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++)
		if (map->extent[i].kind == COVIRT_KIND_RAM)
			add_extent(dump, &map->extent[i]);
}

/**
 * dump_head_size() - room for what comes before the memory
 * @dump: with its CPUs and its memory
 *
 * Return: bytes, a multiple of the page size.
 */
u32 dump_head_size(const struct dump *dump)
{
	return ALIGN(headers_size(dump) + notes_size(dump), COVIRT_PAGE_SIZE);
}

/**
 * dump_size() - of the whole file
 * @dump: with its CPUs and its memory
 *
 * Return: bytes.
 */
u64 dump_size(const struct dump *dump)
{
	return dump_head_size(dump) + dump->size;
}

/* The last extent that begins at or before so many bytes of RAM. */
static const struct dump_ram *ram_at(const struct dump *dump, u64 at)
{
	u32 low = 0, high = dump->nr;

	while (high - low > 1) {
		u32 mid = (low + high) / 2;

		if (dump->ram[mid].pos <= at)
			low = mid;
		else
			high = mid;
	}
	return &dump->ram[low];
}

/**
 * dump_find() - which memory stands at an offset of the file?
 * @dump: with its CPUs and its memory
 * @pos:  the offset, behind the head
 * @gpa:  its guest-physical address, written where there is any
 *
 * Return: bytes from there to the end of the extent; 0: it is behind the end of the file.
 */
u64 dump_find(const struct dump *dump, u64 pos, gpa_t *gpa)
{
	const struct dump_ram *ram;
	u64 at = pos - dump_head_size(dump);

	if (at >= dump->size)
		return 0;
	ram = ram_at(dump, at);
	at -= ram->pos;
	*gpa = ram->extent.gpa + at;
	return ram->extent.len - at;
}

/* --- headers --- */

static const struct elf64_hdr elf_header = {
	.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
	.e_type = ET_CORE,
	.e_machine = EM_X86_64,
	.e_version = EV_CURRENT,
	.e_phoff = sizeof(struct elf64_hdr),
	.e_ehsize = sizeof(struct elf64_hdr),
	.e_phentsize = sizeof(struct elf64_phdr),
};

static struct elf64_phdr notes_header(const struct dump *dump)
{
	return (struct elf64_phdr) {
		.p_type = PT_NOTE,
		.p_offset = headers_size(dump),
		.p_filesz = notes_size(dump),
		.p_align = NOTE_ALIGN,
	};
}

static u32 segment_flags(const struct covirt_extent *extent)
{
	return (extent->access & COVIRT_READ ? PF_R : 0) |
	       (extent->access & COVIRT_WRITE ? PF_W : 0) |
	       (extent->access & COVIRT_EXEC ? PF_X : 0);
}

/*
 * The virtual address is the guest-physical one: the kernel does not read the co-kernel's page
 * tables. There is no alignment, as in Linux's own vmcore: crash would take the file for one of
 * netdump's.
 */
static struct elf64_phdr segment_header(const struct covirt_extent *extent, u64 offset)
{
	return (struct elf64_phdr) {
		.p_type = PT_LOAD,
		.p_flags = segment_flags(extent),
		.p_offset = offset,
		.p_vaddr = extent->gpa,
		.p_paddr = extent->gpa,
		.p_filesz = extent->len,
		.p_memsz = extent->len,
	};
}

static void headers_write(const struct dump *dump, void *head)
{
	struct elf64_hdr *elf = head;
	struct elf64_phdr *segment = head + sizeof(*elf);
	u64 begin = dump_head_size(dump);
	u32 i;

	*elf = elf_header;
	elf->e_phnum = dump->nr + 1;
	*segment++ = notes_header(dump);
	for (i = 0; i < dump->nr; i++)
		*segment++ = segment_header(&dump->ram[i].extent, begin + dump->ram[i].pos);
}

/* --- notes --- */

static void *note_write(void *at, const char *name, u32 type, const void *desc, u32 len)
{
	struct elf64_note *note = at;

	note->n_namesz = strlen(name) + 1;
	note->n_descsz = len;
	note->n_type = type;
	memcpy(at + sizeof(*note), name, note->n_namesz);
	memcpy(at + sizeof(*note) + ALIGN(note->n_namesz, NOTE_ALIGN), desc, len);
	return at + note_size(name, len);
}

/* Signal by which a debugger says that the CPU was terminated. */
static int signal_of(const struct covirt_note_cpu *cpu)
{
	switch (cpu->reason) {
	case COVIRT_FAULT_NONE:
	case COVIRT_FAULT_STOPPED:
	case COVIRT_FAULT_GUEST_RESET:
	case COVIRT_FAULT_POWER_OFF:
		return 0;
	case COVIRT_FAULT_MEMORY_VIOLATION:
		return SIGSEGV;
	default:
		return SIGKILL;
	}
}

static void registers_set(struct user_regs_struct *user, const struct covirt_registers *from)
{
	*user = (struct user_regs_struct) {
		.ax = from->gpr[GPR_RAX], .cx = from->gpr[GPR_RCX],
		.dx = from->gpr[GPR_RDX], .bx = from->gpr[GPR_RBX],
		.sp = from->gpr[GPR_RSP], .bp = from->gpr[GPR_RBP],
		.si = from->gpr[GPR_RSI], .di = from->gpr[GPR_RDI],
		.r8 = from->gpr[GPR_R8], .r9 = from->gpr[GPR_R9],
		.r10 = from->gpr[GPR_R10], .r11 = from->gpr[GPR_R11],
		.r12 = from->gpr[GPR_R12], .r13 = from->gpr[GPR_R13],
		.r14 = from->gpr[GPR_R14], .r15 = from->gpr[GPR_R15],
		.orig_ax = ~0UL,	/* no system call */
		.ip = from->rip, .flags = from->rflags, .cs = from->cs, .ss = from->ss,
		.fs_base = from->fs_base, .gs_base = from->gs_base,
	};
}

/* A debugger takes CPUs for threads, which count from 1. */
static void *cpu_write(void *at, const struct covirt_note_cpu *cpu, u32 number)
{
	struct elf_prstatus status = {};

	static_assert(sizeof(struct user_regs_struct) == sizeof(status.pr_reg));

	status.common.pr_pid = number + 1;
	status.common.pr_cursig = signal_of(cpu);
	status.common.pr_info.si_signo = status.common.pr_cursig;
	if (cpu->registers.taken)
		registers_set((struct user_regs_struct *)&status.pr_reg, &cpu->registers);
	at = note_write(at, "CORE", NT_PRSTATUS, &status, sizeof(status));
	return note_write(at, COVIRT_NOTE_NAME, COVIRT_NOTE_CPU, cpu, sizeof(*cpu));
}

/**
 * dump_head_write() - write what comes before the memory
 * @dump: with its CPUs and its memory
 * @head: dump_head_size() zeroed bytes
 */
void dump_head_write(const struct dump *dump, void *head)
{
	void *at = head + headers_size(dump);
	u32 i;

	headers_write(dump, head);
	for (i = 0; i < dump->nr_cpus; i++)
		at = cpu_write(at, &dump->cpu[i], i);
}
