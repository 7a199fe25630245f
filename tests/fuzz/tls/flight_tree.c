/* The grammar of flight.h's inputs: items, handshake messages, their vectors, extensions, certificates. */
#include "net/tls/message.h"
#include "tests/fuzz/tls/flight.h"

/*
 * Messages as words: a number skips so many bytes, v w t are vectors with 1, 2, 3 bytes of length, x an extension
 * block, C a list of certificates up to TLS 1.2, E the one of TLS 1.3, N a list of names.
 */
static const struct {
	uint8_t type;
	const char *shape;
} shapes[] = {
	{ SERVER_HELLO, "2 32 v 2 1 x" },
	{ NEW_SESSION_TICKET, "4 w" },
	{ NEW_SESSION_TICKET, "4 4 v w x" },
	{ ENCRYPTED_EXTENSIONS, "x" },
	{ CERTIFICATE, "C" },
	{ CERTIFICATE, "v E" },
	{ SERVER_KEY_EXCHANGE, "1 2 v 2 w" },
	{ SERVER_KEY_EXCHANGE, "w w w 2 w" },
	{ CERTIFICATE_REQUEST, "v w N" },
	{ CERTIFICATE_REQUEST, "v N" },
	{ CERTIFICATE_REQUEST, "v x" },
	{ CERTIFICATE_VERIFY, "2 w" },
	{ CERTIFICATE_STATUS, "1 t" },
};

static void
extensions(struct tree *t, int block)
{
	size_t at = t->nodes[block].content, end = t->nodes[block].end;

	while (at < end) {
		int x = tree_vector(t, block, at, 2, 2, end);

		if (x < 0)
			return;
		at = t->nodes[x].end;
		/* most bodies are one vector */
		tree_vector(t, x, t->nodes[x].content, 0, 2, at);
	}
}

static void
names(struct tree *t, int list)
{
	size_t at = t->nodes[list].content, end = t->nodes[list].end;

	while (at < end) {
		int name = tree_vector(t, list, at, 0, 2, end);

		if (name < 0)
			return;
		at = t->nodes[name].end;
		tree_der(t, name, t->nodes[name].content, at);
	}
}

static void
certificates(struct tree *t, int list, bool tls13)
{
	size_t at = t->nodes[list].content, end = t->nodes[list].end;

	while (at < end) {
		int cert = tree_vector(t, list, at, 0, 3, end), block;

		if (cert < 0)
			return;
		at = t->nodes[cert].end;
		tree_der(t, cert, t->nodes[cert].content, at);
		if (!tls13)
			continue;
		block = tree_vector(t, list, at, 0, 2, end);
		if (block < 0)
			return;
		extensions(t, block);
		at = t->nodes[block].end;
	}
}

/* One word of a shape; the place behind it, SIZE_MAX when it is not there. */
static size_t
word(struct tree *t, int message, char c, size_t at)
{
	size_t end = t->nodes[message].end;
	unsigned width = c == 'v' ? 1 : c == 't' || c == 'C' || c == 'E' ? 3 : 2;
	int node = tree_vector(t, message, at, 0, width, end);

	if (node < 0)
		return SIZE_MAX;
	if (c == 'x')
		extensions(t, node);
	else if (c == 'N')
		names(t, node);
	else if (c == 'C' || c == 'E')
		certificates(t, node, c == 'E');
	return t->nodes[node].end;
}

static bool
describe_as(struct tree *t, int message, const char *shape)
{
	size_t at = t->nodes[message].content, end = t->nodes[message].end;
	int before = t->n;

	while (*shape != '\0' && at != end) {
		size_t skip = 0;

		if (*shape == ' ') {
			shape++;
			continue;
		}
		if (!ascii_is_digit(*shape)) {
			at = word(t, message, *shape++, at);
			if (at != SIZE_MAX)
				continue;
			t->n = before;
			return false;
		}
		while (ascii_is_digit(*shape))
			skip = skip * 10 + (size_t)(*shape++ - '0');
		tree_field(t, message, at, at + skip);
		at += skip;
	}
	if (at != end)
		t->n = before;
	return at == end;
}

static void
describe_message(struct tree *t, int item, size_t start, size_t end, bool whole)
{
	int message = whole ? tree_vector(t, item, start, 1, 3, end) : tree_vector(t, item, start, 1, 0, end);

	if (message < 0)
		return;
	t->nodes[message].end = whole ? t->nodes[message].end : end;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (shapes[i].type == t->data[start] && describe_as(t, message, shapes[i].shape))
			return;
}

void
flight_describe(struct tree *t, const uint8_t *input, size_t size)
{
	size_t at = FLIGHT_SETTINGS;

	tree_init(t, input, size);
	tree_field(t, TREE_ROOT, 0, FLIGHT_SETTINGS);
	while (at < size) {
		int item = tree_vector(t, TREE_ROOT, at, 1, 2, size);
		unsigned kind = input[at] % ITEM_KINDS;

		if (item < 0)
			return;
		at = t->nodes[item].end;
		if (kind == ITEM_HANDSHAKE || kind == ITEM_HELLO || kind == ITEM_SIGNED)
			describe_message(t, item, t->nodes[item].content, at, kind != ITEM_SIGNED);
	}
}
