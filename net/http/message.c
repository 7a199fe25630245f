/* The head of a response: where it ends, its lines, and how long the body is. */
#include "net/http/message.h"

#include <stdlib.h>
#include <string.h>

enum {
	SHOWN = 120, /* bytes of the peer's text in an error */
	HTTP2_FRAME_HEAD = 9
};

/* What a server that speaks HTTP/2 unasked sends first (RFC 9113 section 4.1: length, type, flags, stream): SETTINGS,
 * or GOAWAY right away. NULL when s does not begin so. */
static const char *
http2_frame(struct str s)
{
	static const struct {
		const char *name;
		uint8_t type;
	} frames[] = { { "SETTINGS", 4 }, { "GOAWAY", 7 } };

	if (s.n == 0 || s.p[0] != '\0' || (s.n >= HTTP2_FRAME_HEAD && memcmp(s.p + 5, "\0\0\0", 4) != 0))
		return NULL;
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
		if (s.n < 4 || (uint8_t)s.p[3] == frames[i].type)
			return frames[i].name;
	return NULL;
}

enum http_start
http_head_start(struct str s)
{
	struct str want = STR("HTTP/");

	if (s.n < HTTP2_FRAME_HEAD && http2_frame(s) != NULL)
		return HTTP_START_MAYBE;
	if (!str_starts(s, str_slice(want, 0, s.n)))
		return HTTP_START_NO;
	return s.n < want.n ? HTTP_START_MAYBE : HTTP_START_YES;
}

int
http_not_http(struct str s, struct error *error)
{
	char shown[SHOWN];
	ptrdiff_t end = str_find_char(s, '\n');
	const char *frame = http2_frame(s);

	if (frame != NULL && s.n >= HTTP2_FRAME_HEAD)
		return fail(error, ERROR_HTTP, 0,
		    "the server speaks HTTP/2 without having been asked to: its first frame is %s", frame);
	/* a TLS record: alert or handshake, version 3.x */
	if (s.n >= 3 && (s.p[0] == 0x15 || s.p[0] == 0x16) && s.p[1] == 3) {
		fail(error, ERROR_HTTP, 0, "the server speaks TLS on this port, not plain HTTP");
		return remark(error, "https:// in the URL speaks TLS");
	}
	if (end > 0)
		s = str_trim(str_slice(s, 0, (size_t)end));
	return fail(error, ERROR_HTTP, 0, "the answer is not HTTP: \"%s\"", str_printable(s, shown, sizeof shown));
}

size_t
http_head_length(struct str s, size_t from)
{
	/* an end found earlier would have been reported: look again only where it may straddle */
	size_t at = from > 3 ? from - 3 : 0;

	while (at < s.n) {
		const char *lf = memchr(s.p + at, '\n', s.n - at);

		if (lf == NULL)
			return 0;
		at = (size_t)(lf - s.p) + 1;
		if (at < s.n && s.p[at] == '\n')
			return at + 1;
		if (at + 1 < s.n && s.p[at] == '\r' && s.p[at + 1] == '\n')
			return at + 2;
	}
	return 0;
}

/* The next line of *rest, without its end. A lone CR or a NUL makes the head invalid (sections 2.2 and 5, RFC 9110
 * section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"). */
static int
next_line(struct str *rest, struct str *line, struct error *error)
{
	char shown[SHOWN];

	*line = str_cut(rest, '\n');
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	if (line->n > HTTP_MAX_LINE)
		return fail(error, ERROR_LIMIT, 0, "a header line of %zu bytes, the limit is %d: \"%s\"", line->n,
		    HTTP_MAX_LINE, str_printable(str_slice(*line, 0, 40), shown, sizeof shown));
	if (str_find_char(*line, '\0') >= 0)
		return fail(error, ERROR_HTTP, 0, "NUL in a header line: \"%s\"",
		    str_printable(*line, shown, sizeof shown));
	if (str_find_char(*line, '\r') >= 0)
		return fail(error, ERROR_HTTP, 0, "CR without LF in a header line: \"%s\"",
		    str_printable(*line, shown, sizeof shown));
	return 0;
}

/* status-line = HTTP-version SP status-code SP [ reason-phrase ] (section 4); servers that leave out the last SP
 * are so common that every client takes it. */
static int
parse_status_line(struct http_response *r, struct str line, struct error *error)
{
	char shown[SHOWN];
	struct str rest = line, version = str_cut(&rest, ' '), code = str_cut(&rest, ' ');
	uint64_t status;

	if (version.n != 8 || !ascii_is_digit(version.p[5]) || version.p[6] != '.' || !ascii_is_digit(version.p[7]))
		return fail(error, ERROR_HTTP, 0, "bad status line \"%s\"", str_printable(line, shown, sizeof shown));
	if (version.p[5] != '1')
		return fail(error, ERROR_HTTP, 0, "the server answers with HTTP version %.3s, this is a client for 1.1",
		    version.p + 5);
	if (code.n != 3 || !str_to_u64(code, 999, &status) || status < 100)
		return fail(error, ERROR_HTTP, 0, "bad status code in \"%s\"",
		    str_printable(line, shown, sizeof shown));
	memcpy(r->version, version.p, version.n);
	r->version[version.n] = '\0';
	r->status = (unsigned)status;
	free(r->reason);
	r->reason = str_try_dup(str_trim(rest));
	return r->reason != NULL ? 0 : mem_fail(error, "reading the status line");
}

static struct str
trim_blanks(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_slice(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

int
http_field_parse(struct http_headers *h, struct str line, struct error *error)
{
	char shown[SHOWN];
	ptrdiff_t colon = str_find_char(line, ':');
	struct str name;

	if (colon < 0)
		return fail(error, ERROR_HTTP, 0, "a header line without a colon: \"%s\"",
		    str_printable(line, shown, sizeof shown));
	/* Section 5.1: whitespace before the colon is to be removed from a response. */
	name = str_slice(line, 0, (size_t)colon);
	while (name.n > 0 && (name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '\t'))
		name.n--;
	if (!http_is_token(name))
		return fail(error, ERROR_HTTP, 0, "bad header name in \"%s\"",
		    str_printable(line, shown, sizeof shown));
	if (h->n >= HTTP_MAX_HEADERS)
		return fail(error, ERROR_LIMIT, 0, "the response has more than %d headers", HTTP_MAX_HEADERS);
	http_headers_push(h, name, trim_blanks(str_slice(line, (size_t)colon + 1, line.n)));
	return mem_missed() ? mem_fail(error, "reading the response's headers") : 0;
}

/* One field with its folded lines. Section 5.2: "A user agent that receives an obs-fold in a response message
 * [...] MUST replace each received obs-fold with one or more SP octets prior to interpreting the field value."
 * Moves *rest behind it; 0 = the empty line came instead. */
static int
next_field(struct str *rest, struct buf *field, struct error *error)
{
	struct str line;

	buf_clear(field);
	if (next_line(rest, &line, error) != 0)
		return -1;
	if (line.n == 0)
		return 0;
	buf_add_str(field, line);
	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
		if (next_line(rest, &line, error) != 0)
			return -1;
		buf_add_char(field, ' ');
		buf_add_str(field, trim_blanks(line));
	}
	if (field->len > HTTP_MAX_LINE)
		return fail(error, ERROR_LIMIT, 0, "a header of %zu bytes with its folded lines, the limit is %d",
		    field->len, HTTP_MAX_LINE);
	return 1;
}

/* Two different answers to one question: whichever is shown may be the wrong one. */
static int
check_contradictions(const struct http_response *r, const char *name, struct error *error)
{
	const char *first = http_headers_get(&r->headers, name);
	char shown[2][SHOWN];

	for (size_t i = 0; i < r->headers.n; i++) {
		const struct http_header *h = &r->headers.items[i];

		if (str_is_nocase(str_of(h->name), name) && strcmp(h->value, first) != 0)
			return fail(error, ERROR_HTTP, 0, "contradictory %s headers: \"%s\" and \"%s\"", name,
			    str_printable(str_of(first), shown[0], SHOWN),
			    str_printable(str_of(h->value), shown[1], SHOWN));
	}
	return 0;
}

static int
parse_fields(struct http_headers *h, struct str rest, struct error *error)
{
	struct buf field;
	int more;

	/* Section 2.2: "A recipient that receives whitespace between the start-line and the first header field
	 * MUST either reject the message as invalid or consume each whitespace-preceded line". */
	if (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t'))
		return fail(error, ERROR_HTTP, 0, "the first header line starts with a blank");
	buf_init(&field, HTTP_MAX_HEAD);
	while ((more = next_field(&rest, &field, error)) > 0)
		if ((more = http_field_parse(h, buf_str(&field), error)) != 0)
			break;
	buf_release(&field);
	return more;
}

int
http_head_parse(struct http_response *r, struct str head, struct error *error)
{
	struct str rest = head, line;

	str_wipe_free(r->raw_head);
	r->raw_head = str_dup(head);
	http_headers_release(&r->headers);
	if (next_line(&rest, &line, error) != 0 || parse_status_line(r, line, error) != 0 ||
	    parse_fields(&r->headers, rest, error) != 0)
		return -1;
	return check_contradictions(r, "Location", error);
}

/* Section 6.3, rules 4 and 5: every value of every field must be the same number. 1 = found, 0 = no field. */
static int
content_length(const struct http_response *r, uint64_t *length, struct error *error)
{
	char *list = http_headers_list(&r->headers, "Content-Length"), shown[SHOWN];
	struct str rest = str_of(list);
	bool first = true;

	if (list == NULL)
		return 0;
	do {
		struct str word = trim_blanks(str_cut(&rest, ','));
		uint64_t value;

		if (!str_to_u64(word, INT64_MAX, &value)) {
			str_printable(str_of(list), shown, sizeof shown);
			free(list);
			return fail(error, ERROR_HTTP, 0, "bad Content-Length \"%s\"", shown);
		}
		if (!first && value != *length) {
			str_printable(str_of(list), shown, sizeof shown);
			free(list);
			return fail(error, ERROR_HTTP, 0, "contradictory Content-Length \"%s\"", shown);
		}
		*length = value;
		first = false;
	} while (rest.p != NULL);
	free(list);
	return 1;
}

/* Reads the Transfer-Encoding list: 1 = chunked is the last one, 0 = not chunked, -1 error. Other codings are
 * collected in `codings`. Section 6.1: "A sender MUST NOT apply the chunked transfer coding more than once to a
 * message body", so a repetition at the end can only mean the one. "identity" was RFC 2616's word for none. */
static int
transfer_codings(struct str list, bool raw, struct buf *codings, struct error *error)
{
	char shown[SHOWN];
	struct str rest = list;
	bool chunked = false;

	while (rest.p != NULL) {
		struct str word = trim_blanks(str_cut(&rest, ','));

		if (word.n == 0 || str_is_nocase(word, "identity"))
			continue;
		if (str_is_nocase(word, "chunked")) {
			chunked = true;
			continue;
		}
		if (raw) {
			buf_add_str(codings, STR("?"));
			chunked = false;
			continue;
		}
		if (chunked)
			return fail(error, ERROR_HTTP, 0, "Transfer-Encoding \"%s\": chunked must come last",
			    str_printable(list, shown, sizeof shown));
		if (!str_is_nocase(word, "gzip") && !str_is_nocase(word, "x-gzip") && !str_is_nocase(word, "deflate"))
			return fail(error, ERROR_HTTP, 0, "Transfer-Encoding \"%s\" is not known",
			    str_printable(word, shown, sizeof shown));
		buf_addf(codings, "%s%.*s", codings->len > 0 ? "," : "", STR_ARG(word));
	}
	return chunked;
}

static bool
wants_keep(const struct http_response *r)
{
	if (http_headers_has_word(&r->headers, "Connection", "close") || r->status == 101)
		return false;
	if (r->version[7] != '0')
		return true;
	return http_headers_has_word(&r->headers, "Connection", "keep-alive");
}

static bool
has_no_body(const struct http_response *r, const char *method)
{
	return strcmp(method, "HEAD") == 0 || r->status < 200 || r->status == 204 || r->status == 304 ||
	    (strcmp(method, "CONNECT") == 0 && r->status < 300);
}

int
http_framing_of(struct http_framing *f, const struct http_response *r, const char *method, bool raw,
    struct error *error)
{
	char *list = http_headers_list(&r->headers, "Transfer-Encoding");
	struct buf codings;
	int has_length, chunked = 0;

	*f = (struct http_framing){ .keep = wants_keep(r), .codings = str_dup(STR("")) };
	if (has_no_body(r, method)) {
		free(list);
		return 0;
	}
	buf_init(&codings, 0);
	has_length = content_length(r, &f->length, error);
	if (has_length >= 0 && list != NULL)
		chunked = transfer_codings(str_of(list), raw, &codings, error);
	if (has_length < 0 || chunked < 0) {
		buf_release(&codings);
		free(list);
		return -1;
	}
	/* "If a message is received with both a Transfer-Encoding and a Content-Length header field, the
	 * Transfer-Encoding overrides the Content-Length"; such a connection is not kept, nor one where HTTP/1.0
	 * is mixed with Transfer-Encoding (section 6.1). */
	if (chunked || codings.len > 0) {
		f->delimiter = chunked ? HTTP_BODY_CHUNKED : HTTP_BODY_CLOSE;
		if (has_length || r->version[7] == '0')
			f->keep = false;
	} else {
		f->delimiter = has_length ? HTTP_BODY_LENGTH : HTTP_BODY_CLOSE;
	}
	if (f->delimiter == HTTP_BODY_CLOSE)
		f->keep = false;
	free(f->codings);
	f->codings = buf_take(&codings);
	free(list);
	return 0;
}

void
http_framing_release(struct http_framing *f)
{
	free(f->codings);
	*f = (struct http_framing){ 0 };
}

void
http_response_release(struct http_response *r)
{
	free(r->reason);
	str_wipe_free(r->raw_head);
	http_headers_release(&r->headers);
	http_headers_release(&r->trailers);
	*r = (struct http_response){ 0 };
}

void
http_request_release(struct http_request *r)
{
	free(r->method);
	free(r->target);
	http_headers_release(&r->headers);
	*r = (struct http_request){ .body.fd = -1 };
}
