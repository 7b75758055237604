// SPDX-License-Identifier: GPL-2.0-only
/* covirtctl map: physical memory by owner, drawn in the terminal or as SVG. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "covirtctl.h"
#include "enclave.h"
#include "record.h"
#include "regions.h"

#define ROWS		16
#define COLUMNS		64

/**
 * struct map - its command line, and what it shows
 * @words:   must come first: words_option() knows no more
 * @svg:     file to draw to, or NULL
 * @regions: all memory
 * @names:   of the enclaves
 */
struct map {
	struct words words;
	const char *svg;
	struct regions regions;
	struct json_object *names;
};

/* --- what there is --- */

static const char *owner_name(const struct map *map, int owner)
{
	if (owner == OWNER_LINUX)
		return "linux";
	if (owner == OWNER_HYPERVISOR)
		return "hypervisor";
	return json_object_get_string(json_object_array_get_idx(map->names,
								owner - OWNER_ENCLAVES));
}

static void lines_add(struct map *map, char *text, int owner,
		      bool (*parse)(const char *line, uint64_t *first, uint64_t *last))
{
	char *line, *rest = text;
	uint64_t first, last;

	while ((line = strsep(&rest, "\n")))
		if (parse(line, &first, &last))
			regions_add(&map->regions, first, last, owner);
}

static bool ram_read(struct regions *ram)
{
	FILE *file = fopen("/proc/iomem", "re");
	char line[256];
	uint64_t first, last;

	while (file && fgets(line, sizeof(line), file))
		if (iomem_parse(line, &first, &last))
			regions_add(ram, first, last, OWNER_LINUX);
	if (file)
		fclose(file);
	return ram->nr;
}

static int map_read(struct map *map)
{
	struct regions ram = { 0 };
	char value[VALUE_ROOM];
	size_t i;

	if (attribute_read("", "hypervisor_memory", value) || !ram_read(&ram)) {
		complain("addresses are for root's eyes: try sudo");
		return STATUS_NOT_PERMITTED;
	}
	lines_add(map, value, OWNER_HYPERVISOR, hypervisor_memory_parse);
	for (i = 0; i < json_object_array_length(map->names); i++)
		if (!attribute_read(owner_name(map, OWNER_ENCLAVES + i), "memory_map", value))
			lines_add(map, value, OWNER_ENCLAVES + i, memory_map_parse);
	regions_sort(&map->regions);
	regions_fill(&map->regions, &ram);
	regions_free(&ram);
	return STATUS_OK;
}

static uint64_t map_end(const struct map *map)
{
	return map->regions.region[map->regions.nr - 1].last;
}

/* --- in the terminal --- */

static char owner_letter(int owner)
{
	static const char letters[] = ".#ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	int last = sizeof(letters) - 2;

	return letters[owner < last ? owner : last];
}

/*
 * Letter of a cell. Linux is shown only if nobody else is there, so that small regions do not
 * vanish.
 */
static char cell(const struct map *map, uint64_t first, uint64_t last)
{
	char letter = ' ';
	size_t i;

	for (i = 0; i < map->regions.nr; i++) {
		const struct region *region = &map->regions.region[i];

		if (region->last < first || region->first > last)
			continue;
		if (letter == ' ' || letter == owner_letter(OWNER_LINUX))
			letter = owner_letter(region->owner);
	}
	return letter;
}

static uint64_t cell_size(const struct map *map)
{
	uint64_t size = 4096;

	while (map_end(map) / size >= ROWS * COLUMNS)
		size *= 2;
	return size;
}

static void draw(const struct map *map)
{
	uint64_t size = cell_size(map), row, at;
	int column;

	for (row = 0; row <= map_end(map); row += size * COLUMNS) {
		printf("%#14" PRIx64 " ", row);
		for (column = 0; column < COLUMNS; column++) {
			at = row + size * column;
			putchar(cell(map, at, at + size - 1));
		}
		putchar('\n');
	}
	putchar('\n');
}

static const struct column owner_columns[] = {
	{ "letter", "", COLUMN_TEXT },
	{ "owner", "OWNER", COLUMN_TEXT },
	{ "size", "MEMORY", COLUMN_SIZE },
	{ "pieces", "PIECES", COLUMN_NUMBER },
	{ 0 }
};

static struct json_object *owner_record(const struct map *map, int owner)
{
	struct json_object *record = json_object_new_object();
	uint64_t size = 0, pieces = 0;
	size_t i;

	for (i = 0; i < map->regions.nr; i++) {
		const struct region *region = &map->regions.region[i];

		if (region->owner != owner)
			continue;
		size += region->last - region->first + 1;
		pieces++;
	}
	record_set(record, "letter", "%c", owner_letter(owner));
	record_set(record, "owner", "%s", owner_name(map, owner));
	record_set_number(record, "size", size);
	record_set_number(record, "pieces", pieces);
	return record;
}

static void legend(const struct map *map)
{
	int owner, end = OWNER_ENCLAVES + json_object_array_length(map->names);
	struct json_object *records = json_object_new_array();

	for (owner = 0; owner < end; owner++)
		json_object_array_add(records, owner_record(map, owner));
	records_print(records, owner_columns, false);
	json_object_put(records);
}

/* --- for programs --- */

static void regions_json(const struct map *map)
{
	struct json_object *records = json_object_new_array();
	size_t i;

	for (i = 0; i < map->regions.nr; i++) {
		const struct region *region = &map->regions.region[i];
		struct json_object *record = json_object_new_object();

		record_set_hex(record, "first", region->first);
		record_set_hex(record, "last", region->last);
		record_set(record, "owner", "%s", owner_name(map, region->owner));
		json_object_array_add(records, record);
	}
	json_print(records);
	json_object_put(records);
}

/* --- as a picture --- */

#define SVG_WIDTH	1000.0

static const char *owner_colour(int owner)
{
	static const char *const colours[] = {
		"#d9d9d9", "#e31a1c", "#1f78b4", "#33a02c", "#ff7f00", "#6a3d9a", "#b15928",
	};
	int enclaves = ARRAY_SIZE(colours) - OWNER_ENCLAVES;

	if (owner < OWNER_ENCLAVES)
		return colours[owner];
	return colours[OWNER_ENCLAVES + (owner - OWNER_ENCLAVES) % enclaves];
}

static void svg_region(FILE *file, const struct map *map, const struct region *region)
{
	double scale = SVG_WIDTH / ((double)map_end(map) + 1);
	double width = scale * ((double)(region->last - region->first) + 1);

	fprintf(file, "<rect x=\"%.3f\" y=\"20\" width=\"%.3f\" height=\"60\" fill=\"%s\">"
		"<title>%s: %#" PRIx64 "-%#" PRIx64 "</title></rect>\n", scale * region->first,
		width > 0.5 ? width : 0.5, owner_colour(region->owner),
		owner_name(map, region->owner), region->first, region->last);
}

static void svg_legend(FILE *file, const struct map *map)
{
	int owner, end = OWNER_ENCLAVES + json_object_array_length(map->names);

	for (owner = 0; owner < end; owner++)
		fprintf(file, "<rect x=\"%d\" y=\"100\" width=\"12\" height=\"12\" fill=\"%s\"/>"
			"<text x=\"%d\" y=\"111\" font-family=\"sans-serif\" font-size=\"12\">%s</text>\n",
			owner * 160, owner_colour(owner), owner * 160 + 18, owner_name(map, owner));
}

static int svg_draw(const struct map *map)
{
	FILE *file = fopen(map->svg, "we");
	size_t i;

	if (!file) {
		complain("%s: %s", map->svg, strerror(errno));
		return STATUS_FAILED;
	}
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 130\">\n", file);
	for (i = 0; i < map->regions.nr; i++)
		svg_region(file, map, &map->regions.region[i]);
	svg_legend(file, map);
	fputs("</svg>\n", file);
	if (!fclose(file))
		return STATUS_OK;
	complain("%s: %s", map->svg, strerror(errno));
	return STATUS_FAILED;
}

/* --- command line --- */

static const struct argp_option options[] = {
	{ "svg", 's', "FILE", 0, "Draw a picture into a file instead", 0 },
	{ 0 }
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct map *map = state->input;

	if (key != 's')
		return words_option(key, arg, state);
	map->svg = arg;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.children = json_child,
	.parser = option,
	.doc = "Draw the machine's physical memory by owner: Linux, the hypervisors, each enclave."
	       "\v"
	       "A cell with memory of an enclave or of a hypervisor has that one's letter, however "
	       "little it is. --json lists every piece.",
};

static int map_show(struct map *map)
{
	int status = map_read(map);

	if (status)
		return status;
	if (map->svg)
		return svg_draw(map);
	if (map->words.json) {
		regions_json(map);
		return STATUS_OK;
	}
	draw(map);
	legend(map);
	return STATUS_OK;
}

static int cmd_map_run(int argc, char **argv)
{
	struct map map = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &map);
	status = module_check();
	if (status)
		return status;
	map.names = enclave_names();
	status = map_show(&map);
	json_object_put(map.names);
	regions_free(&map.regions);
	return status;
}

const struct command cmd_map = {
	.name = "map",
	.summary = "draw physical memory by owner",
	.run = cmd_map_run,
};
