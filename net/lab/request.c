/* The server's half of HTTP/1.1: a request read, an answer written. */
#include "net/lab/request.h"

#include <string.h>

#include "net/lab/lab.h"

void
lab_request_init(struct lab_request *r)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->in, 2 * LAB_MAX_HEAD);
	buf_init(&r->head_bytes, LAB_MAX_HEAD);
	buf_init(&r->body, LAB_MAX_BODY);
}

void
lab_request_release(struct lab_request *r)
{
	buf_wipe_release(&r->in);
	buf_wipe_release(&r->head_bytes);
	buf_wipe_release(&r->body);
}

struct str
lab_request_header(const struct lab_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (str_is_nocase(r->headers[i].name, name))
			return r->headers[i].value;
	return (struct str){ .p = NULL };
}

/* ---- bytes ---- */
enum { STEP = 4096 };

/* More bytes behind the contents of in, at most max altogether. */
static int
more(struct lab_request *r, struct link *l, size_t max)
{
	size_t n = r->in.len < max ? max - r->in.len : 0;
	uint8_t *to;
	ssize_t got;

	if (n > STEP)
		n = STEP;
	to = n > 0 ? buf_room(&r->in, n) : NULL;
	if (to == NULL)
		return -1;
	got = lab_link_read(l, to, n);
	if (got > 0)
		buf_added(&r->in, (size_t)got);
	return got > 0 ? 1 : 0;
}

/* Takes a line, without its end. A lone LF ends it too (RFC 9112 section 2.2). */
static int
line(struct lab_request *r, struct link *l, char out[REQUEST_MAX_LINE + 1])
{
	for (;;) {
		struct str text = buf_str(&r->in);
		ptrdiff_t at = str_find_char(text, '\n');

		if (at > REQUEST_MAX_LINE || (at < 0 && text.n > REQUEST_MAX_LINE))
			return 400;
		if (at >= 0) {
			size_t n = (size_t)at;

			if (n > 0 && text.p[n - 1] == '\r')
				n--;
			memcpy(out, text.p, n);
			out[n] = '\0';
			buf_drop(&r->in, (size_t)at + 1);
			return REQUEST_READ;
		}
		if (more(r, l, r->in.max) <= 0)
			return 400;
	}
}

/* n bytes of the body, which were found to fit. */
static int
body_bytes(struct lab_request *r, struct link *l, size_t n)
{
	uint8_t direct[STEP];
	size_t part = n < r->in.len ? n : r->in.len;

	buf_add(&r->body, r->in.data, part);
	buf_drop(&r->in, part);
	for (n -= part; n > 0; n -= part) {
		ssize_t got = lab_link_read(l, direct, n < sizeof direct ? n : sizeof direct);

		if (got <= 0)
			return 400;
		part = (size_t)got;
		buf_add(&r->body, direct, part);
	}
	return r->body.full ? 413 : REQUEST_READ;
}

/* ---- head ---- */
static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr("!#$%&'*+-.^_`|~", s.p[i]) == NULL))
			return false;
	return s.n > 0;
}

/* End of the head in the bytes so far, behind its empty line; 0 when it is not there yet. */
static size_t
head_end(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\n')
			continue;
		if (i + 1 < s.n && s.p[i + 1] == '\n')
			return i + 2;
		if (i + 2 < s.n && s.p[i + 1] == '\r' && s.p[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static int
read_head(struct lab_request *r, struct link *l, size_t *end)
{
	for (;;) {
		/* RFC 9112 section 2.2: "ignore at least one empty line (CRLF) received prior to the
		 * request-line" */
		while (r->in.len > 0 && (r->in.data[0] == '\r' || r->in.data[0] == '\n'))
			buf_drop(&r->in, 1);
		if (r->in.len > 0 && !is_token(str_slice(buf_str(&r->in), 0, 1)))
			return 400; /* a ClientHello, say: do not wait for more of it */
		*end = head_end(buf_str(&r->in));
		if (*end > 0 && *end <= LAB_MAX_HEAD)
			return REQUEST_READ;
		if (r->in.len >= LAB_MAX_HEAD)
			return 431;
		if (more(r, l, LAB_MAX_HEAD) <= 0)
			return r->in.len > 0 ? 408 : REQUEST_END;
	}
}

static int
request_line(struct lab_request *r, struct str text)
{
	struct str version = text;
	ptrdiff_t slash;

	r->method = str_cut(&version, ' ');
	r->target = str_cut(&version, ' ');
	if (!is_token(r->method) || r->target.n == 0 || version.p == NULL)
		return 400;
	if (r->target.n > REQUEST_MAX_TARGET)
		return 414;
	if (!str_is(version, "HTTP/1.1") && !str_is(version, "HTTP/1.0"))
		return str_starts(version, STR("HTTP/")) ? 505 : 400;
	r->close = r->old = str_is(version, "HTTP/1.0");
	r->query = r->target;
	/* RFC 9112 section 3.2.2: "A server MUST accept the absolute-form in requests" */
	if (str_starts(r->query, STR("https://")) || str_starts(r->query, STR("http://"))) {
		r->query = str_slice(r->query, (size_t)str_find(r->query, STR("//")) + 2, r->query.n);
		slash = str_find_char(r->query, '/');
		r->query = slash < 0 ? STR("/") : str_slice(r->query, (size_t)slash, r->query.n);
	}
	r->path = str_cut(&r->query, '?');
	if (r->path.n == 0 || (r->path.p[0] != '/' && !str_is(r->path, "*")))
		return 400;
	return REQUEST_READ;
}

static int
header_fields(struct lab_request *r, struct str rest)
{
	while (rest.n > 0) {
		struct str field = str_cut(&rest, '\n'), value;

		if (str_ends(field, STR("\r")))
			field.n--;
		if (field.n == 0)
			break;
		if (r->n_headers == REQUEST_MAX_HEADERS)
			return 431;
		value = field;
		field = str_cut(&value, ':');
		if (!is_token(field) || value.p == NULL || str_find_char(value, '\r') >= 0 ||
		    str_find_char(value, '\0') >= 0)
			return 400;
		r->headers[r->n_headers++] = (struct request_header){ field, str_trim(value) };
	}
	return REQUEST_READ;
}

/* ---- body ---- */
static int
chunk_size(struct str text, size_t *size)
{
	struct str digits = str_trim(str_cut(&text, ';'));

	*size = 0;
	if (digits.n == 0 || digits.n > 8)
		return 400;
	for (size_t i = 0; i < digits.n; i++) {
		int v = hex_value(digits.p[i]);

		if (v < 0)
			return 400;
		*size = *size * 16 + (size_t)v;
	}
	return REQUEST_READ;
}

/* RFC 9112 section 7.1. The trailer fields are read and dropped. */
static int
read_chunks(struct lab_request *r, struct link *l)
{
	char text[REQUEST_MAX_LINE + 1];
	size_t size, trailers = 0;
	int status;

	do {
		status = line(r, l, text);
		if (status == REQUEST_READ)
			status = chunk_size(str_of(text), &size);
		if (status != REQUEST_READ)
			return status;
		if (size > LAB_MAX_BODY - r->body.len)
			return 413;
		if (size == 0)
			break;
		status = body_bytes(r, l, size);
		if (status == REQUEST_READ)
			status = line(r, l, text);
		if (status == REQUEST_READ && text[0] != '\0')
			status = 400;
	} while (status == REQUEST_READ);
	while (status == REQUEST_READ) {
		status = line(r, l, text);
		if (text[0] == '\0')
			break;
		if (++trailers > REQUEST_MAX_HEADERS)
			return 431;
	}
	return status;
}

static int
expectation(const struct lab_request *r, struct link *l)
{
	struct str expect = lab_request_header(r, "Expect");

	if (expect.p == NULL)
		return REQUEST_READ;
	if (!str_is_nocase(expect, "100-continue"))
		return 417;
	if (r->in.len > 0) /* it did not wait */
		return REQUEST_READ;
	if (!lab_link_write(l, "HTTP/1.1 100 Continue\r\n\r\n", 25) || !lab_link_flush(l))
		return REQUEST_END;
	return REQUEST_READ;
}

static int
read_body(struct lab_request *r, struct link *l)
{
	struct str coding = lab_request_header(r, "Transfer-Encoding");
	struct str length = lab_request_header(r, "Content-Length");
	uint64_t n = 0;
	int status;

	/* RFC 9112 section 6.3: contradictory or invalid lengths are unrecoverable errors */
	for (size_t i = 0; i < r->n_headers; i++)
		if (str_is_nocase(r->headers[i].name, "Content-Length") && !str_eq(r->headers[i].value, length))
			return 400;
	if (coding.p != NULL && length.p != NULL)
		return 400;
	if (coding.p != NULL && !str_is_nocase(coding, "chunked"))
		return 501;
	if (length.p != NULL && !str_to_u64(length, UINT64_MAX, &n))
		return 400;
	if (n > LAB_MAX_BODY)
		return 413;
	if (coding.p == NULL && n == 0)
		return REQUEST_READ;
	status = expectation(r, l);
	if (status != REQUEST_READ)
		return status;
	return coding.p != NULL ? read_chunks(r, l) : body_bytes(r, l, (size_t)n);
}

/* What the fields say about the connection after this request (RFC 9112 section 9.3). */
static void
persistence(struct lab_request *r)
{
	struct str options = lab_request_header(r, "Connection");

	while (options.n > 0) {
		struct str option = str_trim(str_cut(&options, ','));

		if (str_is_nocase(option, "close"))
			r->close = true;
		else if (str_is_nocase(option, "keep-alive"))
			r->close = false;
	}
}

int
lab_request_read(struct lab_request *r, struct link *l)
{
	struct str rest;
	size_t end = 0;
	int status;

	r->n_headers = 0;
	r->head = r->method = r->target = r->path = r->query = STR("");
	buf_clear(&r->head_bytes);
	buf_clear(&r->body);
	lab_link_limit(l, LAB_IDLE_MS);
	status = read_head(r, l, &end);
	if (status != REQUEST_READ)
		return status;
	buf_add(&r->head_bytes, r->in.data, end);
	buf_drop(&r->in, end);
	r->head = str_trim(buf_str(&r->head_bytes));
	rest = buf_str(&r->head_bytes);
	end = (size_t)str_find_char(rest, '\n');
	status = request_line(r, str_trim(str_slice(rest, 0, end)));
	if (status == REQUEST_READ)
		status = header_fields(r, str_slice(rest, end + 1, rest.n));
	if (status != REQUEST_READ)
		return status;
	persistence(r);
	return read_body(r, l);
}
