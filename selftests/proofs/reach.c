// SPDX-License-Identifier: GPL-2.0-only
/* The walk of hardware through memory, by the tables that it finds there. */
static u64 walk_memory(const struct pt *pt, gpa_t gpa)
{
	unsigned int level = PT_LEVELS;
	hpa_t table = pt->root;

	while (entry_is_table(pt, memory[table / 0x1000][level_index(level, gpa)], level)) {
		table = entry_hpa(pt, memory[table / 0x1000][level_index(level, gpa)]);
		level--;
	}
	return memory[table / 0x1000][level_index(level, gpa)];
}
