// SPDX-License-Identifier: GPL-2.0-only
/* Partitions: an enclave's memory and layout are compiled into the tables that its CPUs obey. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "controller/host/backend.h"
#include "controller/hv/pages.h"
#include "controller/partition/partition.h"
#include "core/linux/permission_map.h"
#include "mm/npt_ept/formats.h"
#include "mm/npt_ept/pt_format.h"

/* An empty PC bus reads all ones. */
#define BLANK_BYTE	0xff

static const gfp_t table_gfp;
static void *blank;	/* one page for all enclaves, which cannot write it */

/**
 * partition_init() - make what all partitions share
 *
 * Return: 0 or -ENOMEM.
 */
int partition_init(void)
{
	blank = hv_pages_alloc(PAGE_SIZE, 0);
	if (!blank)
		return -ENOMEM;
	memset(blank, BLANK_BYTE, PAGE_SIZE);
	return 0;
}

/**
 * partition_exit() - undo partition_init()
 */
void partition_exit(void)
{
	hv_pages_free(blank, PAGE_SIZE);
}

/**
 * partition_unmap() - undo partition_map()
 * @map: the map; may be all zero
 */
void partition_unmap(struct covirt_gpmap *map)
{
	kvfree(map->extent);
	*map = (struct covirt_gpmap) { };
}

static int map_give_room(struct covirt_gpmap *map, u32 max)
{
	struct covirt_extent *room = kvmalloc_array(max, sizeof(*room), GFP_KERNEL);

	gpmap_init(map, room, max);
	return room ? 0 : -ENOMEM;
}

/**
 * partition_map() - the guest-physical map that a layout makes of memory
 * @map:    filled, for partition_unmap(); all zero on error
 * @layout: the layout
 * @memory: the enclave's memory
 * @on_unclaimed: what becomes of accesses to what is nobody's
 * @ioapic: host-physical address of the page of its I/O APIC; 0: it has none
 *
 * Return: -ENOMEM, or as struct covirt_layout::build, layout_add_apic(), layout_add_ioapic() and
 * layout_add_blank_pages().
 */
int partition_map(struct covirt_gpmap *map, const struct covirt_layout *layout,
		  const struct enclave_memory *memory,
		  enum covirt_unclaimed_policy on_unclaimed, hpa_t ioapic)
{
	int err;

	err = map_give_room(map, COVIRT_LAYOUT_EXTENTS(memory->blocks.nr));
	if (err)
		return err;
	err = layout->build(map, memory->blocks.block, memory->blocks.nr, virt_to_phys(blank));
	if (!err && backend_features() & COVIRT_FEATURE_XAPIC)
		err = layout_add_apic(map);
	if (!err && ioapic)
		err = layout_add_ioapic(map, ioapic);
	if (!err && on_unclaimed == COVIRT_UNCLAIMED_IGNORE)
		err = layout_add_blank_pages(map, virt_to_phys(blank));
	if (err)
		partition_unmap(map);
	return err;
}

static u32 table_flags(void)
{
	u64 features = backend_features();

	return (features & COVIRT_FEATURE_1G_PAGES ? PT_1G_OK : 0) |
	       (features & COVIRT_FEATURE_EXEC_4K ? PT_EXEC_4K : 0);
}

static int table_build(struct pt *table, const struct pt_format *format,
		       const struct covirt_gpmap *map)
{
	const struct pt_mm mm = hv_pages_pt_mm(&table_gfp);
	int err;

	err = pt_init(table, format, &mm, table_flags());
	if (err)
		return err;
	err = pt_build(table, map);
	if (err)
		pt_destroy(table);
	return err;
}

static bool direct_map_is_apart(const struct partition *partition)
{
	return partition->features & COVIRT_FEATURE_DIRECT_MAP && !backend()->format->long_mode;
}

static void tables_destroy(struct partition *partition)
{
	if (direct_map_is_apart(partition))
		pt_destroy(&partition->direct_map);
	pt_destroy(&partition->tables);
}

static int tables_build(struct partition *partition)
{
	int err;

	err = table_build(&partition->tables, backend()->format, &partition->map);
	if (err || !direct_map_is_apart(partition))
		return err;
	err = table_build(&partition->direct_map, &host_format, &partition->map);
	if (err)
		pt_destroy(&partition->tables);
	return err;
}

static void maps_free(struct partition *partition)
{
	hv_pages_free(partition->port_map, backend()->maps->port_size);
	hv_pages_free(partition->msr_map, backend()->maps->msr_size);
}

static int maps_build(struct partition *partition, u32 interrupts)
{
	partition->msr_map = hv_pages_alloc(backend()->maps->msr_size, 0);
	partition->port_map = hv_pages_alloc(backend()->maps->port_size, 0);
	if (!partition->msr_map || !partition->port_map) {
		maps_free(partition);
		return -ENOMEM;
	}
	permission_msr_map(backend()->maps, partition->msr_map, interrupts);
	permission_port_map(backend()->maps, partition->port_map);
	return 0;
}

/**
 * partition_build() - compile
 * @partition: not built
 * @layout:    the layout
 * @memory:    the enclave's memory, which stays as long as the partition
 * @on_unclaimed: what becomes of accesses to what is nobody's
 * @ioapic:    host-physical address of the page of its I/O APIC; 0: it has none
 * @interrupts: enum covirt_interrupts
 *
 * Return: 0, -ENOMEM, or as partition_map(); on error nothing is left.
 */
int partition_build(struct partition *partition, const struct covirt_layout *layout,
		    const struct enclave_memory *memory,
		    enum covirt_unclaimed_policy on_unclaimed, hpa_t ioapic, u32 interrupts)
{
	int err;

	partition->features = backend_features();
	if (on_unclaimed == COVIRT_UNCLAIMED_IGNORE || ioapic)
		partition->features |= COVIRT_FEATURE_DIRECT_MAP;
	err = partition_map(&partition->map, layout, memory, on_unclaimed, ioapic);
	if (err)
		return err;
	err = maps_build(partition, interrupts);
	if (err)
		goto unmap;
	err = tables_build(partition);
	if (err)
		goto free_maps;
	partition->built = true;
	return 0;

free_maps:
	maps_free(partition);
unmap:
	partition_unmap(&partition->map);
	return err;
}

/**
 * partition_destroy() - free the tables
 * @partition: built or not; no CPU runs in it
 */
void partition_destroy(struct partition *partition)
{
	if (!partition->built)
		return;
	tables_destroy(partition);
	maps_free(partition);
	partition_unmap(&partition->map);
	partition->built = false;
}

/**
 * partition_direct_map() - tables of the hypervisor's direct map of the partition's memory
 * @partition: built, with COVIRT_FEATURE_DIRECT_MAP
 *
 * Return: host-physical address of their root, a page table of long mode.
 */
hpa_t partition_direct_map(const struct partition *partition)
{
	return pt_root(direct_map_is_apart(partition) ? &partition->direct_map :
		       &partition->tables);
}

/**
 * partition_ram() - the memory behind guest-physical addresses
 * @partition: built
 * @gpa:       first address
 * @len:       bytes, not 0
 *
 * Return: that memory in Linux's direct map, or NULL when it is not wholly
 * inside one extent of the enclave's RAM.
 */
void *partition_ram(const struct partition *partition, gpa_t gpa, u64 len)
{
	const struct covirt_extent *extent = gpmap_find(&partition->map, gpa);

	if (!extent || extent->kind != COVIRT_KIND_RAM)
		return NULL;
	if (len > extent->len - (gpa - extent->gpa))
		return NULL;
	return phys_to_virt(extent_hpa(extent, gpa));
}

/**
 * partition_kind_name() - what stands behind an extent, as users see it
 * @extent: of a map
 *
 * Return: ram, shared, mmio or blank.
 */
const char *partition_kind_name(const struct covirt_extent *extent)
{
	static const char *const names[] = {
		[COVIRT_KIND_RAM] = "ram",
		[COVIRT_KIND_SHARED] = "shared",
		[COVIRT_KIND_MMIO] = "mmio",
		[COVIRT_KIND_BLANK] = "blank",
	};

	return names[extent->kind];
}

/**
 * partition_access_text() - what may be done there, as users see it
 * @extent: of a map
 * @text:   room for PARTITION_ACCESS characters; written, like "rw-"
 */
void partition_access_text(const struct covirt_extent *extent, char *text)
{
	text[0] = extent->access & COVIRT_READ ? 'r' : '-';
	text[1] = extent->access & COVIRT_WRITE ? 'w' : '-';
	text[2] = extent->access & COVIRT_EXEC ? 'x' : '-';
	text[3] = '\0';
}
