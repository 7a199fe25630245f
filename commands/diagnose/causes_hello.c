/*
 * Causes of a hello that is not answered by a ServerHello we can take: silence, the end of the connection, an alert.
 *
 * The cures of one failure are a ladder: first what was changed by hand, then what costs least. It leads on from step
 * to step without a memory, too: none of its steps stands where an earlier one would be advised. What gives up TLS 1.3
 * or is no more than a guess is told as a remark, unless an alert says that it is the version.
 */
#include <errno.h>
#include <string.h>

#include "commands/diagnose/private.h"

static bool
offers_13(const struct tls_info *i)
{
	return i->offered.max_version >= TLS_1_3;
}

/* TLS 1.0 to TLS 1.3, and perhaps SSL 3.0. */
static bool
offers_all(const struct tls_info *i)
{
	return i->offered.min_version <= TLS_1_0 && offers_13(i);
}

static bool
offered(const struct tls_info *i, uint16_t extension)
{
	for (size_t k = 0; k < i->offered.n_extensions; k++)
		if (i->offered.extensions[k] == extension)
			return true;
	return false;
}

/* ---- silence: TCP tells whose ---- */
static bool
server_is_silent(const struct connection *c, const struct tls_info *i)
{
	struct tcp_facts tcp = connection_tcp(c);

	(void)i;
	return facts_timed_out(c) && tcp_facts_silence(&tcp) != NULL && tcp.unacknowledged == 0;
}

static bool
silent_at_tls13(const struct connection *c, const struct tls_info *i)
{
	return server_is_silent(c, i) && facts_at_hello(i) && offers_13(i);
}

/* ---- the end of the connection ---- */
static bool
closed(const struct connection *c, const struct tls_info *i)
{
	return i->n_first_bytes == 0 && facts_at_hello(i) && !i->alert_received && !facts_timed_out(c) &&
	    (i->transport_ended || (c->failure.kind == ERROR_NETWORK && c->failure.code == ECONNRESET));
}

static bool
closed_at_tls13(const struct connection *c, const struct tls_info *i)
{
	return closed(c, i) && offers_13(i);
}

static bool
closed_above_tls10(const struct connection *c, const struct tls_info *i)
{
	return closed(c, i) && i->offered.max_version > TLS_1_0;
}

static bool
closed_at_extensions(const struct connection *c, const struct tls_info *i)
{
	return closed(c, i) && i->offered.n_extensions > 0;
}

/* ---- a choice that was not offered ---- */
static bool
chose_older(const struct connection *c, const struct tls_info *i)
{
	return facts_we_refused(c, TLS_UNSUPPORTED_VERSION) && i->version >= SSL_3_0 &&
	    i->version < i->offered.min_version;
}

static bool
chose_wrong_suite(const struct connection *c, const struct tls_info *i)
{
	(void)i;
	return facts_we_refused(c, TLS_WRONG_SUITE);
}

/* A list can name what is not spoken here: a server may believe it. */
static bool
chose_unspoken_suite(const struct connection *c, const struct tls_info *i)
{
	bool unspoken = false;

	for (size_t k = 0; k < i->offered.n_suites; k++)
		unspoken = unspoken || tls_suite_find(i->offered.suites[k]) == NULL;
	return unspoken && chose_wrong_suite(c, i);
}

/* ---- alerts that name what is wrong ---- */
static bool
no_version(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_PROTOCOL_VERSION);
}

/* The versions offered are these, no more and no less. */
static bool
offers_just(const struct tls_info *i, unsigned min, unsigned max)
{
	return i->offered.min_version == min && i->offered.max_version == max;
}

static bool
no_modern_version(const struct connection *c, const struct tls_info *i)
{
	return no_version(c, i) && i->offered.min_version >= TLS_1_2 && !offers_just(i, TLS_1_2, TLS_1_3);
}

/* The last steps of the ladder offer fewer on purpose. */
static bool
no_version_of_some(const struct connection *c, const struct tls_info *i)
{
	return no_version(c, i) && !offers_all(i) && !offers_just(i, TLS_1_1, TLS_1_2) &&
	    !offers_just(i, TLS_1_0, TLS_1_0);
}

static bool
refuses_tls13(const struct connection *c, const struct tls_info *i)
{
	return no_version(c, i) && offers_13(i);
}

static bool
refuses_above_tls10(const struct connection *c, const struct tls_info *i)
{
	return no_version(c, i) && i->offered.max_version > TLS_1_0;
}

static bool
fallback_was_needless(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_INAPPROPRIATE_FALLBACK);
}

static bool
no_protocol(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_NO_APPLICATION_PROTOCOL);
}

static bool
name_unknown(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] != '\0';
}

/* An address cannot be sent as a name (RFC 6066 section 3). */
static bool
no_name_for_address(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] == '\0' && url_host_is_address(c->host);
}

/* Some write their alert into a record of no version when they do not know for whom it is. */
static bool
name_missing_silently(const struct connection *c, const struct tls_info *i)
{
	return facts_is_bare_alert(i) && i->alert_received && c->sni[0] == '\0' && !url_host_is_address(c->host);
}

static bool
name_missing(const struct connection *c, const struct tls_info *i)
{
	return facts_refused(c, i, ALERT_UNRECOGNIZED_NAME) && c->sni[0] == '\0';
}

/* ---- other alerts: what was left out by hand ---- */
static bool
refused_hello(const struct connection *c, const struct tls_info *i)
{
	return facts_at_hello(i) && facts_refused(c, i, i->alert) && !no_version(c, i) &&
	    !fallback_was_needless(c, i) && !no_protocol(c, i) && !facts_refused(c, i, ALERT_UNRECOGNIZED_NAME);
}

static bool
without_name(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && c->sni[0] == '\0' && !url_host_is_address(c->host) &&
	    i->offered.max_version > SSL_3_0;
}

/* One that is spoken was not offered; secp224r1 never is together with TLS 1.3, nor X25519MLKEM768 without it. */
static bool
lacks_groups(const struct tls_info *i)
{
	const struct tls_name *group;
	bool lacks = false;

	for (size_t k = 0; (group = tls_group_at(k)) != NULL && !lacks; k++) {
		lacks =
		    group->id != GROUP_P224 && (group->id != GROUP_X25519MLKEM768 || i->offered.max_version >= TLS_1_3);
		for (size_t m = 0; m < i->offered.n_groups && lacks; m++)
			lacks = i->offered.groups[m] != group->id;
	}
	return lacks;
}

static bool
with_few_groups(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && c->chose_groups && lacks_groups(i);
}

static bool
with_few_schemes(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && c->chose_schemes;
}

static bool
without_ems(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && i->offered.n_extensions > 0 && !offered(i, EXT_EXTENDED_MASTER_SECRET) &&
	    i->offered.min_version <= TLS_1_2 && i->offered.max_version > SSL_3_0;
}

static bool
nothing_in_common(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && (i->alert == ALERT_HANDSHAKE_FAILURE || i->alert == ALERT_INSUFFICIENT_SECURITY);
}

static bool
without_extensions(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && i->offered.n_extensions == 0 && i->offered.max_version > SSL_3_0;
}

/* ---- other alerts: what is not offered by itself ---- */
static bool
is_dhe(uint16_t suite)
{
	return strncmp(tls_suite_name(suite), "TLS_DHE_", 8) == 0;
}

/* By hand: the server's Diffie-Hellman may have been too weak. */
static bool
leaves_out_dhe(const struct connection *c, const struct tls_info *i)
{
	bool any = c->n_suites == 0;

	for (size_t k = 0; k < i->offered.n_suites; k++)
		any = any || is_dhe(i->offered.suites[k]);
	return !any;
}

/* Of the suites for the versions offered some are not; what is left out for a reason does not count. */
static bool
with_few_suites(const struct connection *c, const struct tls_info *i)
{
	bool no_dhe = leaves_out_dhe(c, i);
	uint16_t all[TLS_MAX_SUITES];
	int n = tls_parse_suites(STR("all"), all, TLS_MAX_SUITES, NULL);
	bool few = false;

	for (int k = 0; k < n && !few; k++) {
		const struct tls_suite_info *suite = tls_suite_find(all[k]);

		few = suite->min_version <= i->offered.max_version && suite->max_version >= i->offered.min_version &&
		    !(no_dhe && is_dhe(all[k]));
		for (size_t m = 0; m < i->offered.n_suites && few; m++)
			few = i->offered.suites[m] != all[k];
	}
	return few && nothing_in_common(c, i);
}

/* TLS 1.3 leaves no room for a group of old, and some do not understand it. */
static bool
with_tls13_in_vain(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && offers_13(i);
}

static bool
with_few_suites_but_dhe(const struct connection *c, const struct tls_info *i)
{
	return with_few_suites(c, i) && leaves_out_dhe(c, i);
}

static bool
without_dhe(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && leaves_out_dhe(c, i);
}

static bool
with_few_versions(const struct connection *c, const struct tls_info *i)
{
	return nothing_in_common(c, i) && !offers_all(i) && !offers_just(i, TLS_1_1, TLS_1_2);
}

/* Not understood, rather than not wanted. */
static bool
with_tls13(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && !nothing_in_common(c, i) && offers_13(i);
}

static bool
above_tls10(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && !nothing_in_common(c, i) && i->offered.max_version > TLS_1_0;
}

static bool
with_extensions(const struct connection *c, const struct tls_info *i)
{
	return refused_hello(c, i) && !nothing_in_common(c, i) && i->offered.n_extensions > 0;
}

/* ---- the table ---- */
/* Sentences of several rows: the cure is what differs. */
static const char says_silence[] = "everything we sent has arrived: the silence is the server's, not the network's";
static const char says_closed[] =
    "the server closed at once after the hello, without an alert: it does not like something in it, serves nobody from "
    "here, or expects something before TLS (the PROXY protocol of a load balancer)";
static const char says_no_versions[] = "the server speaks none of the versions that were offered";
static const char says_intolerant[] =
    "the server refuses the newest version that was offered instead of choosing an older one";
static const char says_no_name[] = "the server wants a name (SNI), and none was sent";
static const char says_nothing[] = "the server found no version, cipher suite, group or signature in common";
static const char says_refused[] = "the server refuses the hello: it wants something in it, or does not like it";
static const char says_nothing_left[] =
    "the server found nothing in common in all that is spoken here: perhaps it wants a group of its own, or has a "
    "certificate of a kind that few know (DSA, GOST, a brainpool curve)";

const struct cause hello_causes[] = {
	{ "E11", silent_at_tls13, says_silence, "offered, ended by, tcp", NULL, NULL,
	    CAUSE_OWNER ", unless it answers a hello without TLS 1.3: \"tls proto tls1.0..tls1.2\" tells" },
	{ "E11", server_is_silent, says_silence, "ended by, tcp", NULL, NULL, CAUSE_OWNER },
	{ "A6", closed_at_tls13, says_closed, "offered, ended by", NULL, NULL,
	    CAUSE_OWNER ", unless it answers an older hello: \"tls proto tls1.0..tls1.2\" tells" },
	{ "A6", closed_above_tls10, says_closed, "offered, ended by", NULL, NULL,
	    CAUSE_OWNER ", unless it answers an older hello: \"tls proto tls1.0\" tells" },
	{ "A6", closed_at_extensions, says_closed, "offered, extensions, ended by", NULL, NULL,
	    CAUSE_OWNER ", unless it answers the oldest hello: \"tls extensions off\" tells" },
	{ "A6", closed, says_closed, "offered, ended by", NULL, NULL, CAUSE_OWNER },

	{ "B3", chose_older, "the server speaks nothing newer than what it chose", "offered, negotiated",
	    "tls proto VERSION..NEWEST", NULL, NULL },
	{ "B22", chose_unspoken_suite, "the server chose a cipher suite that was offered, but is not spoken here",
	    "suites, failure", "tls ciphers auto", NULL, NULL },
	{ "B22", chose_wrong_suite, "the server chose a cipher suite that was not offered: it does not read the offer",
	    "suites, failure", NULL, NULL, CAUSE_OWNER },

	{ "B2", no_modern_version, says_no_versions, "offered, ended by", "tls proto auto", NULL, NULL },
	{ "B3", no_version_of_some, says_no_versions, "offered, ended by", "tls proto tls1.0..tls1.3", NULL, NULL },
	{ "B1", refuses_tls13, says_intolerant, "offered, ended by", "tls proto tls1.1..tls1.2", NULL, NULL },
	{ "B1", refuses_above_tls10, says_intolerant, "offered, ended by", "tls proto tls1.0", NULL, NULL },
	{ "B3", no_version, says_no_versions, "offered, ended by", NULL, NULL,
	    CAUSE_OWNER
	    ", unless it is another version that it wants: \"tls proto auto\" or \"tls proto ssl3\" tells" },
	{ "B19", fallback_was_needless,
	    "TLS_FALLBACK_SCSV was sent, and the server speaks a newer version than the newest one offered",
	    "offered, ended by", "tls fallback-scsv off", NULL, NULL },
	{ "B18", no_protocol, "the server speaks none of the application protocols that were offered (ALPN)",
	    "alpn, ended by", "tls alpn off", NULL, NULL },
	{ "B8", name_unknown, "the server does not know the name that was sent (SNI)", "server, ended by",
	    "tls sni off", NULL, NULL },
	{ "B7", no_name_for_address, says_no_name, "server, ended by", NULL, NULL,
	    "a URL with the host's name helps: an address cannot be sent as one" },
	{ "B7", name_missing, says_no_name, "server, ended by", NULL, NULL,
	    CAUSE_OWNER ", unless it knows the URL's host: \"tls sni auto\" sends it" },

	{ "A10", name_missing_silently,
	    "the server refuses the hello with an alert that is in no version of TLS, and no name (SNI) was sent",
	    "server, ended by", "tls sni auto", NULL, NULL },
	{ "B7", without_name, says_refused, "server, ended by", "tls sni auto", NULL, NULL },
	{ "B14", with_few_groups, says_nothing, "groups, schemes, ended by", "tls groups auto", NULL, NULL },
	{ "B15", with_few_schemes, says_nothing, "groups, schemes, ended by", "tls schemes auto", NULL, NULL },
	{ "B5", without_extensions, says_refused, "offered, ended by", "tls extensions on", NULL, NULL },
	{ "B16", without_ems, says_refused, "extensions, ended by", "tls ems on", NULL, NULL },
	{ "B13", with_few_suites_but_dhe, says_nothing, "suites, groups, schemes, ended by", "tls ciphers all:-DHE",
	    NULL, NULL },
	{ "B13", with_few_suites, says_nothing, "suites, groups, schemes, ended by", "tls ciphers all", NULL, NULL },
	{ "B3", with_few_versions, says_nothing, "offered, groups, schemes, ended by", "tls proto tls1.0..tls1.3", NULL,
	    NULL },
	{ "B14", with_tls13_in_vain, says_nothing, "offered, groups, schemes, ended by", "tls proto tls1.1..tls1.2",
	    NULL, NULL },
	{ "B1", with_tls13, says_refused, "offered, ended by", "tls proto tls1.2", NULL, NULL },
	{ "B1", above_tls10, says_refused, "offered, ended by", "tls proto tls1.0", NULL, NULL },
	{ "B5", with_extensions, says_refused, "extensions, ended by", "tls extensions off", NULL, NULL },
	{ "K4", without_dhe, says_nothing, "suites, groups, schemes, ended by", NULL, NULL,
	    CAUSE_OWNER
	    ", unless it wants the DHE suites, which were left out: \"tls ciphers all; tls min-dh 512\" tells" },
	{ "B15", nothing_in_common, says_nothing_left, "offered, groups, schemes, ended by", NULL, NULL, CAUSE_OWNER },
	{ "B6", refused_hello, says_refused, "offered, ended by", NULL, NULL, CAUSE_OWNER },
};
const size_t n_hello_causes = sizeof hello_causes / sizeof *hello_causes;
