/* Character references (HTML Living Standard, section 13.2.5.72). Private to commands/html. */
#ifndef COMMANDS_HTML_ENTITIES_H
#define COMMANDS_HTML_ENTITIES_H

#include "net/buf.h"
#include "net/work.h"

struct entity {
	const char *name, *text;
};
extern const struct entity entities[];
extern const size_t n_entities;

/* s starts with '&'. Appends what it stands for to out (or the '&' itself) and returns the bytes read. */
size_t entity_decode(struct str s, bool in_attribute, struct buf *out);
/* Appends s with every reference decoded. */
void entity_decode_all(struct str s, bool in_attribute, struct work *work, struct buf *out);
void utf8_add(struct buf *out, uint32_t code_point);

#endif
