/* The record layer: headers, limits, both buffers, fragments. */
#include "net/tls/record.h"

#include <stdlib.h>
#include <string.h>

enum { CLEAR_TEXT_MAX = 64, ALERT_SIZE = 2 };

void
record_init(struct record_layer *l)
{
	memset(l, 0, sizeof *l);
	l->max_fragment = RECORD_MAX_PLAIN;
	l->split = true;
}

static void
free_wiped(uint8_t *p, size_t n)
{
	if (p != NULL)
		mem_wipe(p, n);
	free(p);
}

void
record_release(struct record_layer *l)
{
	protect_free(l->read);
	protect_free(l->write);
	free_wiped(l->in, l->in_used);
	free_wiped(l->out, l->out_cap);
	memset(l, 0, sizeof *l);
}

void
record_set_read(struct record_layer *l, struct protect *p)
{
	protect_free(l->read);
	l->read = p;
}

void
record_set_write(struct record_layer *l, struct protect *p)
{
	protect_free(l->write);
	l->write = p;
}

/* ---- in ---- */

static bool
is_pending(const struct record_layer *l)
{
	return l->data_start < l->data_end;
}

/* Moves what is still needed to the front. */
static void
compact(struct record_layer *l)
{
	const bool pending = is_pending(l);
	const size_t from = pending ? l->data_start : l->in_start;

	if (from == 0)
		return;
	memmove(l->in, l->in + from, l->in_end - from);
	l->in_start -= from;
	l->in_end -= from;
	l->data_start = 0;
	l->data_end = pending ? l->data_end - from : 0;
}

uint8_t *
record_room(struct record_layer *l, size_t *n)
{
	if (l->in == NULL)
		l->in = mem_resize(NULL, RECORD_INPUT); /* not zeroed: bytes beyond in_end are never read */
	if (l->in_start == l->in_end && !is_pending(l))
		l->in_start = l->in_end = l->data_start = l->data_end = 0;
	if (RECORD_INPUT - l->in_end < RECORD_HEADER + RECORD_MAX_PAYLOAD)
		compact(l);
	*n = RECORD_INPUT - l->in_end;
	return l->in + l->in_end;
}

void
record_added(struct record_layer *l, size_t n)
{
	size_t first = RECORD_FIRST_BYTES - l->n_first_bytes;

	if (first > n)
		first = n;
	memcpy(l->first_bytes + l->n_first_bytes, l->in + l->in_end, first);
	l->n_first_bytes += first;
	l->in_end += n;
	if (l->in_end > l->in_used)
		l->in_used = l->in_end;
	l->bytes_in += n;
}

bool
record_input_empty(const struct record_layer *l)
{
	return l->in_start == l->in_end && !is_pending(l);
}

struct str
record_data(const struct record_layer *l)
{
	return is_pending(l) ? str_from(l->in + l->data_start, l->data_end - l->data_start) : str_from(NULL, 0);
}

void
record_consume(struct record_layer *l, size_t n)
{
	size_t left = l->data_end - l->data_start;

	l->data_start += n < left ? n : left;
}

/* What came, from its first line on. */
static struct str
from_text(const struct record_layer *l)
{
	struct str came = str_from(l->in + l->in_start, l->in_end - l->in_start);

	while (came.n > 0 && (came.p[0] == '\r' || came.p[0] == '\n'))
		came = str_slice(came, 1, came.n);
	return came;
}

/* The first line of what came, when that begins as text does: no byte of a record's header is printable. */
static bool
clear_text(const struct record_layer *l, char shown[4 * CLEAR_TEXT_MAX + 1])
{
	struct str line = from_text(l);
	size_t n = 0;

	while (n < line.n && n < CLEAR_TEXT_MAX && line.p[n] != '\r' && line.p[n] != '\n') {
		if (n < RECORD_HEADER && (line.p[n] < ' ' || line.p[n] > '~'))
			return false;
		n++;
	}
	str_printable(str_slice(line, 0, n), shown, 4 * CLEAR_TEXT_MAX + 1);
	return n > 0;
}

static const char *
protocol_of(const struct record_layer *l)
{
	static const struct {
		const char *start, *protocol;
	} known[] = {
		{ "HTTP/", "plain HTTP" },
		{ "<", "plain HTTP" },
		{ "SSH-", "SSH" },
		{ "220", "a greeting as of SMTP or FTP" },
		{ "+OK", "POP3" },
		{ "* OK", "IMAP" },
	};
	struct str came = from_text(l);

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_starts(came, str_of(known[i].start)))
			return known[i].protocol;
	return NULL;
}

/* The first bytes were no record: say what they look like. */
static int
not_tls(const struct record_layer *l, struct error *error)
{
	const uint8_t *p = l->in + l->in_start;
	const size_t n = l->in_end - l->in_start;
	char shown[4 * CLEAR_TEXT_MAX + 1];

	if (n > 2 && (p[0] & 0x80) != 0 && p[2] == 4)
		return fail(error, ERROR_TLS, TLS_NOT_TLS, "the server answered with SSL 2.0, which is not supported");
	if (clear_text(l, shown))
		return fail(error, ERROR_TLS, TLS_NOT_TLS, "the server answered with %s instead of TLS: %s",
		    protocol_of(l) != NULL ? protocol_of(l) : "clear text", shown);
	str_printable(str_from(p, n < RECORD_FIRST_BYTES ? n : RECORD_FIRST_BYTES), shown, sizeof shown);
	return fail(error, ERROR_TLS, TLS_NOT_TLS, "the server's first bytes are no TLS record: %s", shown);
}

static bool
nothing_read(const struct record_layer *l)
{
	return l->records_in == 0 && l->read == NULL;
}

int
record_rest(const struct record_layer *l, struct error *error)
{
	char shown[4 * CLEAR_TEXT_MAX + 1];

	if (!clear_text(l, shown))
		return 0;
	if (nothing_read(l))
		return not_tls(l, error);
	return fail(error, ERROR_TLS, TLS_CLEAR_TEXT,
	    "the server sent %s in the clear, where a TLS record was to come: %s",
	    protocol_of(l) != NULL ? protocol_of(l) : "text", shown);
}

static int
unexpected(struct error *error, const char *what, unsigned type)
{
	return fail(error, ERROR_TLS, TLS_UNEXPECTED_MESSAGE, "%s: content type %u", what, type);
}

/* The keys in force bind every record to its version. */
static bool
keys_are_legacy(const struct record_layer *l)
{
	return l->read != NULL && l->version != 0 && l->version < TLS_1_3;
}

/* What stands where a header should: somebody behind TLS wrote on the bare socket, or the header is wrong. */
static int
bad_header(const struct record_layer *l, unsigned type, unsigned version, bool version_fits, struct error *error)
{
	bool exact = keys_are_legacy(l);

	if (nothing_read(l))
		return not_tls(l, error);
	if (record_rest(l, error) != 0)
		return -1;
	/* RFC 8446 section 5: "If a TLS implementation receives an unexpected record type, it MUST terminate the
	 * connection with an 'unexpected_message' alert." */
	if (version_fits)
		return unexpected(error, "a record from the server is of no known kind", type);
	return fail(error, ERROR_TLS, TLS_UNSUPPORTED_VERSION,
	    "a record from the server has version 0x%04X instead of %s", version,
	    exact ? tls_version_name(l->version) : "0x03xx");
}

/* What a header must be before its payload is waited for. */
static int
check_header(const struct record_layer *l, unsigned type, unsigned version, size_t n, struct error *error)
{
	bool known = type >= CONTENT_CHANGE_CIPHER_SPEC && type <= CONTENT_APPLICATION_DATA;
	/* Before keys are in force servers vary in the minor number; RFC 8446 section 5.1: "MUST be ignored for all
	 * purposes" in TLS 1.3. */
	bool version_fits = keys_are_legacy(l) ? version == l->version : version >> 8 == 3;
	/* Some servers that will have nothing of a hello write their alert into a record of version 0. */
	bool bare_alert = l->read == NULL && type == CONTENT_ALERT && n == ALERT_SIZE;

	if (!bare_alert && (!known || !version_fits))
		return bad_header(l, type, version, version_fits, error);
	if (n > protect_limit(l->read))
		return fail(error, ERROR_TLS, TLS_RECORD_OVERFLOW,
		    "a record from the server announces %zu bytes: at most %zu are allowed", n, protect_limit(l->read));
	return 0;
}

static bool
protected13(const struct record_layer *l)
{
	return l->read != NULL && l->version == TLS_1_3;
}

/* The payload in the clear, in place. */
static int
open_payload(struct record_layer *l, const uint8_t *header, uint8_t *payload, size_t n, struct record *r,
    struct error *error)
{
	r->encrypted = l->read != NULL;
	if (protected13(l) && r->type == CONTENT_CHANGE_CIPHER_SPEC) {
		r->encrypted = false;
		r->payload = str_from(payload, n);
		return 0;
	}
	if (protected13(l) && r->type == CONTENT_ALERT && n == 2)
		return fail(error, ERROR_TLS, TLS_UNEXPECTED_MESSAGE,
		    "the server sent an alert without encryption where TLS 1.3 wants it: %s",
		    tls_alert_name(payload[1]));
	if (protected13(l) && r->type != CONTENT_APPLICATION_DATA)
		return unexpected(error, "a record from the server is not encrypted where TLS 1.3 wants it", r->type);
	if (protect_open(l->read, &r->type, header, payload, n, &r->payload, error) != 0)
		return -1;
	if (!protected13(l))
		return 0;
	/* RFC 8446 section 5: a protected change_cipher_spec is as unexpected as an unknown type. */
	if (r->type < CONTENT_ALERT || r->type > CONTENT_APPLICATION_DATA)
		return unexpected(error, "an encrypted record from the server is of no known kind", r->type);
	/* RFC 8446 section 5.1: "Implementations MUST NOT send zero-length fragments of Handshake types", nor alerts */
	if (r->payload.n == 0 && r->type != CONTENT_APPLICATION_DATA)
		return unexpected(error, "a record from the server is empty", r->type);
	return 0;
}

static int
count_empty(struct record_layer *l, const struct record *r, struct error *error)
{
	/* An alert between two empty records is no progress. */
	if (r->payload.n == 0)
		l->empty_in_a_row++;
	else if (r->type != CONTENT_ALERT)
		l->empty_in_a_row = 0;
	if (l->empty_in_a_row <= TLS_MAX_EMPTY_RECORDS)
		return 0;
	return fail(error, ERROR_TLS, TLS_TOO_MANY_EMPTY_RECORDS, "the server sent more than %d empty records in a row",
	    TLS_MAX_EMPTY_RECORDS);
}

int
record_next(struct record_layer *l, struct record *r, struct error *error)
{
	const size_t available = l->in_end - l->in_start;
	uint8_t *header;
	size_t n;

	if (is_pending(l) || available < RECORD_HEADER)
		return 0;
	header = l->in + l->in_start;
	*r = (struct record){ .type = header[0], .version = (unsigned)(header[1] << 8 | header[2]) };
	n = (size_t)(header[3] << 8 | header[4]);
	r->size = RECORD_HEADER + n;
	if (check_header(l, r->type, r->version, n, error) != 0)
		return -1;
	if (available < RECORD_HEADER + n)
		return 0;
	l->in_start += RECORD_HEADER + n;
	l->records_in++;
	if (open_payload(l, header, header + RECORD_HEADER, n, r, error) != 0 || count_empty(l, r, error) != 0)
		return -1;
	if (r->type == CONTENT_APPLICATION_DATA) {
		l->data_start = (size_t)((const uint8_t *)r->payload.p - l->in);
		l->data_end = l->data_start + r->payload.n;
	}
	event_report(l->observer,
	    (struct event){ .kind = EVENT_TLS_RECORD,
		.code = (int)r->type,
		.data = r->payload,
		.detail = &(struct tls_record_info){ (uint16_t)r->version } });
	return 1;
}

/* ---- out ---- */

/* Room for n more bytes behind the output. */
static int
make_room(struct record_layer *l, size_t n, struct error *error)
{
	size_t used = l->out_end - l->out_start, cap = l->out_cap > 0 ? l->out_cap : 4096;
	uint8_t *bigger;

	if (n > RECORD_OUTPUT_MAX - used)
		return fail(error, ERROR_LIMIT, 0, "more than %d bytes wait to be sent", RECORD_OUTPUT_MAX);
	if (l->out_cap - l->out_end >= n && l->out != NULL)
		return 0;
	while (cap < used + n)
		cap *= 2;
	if (cap == l->out_cap) {
		memmove(l->out, l->out + l->out_start, used);
	} else {
		bigger = mem_try(cap);
		if (bigger == NULL)
			return mem_fail(error, "sending %zu bytes", n);
		if (used > 0)
			memcpy(bigger, l->out + l->out_start, used);
		free_wiped(l->out, l->out_cap);
		l->out = bigger;
		l->out_cap = cap;
	}
	l->out_start = 0;
	l->out_end = used;
	return 0;
}

/* Plaintext bytes of the next fragment. After a 1-byte fragment comes the rest of what would have been one record: the
 * 1/n-1 split, which makes the IV of that rest unpredictable (CVE-2011-3389). */
static size_t
next_fragment(const struct record_layer *l, size_t left, bool splits, bool *was_split)
{
	size_t max = l->max_fragment > 0 && l->max_fragment < RECORD_MAX_PLAIN ? l->max_fragment : RECORD_MAX_PLAIN;

	*was_split = splits && !*was_split && left > 1;
	if (*was_split)
		return 1;
	return left < max ? left : max;
}

int
record_write(struct record_layer *l, unsigned type, const void *p, size_t n, struct error *error)
{
	const uint8_t *bytes = p;
	const bool splits = l->split && type == CONTENT_APPLICATION_DATA && protect_splits(l->write);
	bool was_split = false;

	if (n > RECORD_OUTPUT_MAX)
		return fail(error, ERROR_LIMIT, 0, "at most %d bytes can be written at once", RECORD_OUTPUT_MAX);
	do {
		size_t take = next_fragment(l, n, splits, &was_split), total;
		uint8_t *record;

		if (make_room(l, RECORD_HEADER + protect_front(l->write) + take + PROTECT_BEHIND, error) != 0)
			return -1;
		record = l->out + l->out_end;
		if (take > 0)
			memcpy(record + RECORD_HEADER + protect_front(l->write), bytes, take);
		event_report(l->observer,
		    (struct event){ .kind = EVENT_TLS_RECORD,
			.sent = true,
			.code = (int)type,
			.data = str_from(bytes, take),
			.detail = &(struct tls_record_info){ (uint16_t)l->write_version } });
		if (protect_seal(l->write, type, l->write_version, record, take, &total, error) != 0)
			return -1;
		l->out_end += total;
		l->records_out++;
		bytes = take > 0 ? bytes + take : bytes;
		n -= take;
	} while (n > 0);
	return 0;
}

int
record_write_raw(struct record_layer *l, const void *p, size_t n, struct error *error)
{
	if (make_room(l, n, error) != 0)
		return -1;
	memcpy(l->out + l->out_end, p, n);
	l->out_end += n;
	return 0;
}

struct str
record_output(const struct record_layer *l)
{
	return l->out != NULL ? str_from(l->out + l->out_start, l->out_end - l->out_start) : str_from(NULL, 0);
}

void
record_sent(struct record_layer *l, size_t n)
{
	size_t left = l->out_end - l->out_start;

	if (n > left)
		n = left;
	l->out_start += n;
	l->bytes_out += n;
	if (l->out_start == l->out_end)
		l->out_start = l->out_end = 0;
}
