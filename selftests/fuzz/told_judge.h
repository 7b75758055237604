/* SPDX-License-Identifier: GPL-2.0-only */
/* Judgement of protocols of 32-bit entry: what they have in common, whatever form they give it. */
#ifndef COVIRT_FUZZ_TOLD_JUDGE_H
#define COVIRT_FUZZ_TOLD_JUDGE_H

#include "load.h"

#define LOW_ACPI	0x80000ULL

/**
 * struct told - what a co-kernel is told
 * @load:    the load
 * @initrd:  where its initrd is; length 0 for none
 * @cmdline: where its command line is
 * @total:   bytes in the memory map so far
 * @end:     where its last line ended
 */
struct told {
	const struct load *load;
	struct place initrd;
	gpa_t cmdline;
	u64 total;
	gpa_t end;
};

void judge_line(struct told *told, struct place line, u32 type);
void judge_told(const struct told *told);
void judge_bytes(const struct told *told, u64 offset, u64 filesz, struct place where);
void judge_elf(const struct told *told);
u64 elf_entry_of(const struct told *told);
bool elf_has_entry(const struct told *told, u64 entry, bool is_virtual);

#endif /* COVIRT_FUZZ_TOLD_JUDGE_H */
