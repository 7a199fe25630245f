/* The list of the rooms, found by their host. */
#include "net/lab/rooms.h"

#include <string.h>

#define ROOM(name, id, what, wrong) .shown = { name LAB_DOMAIN, what, wrong, id }

const struct room_rules lab_rules[] = {
	{ ROOM("ok", "none", "a healthy site over TLS 1.2: login form, table over several pages, download", NULL),
	    .version = BR_TLS12 },
	{ ROOM("rollback", "K1", "TLS 1.0 with RSA key exchange, and a wrong check of the version",
	      "compares the version in the premaster with the negotiated one instead of the offered one: "
	      "whoever offers more than TLS 1.0 gets bad_record_mac"),
	    .version = BR_TLS10, .rsa = true, .key_exchange_by_rsa = true, .rollback = true },
	{ ROOM("tls10", "B3", "TLS 1.0 only, otherwise healthy", "speaks nothing newer than TLS 1.0"),
	    .version = BR_TLS10, .rsa = true },
	{ ROOM("expired", "C2", "a certificate that is out of date", "the certificate expired 12 days ago"),
	    .version = BR_TLS12, .paper = PAPER_EXPIRED },
	{ ROOM("wronghost", "C6", "a certificate for another name", "the certificate names other.lab.test only"),
	    .version = BR_TLS12, .paper = PAPER_OTHER_NAME },
	{ ROOM("selfsigned", "C5", "a certificate signed with its own key", "no authority vouches for the certificate"),
	    .version = BR_TLS12, .paper = PAPER_SELF_SIGNED },
	{ ROOM("untrusted", "C5", "a certificate from an authority nobody knows",
	      "the authority has the lab CA's name but another key"),
	    .version = BR_TLS12, .paper = PAPER_OTHER_CA },
	{ ROOM("plain", "A2", "HTTP without TLS on the port of https",
	      "answers the ClientHello with an HTTP error in the clear"),
	    .speech = SPEAKS_IN_CLEAR },
	{ ROOM("silent", "E11", "accepts the connection and says nothing", "never answers the ClientHello"),
	    .speech = SPEAKS_NOT },
	{ ROOM("closed", "A6", "closes the connection after the ClientHello",
	      "ends the connection with FIN, without an alert"),
	    .speech = SPEAKS_FIN },
};

enum { LAB_ROOMS = sizeof lab_rules / sizeof *lab_rules };
_Static_assert(sizeof lab_rules / sizeof *lab_rules <= LAB_ROOMS_MAX, "more rooms than LAB_ROOMS_MAX (rooms.h)");

size_t
lab_room_count(void)
{
	return LAB_ROOMS;
}

const struct lab_room *
lab_room_at(size_t i)
{
	return i < LAB_ROOMS ? &lab_rules[i].shown : NULL;
}

static struct str
without_dot(const char *host)
{
	struct str name = str_of(host);

	if (str_ends(name, STR(".")))
		name.n--;
	return name;
}

const struct lab_room *
lab_room_find(const char *host)
{
	for (size_t i = 0; i < LAB_ROOMS; i++)
		if (str_is_nocase(without_dot(host), lab_rules[i].shown.host))
			return &lab_rules[i].shown;
	return NULL;
}

bool
lab_is_name(const char *host)
{
	struct str name = without_dot(host), domain = STR(LAB_DOMAIN);

	return str_ends_nocase(name, domain) || str_eq_nocase(name, str_slice(domain, 1, domain.n));
}
