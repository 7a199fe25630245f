/* A request written to the stream: its head, Expect, its body in whatever form it comes. */
#include "net/http/send.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_FRAME = 24 }; /* room for "SIZE CRLF" before and CRLF behind a piece */

int
http_check_line(const char *method, const char *target, struct error *error)
{
	char shown[120];

	if (!http_is_token(str_of(method)))
		return fail(error, ERROR_USAGE, 0, "\"%s\" is no method",
		    str_printable(str_of(method), shown, sizeof shown));
	for (const char *p = target; p == target || *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || *p == 0x7F)
			return fail(error, ERROR_USAGE, 0, "\"%s\" is no request target",
			    str_printable(str_of(target), shown, sizeof shown));
	return 0;
}

/* What the request's own header fields say about the body. */
static void
find_framing(struct sender *s, bool announce)
{
	const struct http_request *q = s->request;
	const char *by_hand = http_headers_get(&q->headers, "Content-Length");
	uint64_t value;

	s->has_body = q->has_body;
	s->length = q->body.fd >= 0 ? q->body.length : q->body.bytes.n;
	s->offset = -1;
	if (!s->has_body)
		s->length = 0;
	else if (q->body.fd >= 0)
		s->offset = (int64_t)lseek(q->body.fd, 0, SEEK_CUR);
	s->chunked = s->has_body &&
	    (s->length == HTTP_UNTIL_END || http_headers_has_word(&q->headers, "Transfer-Encoding", "chunked"));
	s->length_lies =
	    by_hand != NULL && (s->chunked || !str_to_u64(str_of(by_hand), UINT64_MAX, &value) || value != s->length);
	if (http_headers_get(&q->headers, "Expect") != NULL)
		s->expect = s->has_body && http_headers_has_word(&q->headers, "Expect", "100-continue");
	else
		s->expect = announce && !q->http10 && s->has_body && s->length > HTTP_EXPECT_BODY;
}

static int
compose(struct sender *s, struct error *error)
{
	const struct http_request *q = s->request;
	struct buf *out = &s->head;

	if (q->http10 && s->chunked)
		return fail(error, ERROR_USAGE, 0, "HTTP/1.0 has no chunks, and the length of the body is not known");
	buf_addf(out, "%s %s HTTP/1.%c\r\n", q->method, q->target, q->http10 ? '0' : '1');
	for (size_t i = 0; i < q->headers.n; i++)
		buf_addf(out, "%s: %s\r\n", q->headers.items[i].name, q->headers.items[i].value);
	if (s->chunked && http_headers_get(&q->headers, "Transfer-Encoding") == NULL)
		buf_add_str(out, STR("Transfer-Encoding: chunked\r\n"));
	if (s->has_body && !s->chunked && http_headers_get(&q->headers, "Content-Length") == NULL)
		buf_addf(out, "Content-Length: %" PRIu64 "\r\n", s->length);
	if (s->expect && http_headers_get(&q->headers, "Expect") == NULL)
		buf_add_str(out, STR("Expect: 100-continue\r\n"));
	buf_add_str(out, STR("\r\n"));
	if (mem_missed()) /* what is not whole is not sent: neither this head nor the body made for it */
		return mem_fail(error, "composing the request");
	if (out->full)
		return fail(error, ERROR_LIMIT, 0, "the request's headers are longer than %d bytes", SEND_MAX_HEAD);
	return 0;
}

int
sender_init(struct sender *s, struct stream *stream, const struct http_request *request, bool announce,
    struct error *error)
{
	*s = (struct sender){ .stream = stream, .request = request };
	buf_init(&s->head, SEND_MAX_HEAD);
	if (http_check_line(request->method, request->target, error) != 0)
		return -1;
	find_framing(s, announce);
	return compose(s, error);
}

void
sender_release(struct sender *s)
{
	buf_wipe_release(&s->head); /* Authorization, Cookie */
	if (s->piece != NULL)
		mem_wipe(s->piece, SEND_PIECE + CHUNK_FRAME);
	free(s->piece);
	s->piece = NULL;
}

int
sender_head(struct sender *s, struct error *error)
{
	const struct http_body *body = &s->request->body;
	size_t head = s->head.len;
	int result;

	if (s->has_body && body->fd < 0 && !s->chunked && !s->expect && s->length <= SEND_PIECE &&
	    buf_add_str(&s->head, body->bytes) == 0)
		s->sent = s->length;
	result = stream_write(s->stream, s->head.data, s->head.len, error);
	s->head.len = head;
	s->whole = result == 0 && (!s->has_body || (!s->chunked && s->sent == s->length));
	return result;
}

/* Reads up to SEND_PIECE bytes of the file behind the frame's room; 0 at its end. */
static int
read_piece(struct sender *s, size_t *n, struct error *error)
{
	const struct http_body *body = &s->request->body;
	size_t want = s->length - s->sent < SEND_PIECE ? (size_t)(s->length - s->sent) : SEND_PIECE;
	uint8_t *to = s->piece + CHUNK_FRAME / 2;
	ssize_t got;

	got = s->offset >= 0 ? pread(body->fd, to, want, (off_t)(s->offset + (int64_t)s->sent)) :
			       read(body->fd, to, want);
	if (got < 0)
		return fail_errno(error, ERROR_OTHER, "cannot read the file being sent");
	if (got == 0 && want > 0 && s->length != HTTP_UNTIL_END)
		return fail(error, ERROR_OTHER, 0, "the file being sent ended after %" PRIu64 " of %" PRIu64 " bytes",
		    s->sent, s->length);
	*n = (size_t)got;
	return 0;
}

/* n bytes lie at s->piece + CHUNK_FRAME / 2: frames and writes them. The last chunk is the one of size 0. */
static int
write_chunk(struct sender *s, size_t n, struct error *error)
{
	char size[CHUNK_FRAME / 2];
	uint8_t *data = s->piece + CHUNK_FRAME / 2;
	size_t digits = (size_t)snprintf(size, sizeof size, "%zx\r\n", n);

	memcpy(data - digits, size, digits);
	memcpy(data + n, "\r\n", 2);
	return stream_write(s->stream, data - digits, digits + n + 2, error);
}

int
sender_piece(struct sender *s, struct error *error)
{
	const struct http_body *body = &s->request->body;
	size_t n = 0;

	if (s->piece == NULL)
		s->piece = mem_try(SEND_PIECE + CHUNK_FRAME);
	if (s->piece == NULL)
		return mem_fail(error, "sending the body");
	if (body->fd >= 0) {
		if (read_piece(s, &n, error) != 0)
			return -1;
	} else {
		struct str piece = str_slice(body->bytes, (size_t)s->sent, (size_t)s->sent + SEND_PIECE);

		n = piece.n;
		if (n > 0)
			memcpy(s->piece + CHUNK_FRAME / 2, piece.p, n);
	}
	if (s->chunked ? write_chunk(s, n, error) != 0 :
			 stream_write(s->stream, s->piece + CHUNK_FRAME / 2, n, error) != 0)
		return -1;
	s->sent += n;
	s->whole = s->chunked ? n == 0 : s->sent == s->length;
	return 0;
}
