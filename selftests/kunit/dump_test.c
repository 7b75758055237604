// SPDX-License-Identifier: GPL-2.0-only
/* The head of a core dump, read as a debugger reads it, and where the memory stands. */
#include <kunit/test.h>
#include <linux/elf.h>
#include <linux/elfcore.h>
#include <linux/signal.h>
#include <asm/user.h>

#include "controller/dump/dump.h"
#include "core/gpr.h"
#include "selftests/kunit/new_map.h"

#define LOW	0xa0000ULL
#define HIGH	0x40000000ULL
#define SIZE	0x600000ULL

/* Memory below and above what is none, and beside it pages that are not the enclave's alone. */
static const struct covirt_gpmap map = {
	.nr = 5,
	.extent = (struct covirt_extent[]) {
		{ 0, 0x60000000, LOW, COVIRT_RWX, COVIRT_MT_WB, COVIRT_KIND_RAM },
		{ LOW, 0x1000, 0x60000, COVIRT_READ, COVIRT_MT_WB, COVIRT_KIND_BLANK },
		{ HIGH, HIGH, SIZE, COVIRT_RW, COVIRT_MT_WB, COVIRT_KIND_RAM },
		{ 0x50000000, 0x50000000, 0x1000, COVIRT_RW, COVIRT_MT_WB, COVIRT_KIND_SHARED },
		{ 0xfee00000, 0xfee00000, 0x1000, COVIRT_RW, COVIRT_MT_UC, COVIRT_KIND_MMIO },
	},
};

static const struct covirt_note_cpu cpus[] = {
	{ .cpu = 2, .apicid = 4, .reason = COVIRT_FAULT_MEMORY_VIOLATION,
	  .registers = { .taken = 1, .cs = 0x33, .ss = 0x2b, .rip = 0xffffffff81234567,
			 .rflags = 0x246, .fs_base = 0x7f00, .gs_base = 0xffff8880,
			 .gpr = { [GPR_RAX] = 1, [GPR_RSP] = 2, [GPR_R15] = 3, [GPR_RDI] = 4 } } },
	{ .cpu = 3, .apicid = 5, .reason = COVIRT_FAULT_STOPPED,
	  .registers = { .taken = 2, .rip = 0x1000 } },
	{ .cpu = 5, .apicid = 7, .reason = COVIRT_FAULT_TRIPLE_FAULT,
	  .registers = { .taken = 0, .rip = 0x2000 } },
};

static const int signals[ARRAY_SIZE(cpus)] = { SIGSEGV, 0, SIGKILL };

static struct dump *new_dump(struct kunit *test)
{
	struct dump *dump = kunit_kzalloc(test, sizeof(*dump), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dump);
	memcpy(dump->cpu, cpus, sizeof(cpus));
	dump->nr_cpus = ARRAY_SIZE(cpus);
	dump->ram = kunit_kcalloc(test, dump_count_ram(&map), sizeof(*dump->ram), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dump->ram);
	dump_add_ram(dump, &map);
	return dump;
}

static void *new_head(struct kunit *test, const struct dump *dump)
{
	void *head = kunit_kzalloc(test, dump_head_size(dump), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, head);
	dump_head_write(dump, head);
	return head;
}

static const struct elf64_phdr *headers(const void *head)
{
	return head + ((const struct elf64_hdr *)head)->e_phoff;
}

static void header_is_that_of_a_core(struct kunit *test)
{
	const struct elf64_hdr *elf = new_head(test, new_dump(test));

	KUNIT_EXPECT_EQ(test, memcmp(elf->e_ident, ELFMAG, SELFMAG), 0);
	KUNIT_EXPECT_EQ(test, elf->e_ident[EI_CLASS], ELFCLASS64);
	KUNIT_EXPECT_EQ(test, elf->e_ident[EI_DATA], ELFDATA2LSB);
	KUNIT_EXPECT_EQ(test, elf->e_type, ET_CORE);
	KUNIT_EXPECT_EQ(test, elf->e_machine, EM_X86_64);
	KUNIT_EXPECT_EQ(test, elf->e_phnum, 3);
	KUNIT_EXPECT_EQ(test, elf->e_phentsize, sizeof(struct elf64_phdr));
}

static void each_extent_of_ram_is_a_segment(struct kunit *test)
{
	struct dump *dump = new_dump(test);
	const struct elf64_phdr *segment = headers(new_head(test, dump));
	const u32 head = dump_head_size(dump);

	KUNIT_EXPECT_EQ(test, head % COVIRT_PAGE_SIZE, 0);
	KUNIT_EXPECT_EQ(test, segment[0].p_type, PT_NOTE);
	KUNIT_EXPECT_LE(test, segment[0].p_offset + segment[0].p_filesz, head);

	KUNIT_EXPECT_EQ(test, segment[1].p_type, PT_LOAD);
	KUNIT_EXPECT_EQ(test, segment[1].p_paddr, 0);
	KUNIT_EXPECT_EQ(test, segment[1].p_filesz, LOW);
	KUNIT_EXPECT_EQ(test, segment[1].p_memsz, LOW);
	KUNIT_EXPECT_EQ(test, segment[1].p_offset, head);
	KUNIT_EXPECT_EQ(test, segment[1].p_flags, PF_R | PF_W | PF_X);
	/* Other values make crash take it for a dump that is not relocated. */
	KUNIT_EXPECT_EQ(test, segment[1].p_align, 0);

	KUNIT_EXPECT_EQ(test, segment[2].p_paddr, HIGH);
	KUNIT_EXPECT_EQ(test, segment[2].p_filesz, SIZE);
	KUNIT_EXPECT_EQ(test, segment[2].p_offset, head + LOW);
	KUNIT_EXPECT_EQ(test, segment[2].p_flags, PF_R | PF_W);
	KUNIT_EXPECT_EQ(test, dump_size(dump), head + LOW + SIZE);
}

/* The note at @*at, which moves on to the next. */
static const void *next_note(struct kunit *test, const void **at, const char *name, u32 type)
{
	const struct elf64_note *note = *at;
	const void *desc = *at + sizeof(*note) + ALIGN(note->n_namesz, 4);

	KUNIT_ASSERT_EQ(test, note->n_namesz, strlen(name) + 1);
	KUNIT_EXPECT_STREQ(test, (const char *)(note + 1), name);
	KUNIT_EXPECT_EQ(test, note->n_type, type);
	*at = desc + ALIGN(note->n_descsz, 4);
	return desc;
}

static void each_cpu_has_its_notes(struct kunit *test)
{
	const void *head = new_head(test, new_dump(test));
	const struct elf64_phdr *notes = headers(head);
	const void *at = head + notes->p_offset;
	const struct elf_prstatus *status;
	const struct covirt_note_cpu *cpu;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cpus); i++) {
		status = next_note(test, &at, "CORE", NT_PRSTATUS);
		KUNIT_EXPECT_EQ(test, status->common.pr_pid, i + 1);
		KUNIT_EXPECT_EQ(test, status->common.pr_cursig, signals[i]);
		cpu = next_note(test, &at, COVIRT_NOTE_NAME, COVIRT_NOTE_CPU);
		KUNIT_EXPECT_EQ(test, memcmp(cpu, &cpus[i], sizeof(*cpu)), 0);
	}
	KUNIT_EXPECT_PTR_EQ(test, at, head + notes->p_offset + notes->p_filesz);
}

static void registers_are_where_debuggers_look(struct kunit *test)
{
	const void *head = new_head(test, new_dump(test));
	const void *at = head + headers(head)->p_offset;
	const struct elf_prstatus *status = next_note(test, &at, "CORE", NT_PRSTATUS);
	const struct user_regs_struct *regs = (const void *)&status->pr_reg;

	KUNIT_EXPECT_EQ(test, regs->ip, 0xffffffff81234567);
	KUNIT_EXPECT_EQ(test, regs->sp, 2);
	KUNIT_EXPECT_EQ(test, regs->ax, 1);
	KUNIT_EXPECT_EQ(test, regs->r15, 3);
	KUNIT_EXPECT_EQ(test, regs->di, 4);
	KUNIT_EXPECT_EQ(test, regs->flags, 0x246);
	KUNIT_EXPECT_EQ(test, regs->cs, 0x33);
	KUNIT_EXPECT_EQ(test, regs->ss, 0x2b);
	KUNIT_EXPECT_EQ(test, regs->fs_base, 0x7f00);
	KUNIT_EXPECT_EQ(test, regs->gs_base, 0xffff8880);
	KUNIT_EXPECT_EQ(test, (long)regs->orig_ax, -1);
}

static void what_is_not_known_reads_zero(struct kunit *test)
{
	const void *head = new_head(test, new_dump(test));
	const void *at = head + headers(head)->p_offset;
	const struct elf_prstatus *status;
	u32 i;

	for (i = 0; i < 2; i++) {
		next_note(test, &at, "CORE", NT_PRSTATUS);
		next_note(test, &at, COVIRT_NOTE_NAME, COVIRT_NOTE_CPU);
	}
	status = next_note(test, &at, "CORE", NT_PRSTATUS);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(&status->pr_reg, 0, sizeof(status->pr_reg)), NULL);
}

static void memory_is_found_by_offset(struct kunit *test)
{
	struct dump *dump = new_dump(test);
	const u64 head = dump_head_size(dump);
	const struct {
		u64 pos;
		u64 left;
		gpa_t gpa;
	} cases[] = {
		{ head, LOW, 0 },
		{ head + 1, LOW - 1, 1 },
		{ head + LOW - 1, 1, LOW - 1 },
		{ head + LOW, SIZE, HIGH },
		{ head + LOW + SIZE - 1, 1, HIGH + SIZE - 1 },
		{ head + LOW + SIZE, 0, 0 },
		{ S64_MAX, 0, 0 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		gpa_t gpa = 0;

		KUNIT_EXPECT_EQ(test, dump_find(dump, cases[i].pos, &gpa), cases[i].left);
		KUNIT_EXPECT_EQ(test, gpa, cases[i].gpa);
	}
}

#define MANY	3000

/* The head grows, nothing is written behind it, and each extent is found again. */
static void the_largest_fits(struct kunit *test)
{
	struct covirt_extent extent = { .len = COVIRT_SIZE_2M, .access = COVIRT_RWX,
					.memtype = COVIRT_MT_WB, .kind = COVIRT_KIND_RAM };
	struct dump *dump = kunit_kzalloc(test, sizeof(*dump), GFP_KERNEL);
	struct covirt_gpmap *map;
	gpa_t gpa;
	const struct elf64_phdr *segment;
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dump);
	dump->nr_cpus = COVIRT_MAX_CPUS;
	map = new_map_of(test, MANY);
	for (i = 0; i < MANY; i++) {
		extent.gpa = i * 2 * COVIRT_SIZE_2M;
		extent.hpa = extent.gpa;
		KUNIT_ASSERT_EQ(test, gpmap_insert(map, &extent), 0);
	}
	dump->ram = kunit_kcalloc(test, MANY, sizeof(*dump->ram), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dump->ram);
	dump_add_ram(dump, map);
	segment = headers(new_head(test, dump));
	KUNIT_EXPECT_EQ(test, segment[dump->nr].p_offset + COVIRT_SIZE_2M, dump_size(dump));
	KUNIT_EXPECT_LE(test, segment[0].p_offset + segment[0].p_filesz, segment[1].p_offset);
	for (i = 0; i < MANY; i++) {
		KUNIT_ASSERT_EQ(test, dump_find(dump, segment[i + 1].p_offset + 1, &gpa),
				COVIRT_SIZE_2M - 1);
		KUNIT_ASSERT_EQ(test, gpa, i * 2 * COVIRT_SIZE_2M + 1);
	}
}

static struct kunit_case dump_cases[] = {
	KUNIT_CASE(header_is_that_of_a_core),
	KUNIT_CASE(each_extent_of_ram_is_a_segment),
	KUNIT_CASE(each_cpu_has_its_notes),
	KUNIT_CASE(registers_are_where_debuggers_look),
	KUNIT_CASE(what_is_not_known_reads_zero),
	KUNIT_CASE(memory_is_found_by_offset),
	KUNIT_CASE(the_largest_fits),
	{}
};

static struct kunit_suite dump_suite = {
	.name = "covirt-dump",
	.test_cases = dump_cases,
};

kunit_test_suites(&dump_suite);
