/* Content codings undone while they stream: zlib, brotli and zstd behind one table. */
#include "net/http/coding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* One stage. Each turns bytes into bytes for `out`, which is the next stage or the caller. */
struct decoder {
	const struct coding_row *row;
	union {
		z_stream z;
		BrotliDecoderState *br;
		ZSTD_DStream *zstd;
	} state;
	bool open;           /* state is to be released */
	bool started, ended; /* bytes came; the data's own end came */
	uint8_t first[2];    /* deflate: the bytes that tell zlib from raw */
	size_t n_first;
	uint64_t produced;
	const struct coding *whole;
	struct coding_out out;
	uint8_t *piece;
};

struct coding {
	struct decoder stages[CODING_MAX]; /* the first is what was applied last */
	size_t n;
	struct coding_limits limits;
	uint64_t taken; /* bytes that came in */
};

struct coding_row {
	const char *name, *alias;
	int (*open)(struct decoder *d);
	/* Decodes all of p; sets ended. */
	int (*push)(struct decoder *d, const uint8_t *p, size_t n, struct error *error);
	void (*close)(struct decoder *d);
};

static int
no_memory(const struct decoder *d, struct error *error)
{
	return mem_fail(error, "undoing %s", d->row->name);
}

static int
as_it_came(const struct coding *c, struct error *error)
{
	return c->limits.off != NULL ? hint_why(error, "to have it as it came", "%s", c->limits.off) : -1;
}

static int
corrupt(const struct decoder *d, const char *reason, struct error *error)
{
	char shown[80];

	fail(error, ERROR_HTTP, 0, "%s data is corrupt after %" PRIu64 " decoded bytes: %s", d->row->name, d->produced,
	    str_printable(str_of(reason), shown, sizeof shown));
	return as_it_came(d->whole, error);
}

static int
trailing(const struct decoder *d, size_t n, struct error *error)
{
	fail(error, ERROR_HTTP, 0, "%s data goes on behind its end after %" PRIu64 " decoded bytes: %zu bytes or more",
	    d->row->name, d->produced, n);
	return as_it_came(d->whole, error);
}

/* Hands n bytes of d->piece on. */
static int
hand_on(struct decoder *d, size_t n, struct error *error)
{
	const struct coding_limits *limits = &d->whole->limits;

	if (n == 0)
		return 0;
	d->produced += n;
	if (limits->max > 0 && d->produced > limits->max)
		return fail(error, ERROR_LIMIT, 0, "the body is longer than %" PRIu64 " bytes after undoing %s",
		    limits->max, d->row->name);
	if (limits->ratio > 0 && d->produced > CODING_UNASKED && d->produced / limits->ratio > d->whole->taken) {
		fail(error, ERROR_LIMIT, 0,
		    "%" PRIu64 " bytes of %s data became more than %d MiB, over %" PRIu64
		    " times as much: a decompression bomb",
		    d->whole->taken, d->row->name, CODING_UNASKED >> 20, limits->ratio);
		return hint(error, "set max-ratio off");
	}
	if (!work_spend(limits->work, n))
		return work_fail(limits->work, error, "undoing %s", d->row->name);
	return d->out.put(d->out.context, d->piece, n, error);
}

/* ---- zlib ---- */

static int
open_gzip(struct decoder *d)
{
	return inflateInit2(&d->state.z, 16 + MAX_WBITS) == Z_OK ? 0 : -1;
}

static void
close_zlib(struct decoder *d)
{
	inflateEnd(&d->state.z);
}

/* Inflates until the input is used up or the stream ends; *left is what is left then. */
static int
inflate_all(struct decoder *d, const uint8_t *p, size_t n, size_t *left, struct error *error)
{
	z_stream *z = &d->state.z;
	int result;

	do {
		uInt given = n > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)n;

		z->next_in = (Bytef *)(uintptr_t)p;
		z->avail_in = given;
		z->next_out = d->piece;
		z->avail_out = CODING_PIECE;
		result = inflate(z, Z_NO_FLUSH);
		p += given - z->avail_in;
		n -= given - z->avail_in;
		if (result == Z_MEM_ERROR)
			return no_memory(d, error);
		if (hand_on(d, CODING_PIECE - z->avail_out, error) != 0)
			return -1;
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return corrupt(d, z->msg != NULL ? z->msg : "zlib refuses it", error);
	} while (result != Z_STREAM_END && (n > 0 || z->avail_out == 0));
	d->ended = result == Z_STREAM_END;
	*left = n;
	return 0;
}

static int
push_gzip(struct decoder *d, const uint8_t *p, size_t n, struct error *error)
{
	while (n > 0) {
		size_t left;

		/* RFC 1952 section 2.2: a file is "a series of members", nothing before, between or after them. */
		if (d->ended) {
			if (p[0] != 0x1f)
				return trailing(d, n, error);
			if (inflateReset(&d->state.z) != Z_OK)
				return corrupt(d, "zlib refuses it", error);
			d->ended = false;
		}
		if (inflate_all(d, p, n, &left, error) != 0)
			return -1;
		p += n - left;
		n = left;
	}
	return 0;
}

/* The window is chosen when the first two bytes are there. */
static int
open_deflate(struct decoder *d)
{
	d->n_first = 0;
	return inflateInit2(&d->state.z, MAX_WBITS) == Z_OK ? 0 : -1;
}

static int
push_deflate(struct decoder *d, const uint8_t *p, size_t n, struct error *error)
{
	size_t left;

	while (n > 0 && d->n_first < 2) {
		d->first[d->n_first++] = *p++;
		n--;
		if (d->n_first < 2)
			continue;
		/* RFC 1950 section 2.2: CM = 8, CINFO at most 7, FCHECK makes a multiple of 31. */
		if (((d->first[0] & 0xf) != 8 || d->first[0] >> 4 > 7 || (d->first[0] << 8 | d->first[1]) % 31 != 0) &&
		    inflateReset2(&d->state.z, -MAX_WBITS) != Z_OK)
			return corrupt(d, "zlib refuses it", error);
		if (inflate_all(d, d->first, 2, &left, error) != 0)
			return -1;
		if (left > 0)
			return trailing(d, left + n, error);
	}
	if (n == 0)
		return 0;
	if (d->ended)
		return trailing(d, n, error);
	if (inflate_all(d, p, n, &left, error) != 0)
		return -1;
	return left > 0 ? trailing(d, left, error) : 0;
}

/* ---- brotli ---- */

static int
open_br(struct decoder *d)
{
	return (d->state.br = BrotliDecoderCreateInstance(NULL, NULL, NULL)) != NULL ? 0 : -1;
}

static void
close_br(struct decoder *d)
{
	BrotliDecoderDestroyInstance(d->state.br);
}

static int
push_br(struct decoder *d, const uint8_t *p, size_t n, struct error *error)
{
	BrotliDecoderResult result;

	if (d->ended)
		return trailing(d, n, error);
	do {
		uint8_t *out = d->piece;
		size_t room = CODING_PIECE;

		result = BrotliDecoderDecompressStream(d->state.br, &n, &p, &room, &out, NULL);
		if (hand_on(d, CODING_PIECE - room, error) != 0)
			return -1;
		if (result == BROTLI_DECODER_RESULT_ERROR) {
			BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(d->state.br);

			if (code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
			    code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES)
				return no_memory(d, error);
			return corrupt(d, BrotliDecoderErrorString(code), error);
		}
	} while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	d->ended = result == BROTLI_DECODER_RESULT_SUCCESS;
	return d->ended && n > 0 ? trailing(d, n, error) : 0;
}

/* ---- zstd ---- */

static int
open_zstd(struct decoder *d)
{
	d->state.zstd = ZSTD_createDStream();
	if (d->state.zstd == NULL)
		return -1;
	ZSTD_DCtx_setParameter(d->state.zstd, ZSTD_d_windowLogMax, CODING_WINDOW_LOG);
	return 0;
}

static void
close_zstd(struct decoder *d)
{
	ZSTD_freeDStream(d->state.zstd);
}

static int
push_zstd(struct decoder *d, const uint8_t *p, size_t n, struct error *error)
{
	ZSTD_inBuffer in = { p, n, 0 };
	ZSTD_outBuffer out;
	size_t result;

	do {
		out = (ZSTD_outBuffer){ d->piece, CODING_PIECE, 0 };
		result = ZSTD_decompressStream(d->state.zstd, &out, &in);
		if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
			return no_memory(d, error);
		if (hand_on(d, out.pos, error) != 0)
			return -1;
		if (ZSTD_isError(result))
			return corrupt(d, ZSTD_getErrorName(result), error);
	} while (in.pos < in.size || (result != 0 && out.pos == out.size));
	d->ended = result == 0;
	return 0;
}

/* ---- the chain ---- */

static const struct coding_row rows[] = {
	{ "gzip", "x-gzip", open_gzip, push_gzip, close_zlib },
	{ "deflate", "x-deflate", open_deflate, push_deflate, close_zlib },
	{ "br", "br", open_br, push_br, close_br },
	{ "zstd", "zstd", open_zstd, push_zstd, close_zstd },
};

static const struct coding_row *
find_row(struct str name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (str_is_nocase(name, rows[i].name) || str_is_nocase(name, rows[i].alias))
			return &rows[i];
	return NULL;
}

static int
push_stage(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct decoder *d = context;

	if (n == 0)
		return 0;
	d->started = true;
	return d->row->push(d, p, n, error);
}

/* Reads the list into rows, as applied. */
static int
parse_list(struct str list, const struct coding_row **found, size_t *n, struct error *error)
{
	char shown[64];

	*n = 0;
	while (list.n > 0) {
		struct str word = str_trim(str_cut(&list, ','));

		if (word.n == 0 || str_is_nocase(word, "identity") || str_is_nocase(word, "none"))
			continue;
		if (*n == CODING_MAX)
			return fail(error, ERROR_LIMIT, 0, "more than %d codings stacked on a body", CODING_MAX);
		if ((found[(*n)++] = find_row(word)) == NULL) {
			fail(error, ERROR_HTTP, 0, "the body is coded with \"%s\", which is not known",
			    str_printable(word, shown, sizeof shown));
			return hint_why(error, "to have it as it came", "set decode off");
		}
	}
	return 0;
}

int
coding_new(struct coding **result, struct str list, const struct coding_limits *limits, const struct coding_out *out,
    struct error *error)
{
	const struct coding_row *found[CODING_MAX];
	struct coding *c;
	size_t n;

	*result = NULL;
	if (parse_list(list, found, &n, error) != 0)
		return -1;
	if (n == 0)
		return 0;
	c = mem_alloc(sizeof *c);
	c->n = n;
	c->limits = *limits;
	for (size_t i = 0; i < n; i++) {
		struct decoder *d = &c->stages[i];

		d->row = found[n - 1 - i];
		d->whole = c;
		d->piece = mem_try(CODING_PIECE);
		d->out = i + 1 < n ? (struct coding_out){ push_stage, &c->stages[i + 1] } : *out;
		d->open = d->piece != NULL && d->row->open(d) == 0;
		if (!d->open) {
			no_memory(d, error);
			coding_free(c);
			return -1;
		}
	}
	*result = c;
	return 0;
}

void
coding_free(struct coding *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++) {
		if (c->stages[i].open)
			c->stages[i].row->close(&c->stages[i]);
		free(c->stages[i].piece);
	}
	free(c);
}

int
coding_push(struct coding *c, const uint8_t *p, size_t n, struct error *error)
{
	c->taken += n;
	return push_stage(&c->stages[0], p, n, error);
}

int
coding_finish(struct coding *c, struct error *error)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct decoder *d = &c->stages[i];

		if (!d->started || d->ended)
			continue;
		fail(error, ERROR_HTTP, 0, "%s data is cut off after %" PRIu64 " decoded bytes", d->row->name,
		    d->produced);
		return as_it_came(c, error);
	}
	return 0;
}
