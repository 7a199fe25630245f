/* The extensions: the list of their rows, and what is done to each row: build, parse, describe. */
#include "net/tls/extension.h"

#include <stdio.h>
#include <string.h>

#include "net/tls/describe_fields.h"
#include "net/tls/extension_rows.h"
#include "net/tls/handshake.h"

#define LISTED(name) &extension_##name,
static const struct extension_row *const rows[] = { EXTENSIONS(LISTED) };

enum { ROWS = sizeof rows / sizeof rows[0] };

const struct extension_row *
extension_row_at(size_t i)
{
	return i < ROWS ? rows[i] : NULL;
}

const struct extension_row *
extension_row_of(uint16_t id)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i]->id == id)
			return rows[i];
	return NULL;
}

bool
tls_extension_by_setting(struct str setting, uint16_t *id)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i]->setting != NULL && str_is_nocase(setting, rows[i]->setting)) {
			*id = rows[i]->id;
			return true;
		}
	return false;
}

/* ---- the server's ---- */
/* RFC 8446 section 4.2: there MUST NOT be more than one extension of the same type in a given extension block. */
static int
check_repeated(struct tls *t, const struct extension_list *list, struct error *error)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < i; k++)
			if (list->item[i].type == list->item[k].type)
				return refuse_with(t, error, TLS_DUPLICATE_EXTENSION,
				    extension_row_of(list->item[i].type) != NULL ? ALERT_ILLEGAL_PARAMETER :
										   ALERT_DECODE_ERROR,
				    "server sent the extension %s twice", tls_extension_name(list->item[i].type));
	return 0;
}

/* The places where the peer asks or tells by itself, rather than answers the ClientHello. */
static bool
answers(enum extension_place place)
{
	return place != IN_REQUEST && place != IN_TICKET;
}

int
extensions_parse(struct tls *t, const struct extension_list *list, enum extension_place place,
    struct extension_values *v, struct error *error)
{
	memset(v, 0, sizeof *v);
	if (check_repeated(t, list, error) != 0)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		const struct extension *x = &list->item[i];
		const struct extension_row *row = extension_row_of(x->type);
		struct rd r = rd_str(x->body);

		/* RFC 8446 section 4.2: upon receiving such an extension (a response to what was not requested), an
		 * endpoint MUST abort the handshake with an "unsupported_extension" alert; the cookie is the
		 * exception. */
		if (answers(place) && !extension_offered(t, x->type) && !(place == IN_RETRY && x->type == EXT_COOKIE) &&
		    !(place == IN_SERVER_HELLO_12 && x->type == EXT_SUPPORTED_GROUPS))
			return refuse(error, TLS_UNSOLICITED_EXTENSION,
			    "server sent the extension %s, which was not offered", tls_extension_name(x->type));
		if (row == NULL)
			continue;
		/* RFC 8446 section 4.2: if an implementation receives an extension which it recognizes and which is not
		 * specified for the message in which it appears, it MUST abort the handshake with an
		 * "illegal_parameter" alert. */
		if ((row->places & (unsigned)place) == 0)
			return refuse_with(t, error, TLS_UNSOLICITED_EXTENSION, ALERT_ILLEGAL_PARAMETER,
			    "server sent the extension %s in a message it does not belong to",
			    tls_extension_name(x->type));
		if (row->parse != NULL && !row->parse(v, &r, place))
			return refuse(error, TLS_DECODE_ERROR, "server's extension %s is malformed",
			    tls_extension_name(x->type));
	}
	return 0;
}

int
extensions_accept(struct tls *t, const struct extension_list *list, const struct extension_values *v,
    struct error *error)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct extension_row *row = extension_row_of(list->item[i].type);

		if (row != NULL && row->accept != NULL && row->accept(t, v, error) != 0)
			return -1;
	}
	return 0;
}

/* ---- ours ---- */
static void
put_extension(struct tls *t, struct buf *block, uint16_t id, const struct buf *body)
{
	struct tls_offer *offer = &t->info.offered;
	size_t at;

	put_u16(block, id);
	at = put_open(block, 2);
	put_str(block, buf_str(body));
	put_close(block, at, 2);
	block->full = block->full || body->full;
	if (offer->n_extensions < sizeof offer->extensions / sizeof offer->extensions[0])
		offer->extensions[offer->n_extensions++] = id;
}

/* SSL 3.0 knows the one extension only (RFC 5746 section 4.5), and that in a renegotiation. */
static bool
version_has(const struct tls *t, uint16_t id)
{
	return t->info.offered.max_version > SSL_3_0 || id == EXT_RENEGOTIATION_INFO;
}

/* Whether the row is in this hello; then it is behind the others in `block`. */
static bool
build(struct tls *t, struct buf *block, const struct extension_row *row)
{
	struct buf body;
	bool sent;

	buf_init(&body, UINT16_MAX);
	sent = row->build != NULL && extension_wanted(t, row->id) && row->build(t, &body);
	if (sent)
		put_extension(t, block, row->id, &body);
	buf_release(&body);
	return sent;
}

static void
put_grease(struct tls *t, struct buf *block, enum grease place, struct str bytes)
{
	struct buf body;

	if (!t->config.grease || !version_has(t, t->hs->grease[place]))
		return;
	buf_init(&body, UINT16_MAX);
	put_str(&body, bytes);
	put_extension(t, block, t->hs->grease[place], &body);
	buf_release(&body);
	t->info.offered.n_extensions--; /* an answer to it is unsolicited */
}

void
extensions_build(struct tls *t, struct buf *block)
{
	t->info.offered.n_extensions = 0;
	put_grease(t, block, GREASE_EXTENSION, STR(""));
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i] != &extension_padding && rows[i] != &extension_pre_shared_key &&
		    version_has(t, rows[i]->id))
			build(t, block, rows[i]);
	put_grease(t, block, GREASE_LAST_EXTENSION, STR("\0"));
}

/* RFC 8446 section 4.2.11: the "pre_shared_key" extension MUST be the last extension in the ClientHello. The padding
 * stands in front of it and counts it. */
void
extensions_build_last(struct tls *t, struct buf *block, size_t hello_bytes)
{
	struct buf psk;

	buf_init(&psk, UINT16_MAX);
	t->hs->psk_sent = build(t, &psk, &extension_pre_shared_key);
	t->hs->hello_bytes = hello_bytes + psk.len;
	build(t, block, &extension_padding);
	put_str(block, buf_str(&psk));
	block->full = block->full || psk.full;
	buf_release(&psk);
}

/* ---- for people ---- */
void
extensions_describe(struct buf *out, const struct extension_list *list, unsigned message)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct extension *x = &list->item[i];
		const struct extension_row *row = extension_row_of(x->type);
		char name[96];

		snprintf(name, sizeof name, is_grease(x->type) ? "extension GREASE(%s)" : "extension %s",
		    tls_extension_name(x->type));
		if (row != NULL && row->describe != NULL)
			row->describe(out, name, x->body, message);
		else
			hex_field(out, name, x->body);
	}
}
