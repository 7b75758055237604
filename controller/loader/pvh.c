// SPDX-License-Identifier: GPL-2.0-only
/*
 * PVH (Xen's x86/HVM direct boot ABI): an ELF file of either class whose note names a 32-bit entry,
 * with struct hvm_start_info in EBX.
 */
#include "elf.h"
#include "entry_32.h"
#include "guest_ram.h"
#include "memory_map.h"

#define NOTE_NAME	"Xen"
#define NOTE_PHYS32_ENTRY	18
#define START_MAGIC	0x336ec578
#define START_VERSION	1

struct pvh_start_info {
	u32 magic;
	u32 version;
	u32 flags;
	u32 nr_modules;
	u64 modules;
	u64 cmdline;
	u64 rsdp;
	u64 memory_map;
	u32 memory_map_lines;
	u32 reserved;
};

struct pvh_module {
	u64 start;
	u64 len;
	u64 cmdline;
	u64 reserved;
};

struct pvh_line {
	u64 start;
	u64 len;
	u32 type;
	u32 reserved;
};

/* The page LOW_PARAMS. */
struct pvh_page {
	struct pvh_start_info info;
	struct pvh_module module;
};

static_assert(sizeof(struct pvh_start_info) == 56);
static_assert(sizeof(struct pvh_module) == 32);
static_assert(sizeof(struct pvh_line) == 24);

/* The word in the note; false if there is no such note, or it is not one word. */
static bool entry_of(const struct elf *elf, u64 *entry)
{
	struct image desc;

	if (!elf_note(elf, NOTE_NAME, NOTE_PHYS32_ENTRY, &desc))
		return false;
	if (desc.len != sizeof(u32) && desc.len != sizeof(u64))
		return false;
	*entry = desc.len == sizeof(u32) ? image_u32(&desc, 0) : image_u64(&desc, 0);
	return true;
}

/* A vmlinux has the note, too, and a protocol that tells it more, which is tried before. */
static bool pvh_match(const struct loader_request *request)
{
	struct loading loading = { .request = request };
	struct elf elf;
	u64 entry;

	if (!elf_is_file(request))
		return false;
	elf_open(&elf, &loading);
	return !elf_read_header(&elf) && entry_of(&elf, &entry);
}

/* Everything that can be wrong is found here, before the first byte is written. */
static int pvh_read(struct elf *elf, struct loading *loading, gpa_t *rip)
{
	int err;

	elf_open(elf, loading);
	err = elf_read(elf);
	if (!err)
		err = elf_check_below_4g(elf);
	if (err)
		return err;
	if (!entry_of(elf, rip) || !elf_has(elf, *rip))
		return elf_fail(elf, "PVH entry point is not inside the image");
	return 0;
}

static int map_write(struct loading *loading, struct pvh_start_info *info)
{
	struct told_walk walk = {};
	struct told_range line;
	struct pvh_line *at;
	void *room;
	int err;

	err = memory_map_room(loading, sizeof(*at), &room);
	if (err)
		return err;
	for (at = room; memory_map_next(loading->request->map, &walk, &line); at++)
		*at = (struct pvh_line){ line.range.gpa, line.range.len, line.type, 0 };
	info->memory_map = LOW_TABLES;
	info->memory_map_lines = walk.nr;
	return 0;
}

static int info_write(struct loading *loading)
{
	const struct gpa_range *initrd = &loading->initrd;
	struct pvh_page page = {
		.info = {
			.magic = START_MAGIC,
			.version = START_VERSION,
			.cmdline = LOW_CMDLINE,
			.rsdp = loading->rsdp,
		},
	};
	int err;

	if (initrd->len) {
		page.module = (struct pvh_module){ initrd->gpa, initrd->len, 0, 0 };
		page.info.nr_modules = 1;
		page.info.modules = LOW_PARAMS + offsetof(struct pvh_page, module);
	}
	err = map_write(loading, &page.info);
	return err ? err : guest_ram_write(loading, LOW_PARAMS, &page, sizeof(page));
}

static const struct entry_32 pvh_entry = {
	.read = pvh_read,
	.write_info = info_write,
	.rbx = LOW_PARAMS,
};

static int pvh_check(struct loading *loading)
{
	return elf_check(loading, pvh_read);
}

static int pvh_load(struct loading *loading)
{
	return entry_32_load(loading, &pvh_entry);
}

const struct loader_format pvh_format = {
	.name = "pvh",
	.match = pvh_match,
	.check = pvh_check,
	.load = pvh_load,
};
