/*
 * Private to net/tls. Lines of a described message: "name: value", values by their names in the registries, GREASE (RFC
 * 8701) called by its name, bytes in hexadecimal, cut when they are long. Each function adds whole lines to `out`, but
 * for put_id and put_hex, which add a value.
 */
#ifndef NET_TLS_DESCRIBE_FIELDS_H
#define NET_TLS_DESCRIBE_FIELDS_H

#include "net/bytes.h"

bool is_grease(uint16_t id);

void put_hex(struct buf *out, struct str s);
/* " NAME", with the space in front. */
void put_id(struct buf *out, uint16_t id, const char *(*text)(uint16_t id));

void hex_field(struct buf *out, const char *name, struct str s);
void text_field(struct buf *out, const char *name, struct str s);
void version_field(struct buf *out, const char *name, unsigned version);
/* A list of 16-bit numbers by their names. */
void id_list(struct buf *out, const char *name, struct str pairs, const char *(*text)(uint16_t id));
/* A list of bytes by their names; those without one by their number. */
void byte_list(struct buf *out, const char *name, struct str bytes, const char *const *names, size_t n);

#endif
