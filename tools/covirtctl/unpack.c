// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compressed images. The kernel module takes none: a decompressor is more code than all of its
 * loaders together, and here it runs as a program, over bytes that nobody has vouched for.
 */
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "core/base.h"
#include "unpack.h"

#define ROOM_FIRST	(1024UL << 10)
#define GZIP_ONLY	16	/* to windowBits of zlib: a gzip header is there */

/* Bytes on their way through a decoder, which advances both sides. */
struct flow {
	const unsigned char *in;
	size_t in_len;
	unsigned char *out;
	size_t room;
};

enum progress { FLOW_MORE, FLOW_END, FLOW_BROKEN };

union decoder {
	z_stream gzip;
	lzma_stream xz;
	ZSTD_DStream *zstd;
};

static bool gzip_open(union decoder *decoder)
{
	memset(&decoder->gzip, 0, sizeof(decoder->gzip));
	return inflateInit2(&decoder->gzip, MAX_WBITS + GZIP_ONLY) == Z_OK;
}

static enum progress gzip_step(union decoder *decoder, struct flow *flow)
{
	z_stream *gzip = &decoder->gzip;
	int got;

	gzip->next_in = (unsigned char *)flow->in;
	gzip->avail_in = flow->in_len;
	gzip->next_out = flow->out;
	gzip->avail_out = flow->room;
	got = inflate(gzip, Z_NO_FLUSH);
	*flow = (struct flow){ gzip->next_in, gzip->avail_in, gzip->next_out, gzip->avail_out };
	if (got == Z_STREAM_END)
		return FLOW_END;
	return got == Z_OK ? FLOW_MORE : FLOW_BROKEN;
}

static void gzip_close(union decoder *decoder)
{
	inflateEnd(&decoder->gzip);
}

static bool xz_open(union decoder *decoder)
{
	decoder->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&decoder->xz, UNPACK_MAX, 0) == LZMA_OK;
}

static enum progress xz_step(union decoder *decoder, struct flow *flow)
{
	lzma_stream *xz = &decoder->xz;
	lzma_ret got;

	xz->next_in = flow->in;
	xz->avail_in = flow->in_len;
	xz->next_out = flow->out;
	xz->avail_out = flow->room;
	got = lzma_code(xz, LZMA_RUN);
	*flow = (struct flow){ xz->next_in, xz->avail_in, xz->next_out, xz->avail_out };
	if (got == LZMA_STREAM_END)
		return FLOW_END;
	return got == LZMA_OK ? FLOW_MORE : FLOW_BROKEN;
}

static void xz_close(union decoder *decoder)
{
	lzma_end(&decoder->xz);
}

static bool zstd_open(union decoder *decoder)
{
	decoder->zstd = ZSTD_createDStream();
	return decoder->zstd;
}

static enum progress zstd_step(union decoder *decoder, struct flow *flow)
{
	ZSTD_inBuffer in = { flow->in, flow->in_len, 0 };
	ZSTD_outBuffer out = { flow->out, flow->room, 0 };
	size_t got = ZSTD_decompressStream(decoder->zstd, &out, &in);

	*flow = (struct flow){ flow->in + in.pos, flow->in_len - in.pos, flow->out + out.pos,
			       flow->room - out.pos };
	if (ZSTD_isError(got))
		return FLOW_BROKEN;
	return got ? FLOW_MORE : FLOW_END;
}

static void zstd_close(union decoder *decoder)
{
	ZSTD_freeDStream(decoder->zstd);
}

static const struct packing {
	const char *magic;
	size_t len;
	bool (*open)(union decoder *decoder);
	enum progress (*step)(union decoder *decoder, struct flow *flow);
	void (*close)(union decoder *decoder);
} packings[] = {
	{ "\037\213", 2, gzip_open, gzip_step, gzip_close },
	{ "\3757zXZ", 6, xz_open, xz_step, xz_close },	/* with the NUL */
	{ "\050\265\057\375", 4, zstd_open, zstd_step, zstd_close },
};

static const struct packing *packing_find(const unsigned char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packings); i++)
		if (len >= packings[i].len && !memcmp(bytes, packings[i].magic, packings[i].len))
			return &packings[i];
	return NULL;
}

/**
 * struct sink - what has come out so far
 * @unpacked: the bytes
 * @room:     for how many there is memory
 * @max:      how many there may be
 */
struct sink {
	struct unpacked *unpacked;
	size_t room;
	size_t max;
};

static const char no_memory[] = "there is not enough memory to unpack it";

/* The byte behind the last that may come out shows that there are too many. */
static bool sink_grow(struct sink *sink)
{
	size_t room = sink->room ? sink->room * 2 : ROOM_FIRST;
	unsigned char *bytes;

	if (room > sink->max)
		room = sink->max + 1;
	bytes = realloc(sink->unpacked->bytes, room);
	if (!bytes)
		return false;
	sink->unpacked->bytes = bytes;
	sink->room = room;
	return true;
}

/* A decoder that neither reads nor writes waits for what the file does not have. */
static enum progress sink_step(struct sink *sink, const struct packing *packing,
			       union decoder *decoder, struct flow *flow)
{
	struct unpacked *unpacked = sink->unpacked;
	const size_t room = sink->room - unpacked->len;
	const size_t in_len = flow->in_len;
	enum progress progress;

	flow->out = unpacked->bytes + unpacked->len;
	flow->room = room;
	progress = packing->step(decoder, flow);
	unpacked->len += room - flow->room;
	if (progress == FLOW_MORE && in_len == flow->in_len && room == flow->room)
		return FLOW_BROKEN;
	return progress;
}

static const char *sink_fill(struct sink *sink, const struct packing *packing,
			     union decoder *decoder, struct flow *flow)
{
	enum progress progress = FLOW_MORE;

	while (progress == FLOW_MORE) {
		if (sink->unpacked->len == sink->room && !sink_grow(sink))
			return no_memory;
		progress = sink_step(sink, packing, decoder, flow);
		if (sink->unpacked->len > sink->max)
			return "it unpacks to more than any kernel has: is there a kernel in it?";
	}
	return progress == FLOW_END ? NULL :
	       "the compressed file is damaged or cut off: get it again";
}

static const char *part_unpack(struct sink *sink, const struct packing *packing, struct flow *flow)
{
	union decoder decoder;
	const char *wrong;

	if (!packing->open(&decoder))
		return no_memory;
	wrong = sink_fill(sink, packing, &decoder, flow);
	packing->close(&decoder);
	return wrong;
}

/**
 * is_packed() - is this a compressed file that unpack() knows?
 * @bytes: its bytes
 * @len:   how many
 *
 * Return: true by the first bytes of a gzip, xz or zstd file.
 */
bool is_packed(const void *bytes, size_t len)
{
	return packing_find(bytes, len);
}

/**
 * unpack() - unpack a compressed file
 * @bytes:    its bytes
 * @len:      how many
 * @max:      bytes that may come out
 * @unpacked: receives what was inside, to be freed by the caller; nothing on failure
 *
 * Parts that follow each other are unpacked one behind the other, as gzip(1), xz(1) and zstd(1) do;
 * what follows the last of them is not looked at.
 *
 * Return: NULL, or what is wrong.
 */
const char *unpack(const void *bytes, size_t len, size_t max, struct unpacked *unpacked)
{
	struct sink sink = { .unpacked = unpacked, .max = max };
	struct flow flow = { .in = bytes, .in_len = len };
	const struct packing *packing;
	const char *wrong = NULL;

	*unpacked = (struct unpacked){};
	if (len > max)
		return "the compressed file is larger than any kernel";
	while (!wrong && (packing = packing_find(flow.in, flow.in_len)))
		wrong = part_unpack(&sink, packing, &flow);
	if (wrong) {
		free(unpacked->bytes);
		*unpacked = (struct unpacked){};
	}
	return wrong;
}
