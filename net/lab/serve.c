/* One accepted connection from its first byte to its last: the room's fault, then its site. */
#include "net/lab/serve.h"

#include <stdlib.h>
#include <time.h>

#include "net/lab/tls_room.h"

enum { CHUNK = 1000, SLOW_MS = 1000, RECORD_HEADER = 5, SILENCES = 20 };

/* ---- answers ---- */
static bool
has_no_body(int status)
{
	return status == 204 || status == 205 || status == 304;
}

/* RFC 9110 section 5.6.7, whatever the locale. */
static void
add_date(struct buf *out)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm t;

	if (gmtime_r(&now, &t) == NULL)
		return;
	buf_addf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n", days + 3 * t.tm_wday, t.tm_mday,
	    months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static void
add_head(struct buf *out, const struct answer *a, bool close)
{
	buf_addf(out, "HTTP/1.1 %d %s\r\n", a->status, lab_status_phrase(a->status));
	add_date(out);
	buf_add_str(out, STR("Server: httpsh-lab\r\n"));
	if (!has_no_body(a->status) || a->status == 205) {
		if (a->type != NULL && a->status != 205)
			buf_addf(out, "Content-Type: %s\r\n", a->type);
		if (a->chunked)
			buf_add_str(out, STR("Transfer-Encoding: chunked\r\nTrailer: Lab-Lines\r\n"));
		else
			buf_addf(out, "Content-Length: %zu\r\n",
			    a->slow              ? (size_t)SLOW_BYTES :
				a->status == 205 ? 0 :
						   a->body.len);
	}
	if (a->type != NULL && str_starts(str_of(a->type), STR("text/html")))
		buf_add_str(out, STR("Cache-Control: no-store\r\n"));
	buf_add_str(out, buf_str(&a->fields));
	if (close)
		buf_add_str(out, STR("Connection: close\r\n"));
	buf_add_str(out, STR("\r\n"));
}

static void
add_chunks(struct buf *out, struct str body)
{
	while (body.n > 0) {
		struct str part = str_slice(body, 0, CHUNK);

		buf_addf(out, "%zx\r\n", part.n);
		buf_add_str(out, part);
		buf_add_str(out, STR("\r\n"));
		body = str_slice(body, part.n, body.n);
	}
	buf_add_str(out, STR("0\r\nLab-Lines: 100\r\n\r\n"));
}

static bool
send_slowly(struct link *l)
{
	for (unsigned i = 1; i <= SLOW_BYTES; i++) {
		if (!lab_link_write(l, i % 60 == 0 ? "\n" : ".", 1) || !lab_link_flush(l))
			return false;
		if (i < SLOW_BYTES && !lab_link_pause(l, SLOW_MS))
			return false;
	}
	return true;
}

/* head: the request was HEAD; old: it was HTTP/1.0, which has no chunks. */
static bool
send_answer(struct link *l, struct answer *a, bool head, bool old, bool close)
{
	struct buf out;
	bool sent;

	if (old)
		a->chunked = false;
	buf_init(&out, 2 * ANSWER_MAX_BODY);
	add_head(&out, a, close);
	if (!head && !a->slow && !has_no_body(a->status)) {
		if (a->chunked)
			add_chunks(&out, buf_str(&a->body));
		else
			buf_add_str(&out, buf_str(&a->body));
	}
	sent = !out.full && lab_link_write(l, out.data, out.len) && lab_link_flush(l);
	buf_wipe_release(&out);
	if (sent && a->slow && !head)
		sent = send_slowly(l);
	return sent;
}

static const char *
refusal(int status)
{
	switch (status) {
	case 408:
		return "The request did not come to its end in time.";
	case 413:
		return "The body is longer than the lab takes (256 KiB).";
	case 414:
		return "The request's target is longer than the lab takes.";
	case 417:
		return "Of expectations only 100-continue is known.";
	case 431:
		return "The request's head is longer than the lab takes (16 KiB, 100 fields).";
	case 501:
		return "Of transfer codings only chunked is known.";
	case 505:
		return "The lab speaks HTTP/1.1 and HTTP/1.0.";
	default:
		return "What came is not an HTTP request.";
	}
}

/* One request and its answer; false when the connection ends after it. */
static bool
answer_one(struct link *l, struct lab_request *r, struct site *site, const struct serve_hooks *hooks)
{
	int status = lab_request_read(r, l);
	struct answer a;
	bool go_on;

	if (status == REQUEST_END)
		return false;
	lab_answer_init(&a);
	if (status == REQUEST_READ) {
		site_answer(site, r, &a);
	} else {
		lab_answer_error(&a, status, refusal(status));
		r->close = true;
	}
	go_on = send_answer(l, &a, str_is(r->method, "HEAD"), r->old, r->close) && !r->close;
	lab_answer_release(&a);
	hooks->request(hooks->context);
	return go_on;
}

static void
converse(struct link *l, struct site *site, const struct serve_hooks *hooks)
{
	struct lab_request *r = mem_alloc(sizeof *r);

	lab_request_init(r);
	while (answer_one(l, r, site, hooks))
		;
	lab_request_release(r);
	free(r);
}

/* ---- the ways to speak ---- */
static void
serve_tls(int fd, size_t room, struct lab_papers *papers, struct site *site, const struct serve_hooks *hooks)
{
	const struct lab_identity *identity = lab_identity_of(papers, room);
	struct tls_room *t;
	struct link l;

	if (identity == NULL)
		return;
	t = mem_try(sizeof *t);
	if (t == NULL)
		return;
	if (tls_room_init(t, &lab_rules[room], identity)) {
		lab_link_init(&l, fd, &t->server);
		lab_link_limit(&l, LAB_IDLE_MS);
		if (lab_link_handshake(&l)) {
			hooks->handshake(hooks->context);
			converse(&l, site, hooks);
		}
		lab_link_end(&l);
	}
	tls_room_release(t);
	free(t);
}

/* Until the client gives up, or for SILENCES long ones. */
static void
keep_silent(struct link *l)
{
	for (unsigned i = 0; i < SILENCES && lab_link_pause(l, LAB_IDLE_MS); i++)
		;
	lab_link_end(l); /* reads what was sent, so that the end is no RST */
}

/* Reads the record with the ClientHello, however it was cut, and ends. */
static void
close_after_hello(struct link *l)
{
	uint8_t header[RECORD_HEADER], drop[1024];
	size_t have = 0, left;
	ssize_t got;

	lab_link_limit(l, LAB_IDLE_MS);
	while (have < sizeof header) {
		got = lab_link_read_raw(l, header + have, sizeof header - have);
		if (got <= 0)
			return;
		have += (size_t)got;
	}
	for (left = (size_t)header[3] << 8 | header[4]; left > 0; left -= (size_t)got) {
		got = lab_link_read_raw(l, drop, left < sizeof drop ? left : sizeof drop);
		if (got <= 0)
			return;
	}
	lab_link_end(l);
}

void
lab_serve(int fd, size_t room, struct lab_papers *papers, struct site *site, const struct serve_hooks *hooks)
{
	struct link l;

	lab_link_init(&l, fd, NULL);
	switch (lab_rules[room].speech) {
	case SPEAKS_TLS:
		serve_tls(fd, room, papers, site, hooks);
		break;
	case SPEAKS_IN_CLEAR:
		converse(&l, site, hooks);
		lab_link_end(&l);
		break;
	case SPEAKS_NOT:
		keep_silent(&l);
		break;
	case SPEAKS_FIN:
		close_after_hello(&l);
		break;
	}
}
