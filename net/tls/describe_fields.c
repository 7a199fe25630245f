/* The lines of a described message: name and value. */
#include "net/tls/describe_fields.h"

#include "net/tls/names.h"

enum { HEX_MAX = 64 };

void
put_hex(struct buf *out, struct str s)
{
	size_t n = s.n < HEX_MAX ? s.n : HEX_MAX;

	buf_add_hex(out, str_slice(s, 0, n));
	if (n < s.n)
		buf_addf(out, "... (%zu bytes)", s.n);
}

void
hex_field(struct buf *out, const char *name, struct str s)
{
	buf_addf(out, "%s: ", name);
	if (s.n == 0)
		buf_addf(out, "empty");
	put_hex(out, s);
	buf_add_char(out, '\n');
}

void
version_field(struct buf *out, const char *name, unsigned version)
{
	buf_addf(out, "%s: %s (0x%04x)\n", name, tls_version_name(version), version);
}

/* RFC 8701: 0x0A0A, 0x1A1A ... 0xFAFA */
bool
is_grease(uint16_t id)
{
	return (id & 0x0f0f) == 0x0a0a && id >> 8 == (id & 0xff);
}

void
put_id(struct buf *out, uint16_t id, const char *(*text)(uint16_t id))
{
	if (is_grease(id))
		buf_addf(out, " GREASE(0x%04X)", id);
	else
		buf_addf(out, " %s", text(id));
}

void
id_list(struct buf *out, const char *name, struct str pairs, const char *(*text)(uint16_t id))
{
	struct rd r = rd_str(pairs);

	buf_addf(out, "%s:", name);
	while (rd_left(&r) >= 2)
		put_id(out, rd_u16(&r), text);
	buf_add_char(out, '\n');
}

void
byte_list(struct buf *out, const char *name, struct str bytes, const char *const *names, size_t n)
{
	buf_addf(out, "%s:", name);
	for (size_t i = 0; i < bytes.n; i++) {
		uint8_t b = (uint8_t)bytes.p[i];

		if (b < n)
			buf_addf(out, " %s", names[b]);
		else
			buf_addf(out, " %u", b);
	}
	buf_add_char(out, '\n');
}

void
text_field(struct buf *out, const char *name, struct str s)
{
	char shown[512];

	buf_addf(out, "%s: %s\n", name, str_printable(s, shown, sizeof shown));
}
