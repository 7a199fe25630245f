/* Sessions to resume: ids and tickets up to TLS 1.2 (RFC 5246, RFC 5077), pre-shared keys in TLS 1.3 (RFC 8446). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/tls/handshake.h"
#include "net/tls/message_finish.h"

/* RFC 8446 section 4.6.1: servers MUST NOT use any value greater than 604800 seconds (7 days). RFC 5246 appendix
 * F.1.4: an upper limit of 24 hours is suggested for session ids. */
enum { LIFETIME_MAX_13 = 604800, LIFETIME_LEGACY = 86400 };

static int64_t
clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void
tls_session_free(struct tls_session *s)
{
	if (s == NULL)
		return;
	free(s->ticket);
	mem_wipe(s, sizeof *s);
	free(s);
}

static struct tls_session *
session_copy(const struct tls_session *s)
{
	struct tls_session *copy = mem_dup(s, sizeof *s);

	copy->ticket = s->ticket_len > 0 ? mem_dup(s->ticket, s->ticket_len) : NULL;
	return copy;
}

void
tls_offer_session(struct tls *t, const struct tls_session *s)
{
	tls_session_free(t->offered);
	t->offered = session_copy(s);
}

struct tls_session *
tls_take_session(struct tls *t)
{
	struct tls_session *s = t->fresh;

	t->fresh = NULL;
	return s;
}

enum x509_hash
session_hash(const struct tls_session *s)
{
	return suite_find(s->suite)->prf;
}

uint32_t
session_age_ms(const struct tls_session *s)
{
	return (uint32_t)((clock_us() - s->received_us) / 1000);
}

static bool
is_fresh(const struct tls_session *s)
{
	int64_t lifetime = s->version >= TLS_1_3 ? s->lifetime : s->lifetime > 0 ? s->lifetime : LIFETIME_LEGACY;

	return clock_us() - s->received_us < lifetime * 1000000;
}

/* A suite of the hello with which the session can go on: the very one, or in TLS 1.3 one with the same hash. */
static bool
suite_remains(const struct tls *t, const struct tls_session *s)
{
	for (size_t i = 0; i < t->info.offered.n_suites; i++) {
		const struct suite *suite = suite_find(t->info.offered.suites[i]);

		if (suite != NULL &&
		    (suite->info.id == s->suite ||
			(s->version >= TLS_1_3 && suite->kx == KX_TLS13 && suite->prf == session_hash(s))))
			return true;
	}
	return false;
}

bool
session_usable(const struct tls *t, const struct tls_session *s)
{
	const struct tls_offer *o = &t->info.offered;

	if (!t->config.resume || s->version < o->min_version || s->version > o->max_version || !is_fresh(s) ||
	    !suite_remains(t, s) || strcmp(s->sni, t->config.sni) != 0)
		return false;
	if (t->config.sslv2_hello)
		return false;
	if (s->ticket_len > 0 &&
	    (t->config.tickets_off || t->config.no_extensions ||
		(s->version <= TLS_1_2 && !extension_wanted(t, EXT_SESSION_TICKET))))
		return false;
	/* RFC 7627 section 5.3: a client offering a session with the extended master secret MUST offer the
	 * extension. */
	return s->version >= TLS_1_3 || (s->ems ? t->config.ems != TLS_OFF : t->config.ems != TLS_ON);
}

static struct tls_session *
session_new(const struct tls *t)
{
	struct tls_session *s = mem_alloc(sizeof *s);

	s->version = t->version;
	s->suite = t->info.suite;
	s->group = t->info.group;
	s->scheme = t->info.scheme;
	s->ems = t->info.ems;
	memcpy(s->sni, t->config.sni, sizeof s->sni);
	s->received_us = clock_us();
	return s;
}

static void
keep(struct tls *t, struct tls_session *s)
{
	tls_session_free(t->fresh);
	t->fresh = s;
}

static void
set_ticket(struct tls_session *s, struct str ticket, uint32_t lifetime)
{
	s->ticket = mem_dup(ticket.p, ticket.n);
	s->ticket_len = ticket.n;
	s->lifetime = lifetime;
}

void
session_keep_legacy(struct tls *t)
{
	struct handshake *hs = t->hs;
	struct tls_session *s;

	if (!t->config.resume || (hs->ticket.len == 0 && hs->server_session_id_len == 0 && !hs->resuming))
		return;
	if (hs->resuming && hs->ticket.len == 0) {
		keep(t, session_copy(hs->session));
		return;
	}
	s = session_new(t);
	memcpy(s->secret, t->master, sizeof t->master);
	s->secret_len = sizeof t->master;
	if (hs->ticket.len > 0) {
		set_ticket(s, buf_str(&hs->ticket), hs->ticket_lifetime);
	} else {
		memcpy(s->id, hs->server_session_id, hs->server_session_id_len);
		s->id_len = hs->server_session_id_len;
	}
	keep(t, s);
}

void
session_keep_ticket13(struct tls *t, const struct new_session_ticket *m)
{
	struct tls_session *s;

	/* RFC 8446 section 4.6.1: the value of zero indicates that the ticket should be discarded immediately; clients
	 * MUST NOT cache tickets for longer than 7 days. */
	if (!t->config.resume || t->config.tickets_off || m->lifetime == 0)
		return;
	s = session_new(t);
	set_ticket(s, m->ticket, m->lifetime < LIFETIME_MAX_13 ? m->lifetime : LIFETIME_MAX_13);
	s->age_add = m->age_add;
	schedule13_ticket_psk(&t->schedule, m->nonce, s->secret);
	s->secret_len = t->schedule.size;
	keep(t, s);
}
