/* The chunked transfer coding as a state machine over the bytes that come. */
#include "net/http/chunked.h"

#include <inttypes.h>

#include "net/http/message.h"

void
chunked_init(struct chunked *c, struct http_headers *trailers)
{
	*c = (struct chunked){ .trailers = trailers };
	buf_init(&c->trailer, HTTP_MAX_LINE);
}

void
chunked_release(struct chunked *c)
{
	buf_release(&c->trailer);
}

int
chunked_truncated(const struct chunked *c, struct error *error)
{
	if (c->state == CHUNKED_DATA)
		return fail(error, ERROR_HTTP, 0,
		    "body ended inside chunk %" PRIu64 ", after %" PRIu64 " of %" PRIu64 " bytes", c->n,
		    c->size - c->left, c->size);
	if (c->state == CHUNKED_TRAILER)
		return fail(error, ERROR_HTTP, 0, "body ended inside the trailers of its last chunk");
	return fail(error, ERROR_HTTP, 0, "body ended after %" PRIu64 " chunks, before the last chunk", c->n);
}

/* in: what is left, from the byte that is wrong on; the line is quoted from its start. */
static int
bad_size(const struct chunked *c, struct str in, struct error *error)
{
	size_t before = c->line - 1 < sizeof c->begun ? c->line - 1 : sizeof c->begun;
	ptrdiff_t end = str_find_char(in, '\n');
	char shown[48];
	struct buf line;

	buf_init(&line, 0);
	buf_add(&line, c->begun, before);
	buf_add_str(&line, str_slice(in, 0, end >= 0 ? (size_t)end : in.n));
	fail(error, ERROR_HTTP, 0, "bad size of chunk %" PRIu64 ": \"%s\"", c->n + 1,
	    str_printable(str_trim(buf_str(&line)), shown, sizeof shown));
	buf_release(&line);
	return -1;
}

/* The line is over: data, or after size 0 the trailers. */
static void
begin_chunk(struct chunked *c)
{
	c->left = c->size;
	if (c->size == 0) {
		c->state = CHUNKED_TRAILER;
		return;
	}
	c->n++;
	c->state = CHUNKED_DATA;
}

/* chunk-size [ chunk-ext ] CRLF; a bare LF ends it too. Extensions are read over (section 7.1.1: "A recipient MUST
 * ignore unrecognized chunk extensions"). */
static int
size_line(struct chunked *c, struct str *in, struct error *error)
{
	while (in->n > 0) {
		char ch = in->p[0];
		int digit = hex_value(ch);

		if (++c->line > CHUNKED_MAX_LINE)
			return fail(error, ERROR_LIMIT, 0, "chunk %" PRIu64 " has a size line longer than %d bytes",
			    c->n + 1, CHUNKED_MAX_LINE);
		if (c->line <= sizeof c->begun)
			c->begun[c->line - 1] = ch;
		if (c->cr && ch != '\n')
			return bad_size(c, *in, error);
		if (ch == '\n') {
			if (c->digits == 0)
				return bad_size(c, *in, error);
			*in = str_slice(*in, 1, in->n);
			begin_chunk(c);
			return 0;
		}
		c->cr = ch == '\r';
		if (c->state == CHUNKED_SIZE && digit >= 0) {
			/* "recipients MUST anticipate potentially large hexadecimal numerals and prevent parsing errors
			 * due to integer conversion overflows" */
			if (c->size > (uint64_t)INT64_MAX >> 4)
				return bad_size(c, *in, error);
			c->size = c->size << 4 | (unsigned)digit;
			c->digits++;
		} else if (c->state == CHUNKED_SIZE && c->digits > 0 && (ch == ';' || ch == ' ' || ch == '\t')) {
			c->state = CHUNKED_EXTENSION;
		} else if (!c->cr && (c->state == CHUNKED_SIZE || ch == '\0')) {
			return bad_size(c, *in, error);
		}
		*in = str_slice(*in, 1, in->n);
	}
	return 0;
}

/* CRLF behind the data, a bare LF is taken too. */
static int
data_end(struct chunked *c, struct str *in, struct error *error)
{
	char ch = in->p[0];

	if (ch != '\n' && (ch != '\r' || c->state == CHUNKED_DATA_LF))
		return fail(error, ERROR_HTTP, 0, "chunk %" PRIu64 " is longer than its size %" PRIu64, c->n, c->size);
	*in = str_slice(*in, 1, in->n);
	if (ch == '\r') {
		c->state = CHUNKED_DATA_LF;
		return 0;
	}
	c->state = CHUNKED_SIZE;
	c->size = 0;
	c->digits = 0;
	c->line = 0;
	c->cr = false;
	return 0;
}

/* Fields up to an empty line (section 7.1.2). */
static int
trailer(struct chunked *c, struct str *in, struct error *error)
{
	ptrdiff_t at = str_find_char(*in, '\n');
	size_t n = at >= 0 ? (size_t)at + 1 : in->n;
	struct str line;
	char shown[80];

	c->trailer_bytes += n;
	if (c->trailer_bytes > HTTP_MAX_HEAD || buf_add(&c->trailer, in->p, n) != 0)
		return fail(error, ERROR_LIMIT, 0, "the trailers behind the last chunk are longer than %d bytes",
		    HTTP_MAX_HEAD);
	*in = str_slice(*in, n, in->n);
	if (at < 0)
		return 0;
	line = buf_str(&c->trailer);
	line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0) {
		c->state = CHUNKED_DONE;
		return 0;
	}
	if (str_find_char(line, '\0') >= 0 || str_find_char(line, '\r') >= 0)
		return fail(error, ERROR_HTTP, 0, "NUL or CR in a trailer line: \"%s\"",
		    str_printable(line, shown, sizeof shown));
	if (http_field_parse(c->trailers, line, error) != 0)
		return -1;
	buf_clear(&c->trailer);
	return 0;
}

int
chunked_next(struct chunked *c, struct str *in, struct str *data, struct error *error)
{
	int result = 0;

	while (result == 0 && in->n > 0 && c->state != CHUNKED_DONE) {
		switch (c->state) {
		case CHUNKED_SIZE:
		case CHUNKED_EXTENSION:
			result = size_line(c, in, error);
			break;
		case CHUNKED_DATA:
			*data = str_slice(*in, 0, c->left < in->n ? (size_t)c->left : in->n);
			*in = str_slice(*in, data->n, in->n);
			c->left -= data->n;
			if (c->left == 0)
				c->state = CHUNKED_DATA_END;
			return 1;
		case CHUNKED_DATA_END:
		case CHUNKED_DATA_LF:
			result = data_end(c, in, error);
			break;
		case CHUNKED_TRAILER:
			result = trailer(c, in, error);
			break;
		case CHUNKED_DONE:
			break;
		}
	}
	return result;
}
