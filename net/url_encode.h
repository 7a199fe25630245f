/* Percent-encode sets of the URL Standard, section 1.3, and the host parser's door. Private to net/url*. */
#ifndef NET_URL_ENCODE_H
#define NET_URL_ENCODE_H

#include "net/buf.h"
#include "net/error.h"

enum url_set {
	URL_SET_CONTROL,
	URL_SET_FRAGMENT,
	URL_SET_QUERY,
	URL_SET_SPECIAL_QUERY,
	URL_SET_PATH,
	URL_SET_USERINFO
};

/* Appends s to out with the set's bytes as %HH. */
void url_encode(struct buf *out, struct str s, enum url_set set);

/* The host parser (section 3.5): serialised host, caller frees; NULL with ERROR_USAGE. */
char *url_host_parse(struct str input, bool special, struct error *error);

#endif
