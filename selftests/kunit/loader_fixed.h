/* SPDX-License-Identifier: GPL-2.0-only */
/* Images linked at 4 MiB, and what the tests of multiboot and PVH have in common. */
#ifndef COVIRT_KUNIT_LOADER_FIXED_H
#define COVIRT_KUNIT_LOADER_FIXED_H

#include "selftests/kunit/loader_fixture.h"

#define ADDR		(4 * MIB)
#define TEXT_OFF	0x200
#define TEXT_LEN	0x100
#define MEM_LEN		0x3000
#define PARAMS		0x2000
#define MAP		0x8000
#define RSDP		0x80000
#define LOW_RAM_LEN	0x80000

static const struct region packed_ram[] = { { MIB, 7 * MIB }, {} };

/* Fields of a file of either class: offset and width. */
struct elf_kind {
	u32 wide;	/* bytes of an address */
	u8 class;
	u8 machine;
	u16 ehdr, phdr;
	u16 phoff, phentsize, phnum;
	u16 flags, offset, vaddr, paddr, filesz, memsz, align;
};

static const struct elf_kind elf32 = {
	4, 1, 3, 52, 32, 28, 42, 44, 24, 4, 8, 12, 16, 20, 28,
};

static const struct elf_kind elf64 = {
	8, 2, 62, 64, 56, 32, 54, 56, 4, 8, 16, 24, 32, 40, 48,
};

/* A program header of that index. */
static __maybe_unused void put_segment(struct fixture *fx, const struct elf_kind *kind, u32 n,
				       u32 type, u64 off, u64 addr, u64 filesz, u64 memsz)
{
	u32 at = kind->ehdr + n * kind->phdr;

	image_put(fx, at, type, 4);
	image_put(fx, at + kind->flags, 5, 4);
	image_put(fx, at + kind->offset, off, kind->wide);
	image_put(fx, at + kind->vaddr, addr, kind->wide);
	image_put(fx, at + kind->paddr, addr, kind->wide);
	image_put(fx, at + kind->filesz, filesz, kind->wide);
	image_put(fx, at + kind->memsz, memsz, kind->wide);
	image_put(fx, at + kind->align, 4, kind->wide);
}

/* A file of a single segment, whose bytes are 0x90; the entry is its byte 0x40. */
static __maybe_unused void make_elf(struct fixture *fx, const struct elf_kind *kind)
{
	static const u8 ident[] = { 0x7f, 'E', 'L', 'F', 0, 1, 1 };

	memset(fx->image, 0, IMAGE_MAX);
	memcpy(fx->image, ident, sizeof(ident));
	image_put(fx, 4, kind->class, 1);
	image_put(fx, 16, 2, 2);
	image_put(fx, 18, kind->machine, 2);
	image_put(fx, 24, ADDR + 0x40, kind->wide);
	image_put(fx, kind->phoff, kind->ehdr, kind->wide);
	image_put(fx, kind->phentsize, kind->phdr, 2);
	image_put(fx, kind->phnum, 1, 2);
	memset(fx->image + TEXT_OFF, 0x90, TEXT_LEN);
	put_segment(fx, kind, 0, 1, TEXT_OFF, ADDR, TEXT_LEN, MEM_LEN);
	fx->request.kernel_len = TEXT_OFF + TEXT_LEN;
}

/* 32-bit mode without paging, and a GDT that is fit for it. */
static __maybe_unused void expect_entry_32(struct kunit *test, gpa_t rip)
{
	struct fixture *fx = test->priv;
	const struct covirt_entry *entry = &fx->entry;

	KUNIT_EXPECT_EQ(test, (int)entry->mode, COVIRT_ENTRY_32);
	KUNIT_EXPECT_EQ(test, entry->rip, rip);
	KUNIT_EXPECT_EQ(test, entry->rbx, (u64)PARAMS);
	KUNIT_EXPECT_EQ(test, entry->cr3, 0ULL);
	KUNIT_EXPECT_EQ(test, entry->rsi | entry->rdi, 0ULL);
	KUNIT_EXPECT_EQ(test, (int)entry->cs, 0x10);
	KUNIT_EXPECT_EQ(test, (int)entry->ds, 0x18);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, entry->gdt_base + 0x10), 0x00cf9b000000ffffULL);
	KUNIT_EXPECT_EQ(test, ram_u64(fx, entry->gdt_base + 0x18), 0x00cf93000000ffffULL);
}

static __maybe_unused void expect_text(struct kunit *test, u32 off)
{
	struct fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, memcmp(fixture_mem(fx, ADDR, TEXT_LEN), fx->image + off,
				     TEXT_LEN), 0);
	KUNIT_EXPECT_EQ(test, ram_u32(fx, ADDR + TEXT_LEN), 0U);
}

/* A change of a field in a good file, and what the loader has to say of it. */
struct change {
	const char *name;
	u32 off;
	u32 size;
	u64 val;
	int err;
	const char *reason;
};

static __maybe_unused void change_desc(const struct change *change, char *desc)
{
	strscpy(desc, change->name, KUNIT_PARAM_DESC_SIZE);
}

#endif /* COVIRT_KUNIT_LOADER_FIXED_H */
