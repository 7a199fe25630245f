/* TLS sessions kept to be resumed, the newest first. */
#include "commands/session/tickets.h"

#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

static char *
key_of(const char *host, const char *key)
{
	return str_printf("%s\n%s", host, key);
}

void
ticket_release(struct ticket *t)
{
	free(t->key);
	tls_session_free(t->session);
	connection_drop(t->origin);
	*t = (struct ticket){ .key = NULL };
}

static struct ticket *
find(struct session *s, const char *key)
{
	for (size_t i = 0; i < SESSION_KEPT_TICKETS; i++)
		if (s->tickets[i].key != NULL && strcmp(s->tickets[i].key, key) == 0)
			return &s->tickets[i];
	return NULL;
}

struct ticket *
tickets_find(struct session *s, const char *host, const char *key)
{
	char *own = key_of(host, key);
	struct ticket *found = find(s, own);

	free(own);
	return found;
}

static bool
is_spoilt(const struct connection *c)
{
	const struct tls_info *i = tls_info(c->engine);

	return ((i->alert_received || i->alert_sent) && i->alert_level == ALERT_FATAL) ||
	    (i->resumed && c->exchanges == 0);
}

static void
forget(struct session *s, const struct connection *c)
{
	struct ticket *ticket = tickets_find(s, c->host, c->key);

	if (ticket != NULL)
		ticket_release(ticket);
}

/* The oldest stands last. */
void
tickets_store(struct session *s, struct connection *c, bool worked)
{
	struct tls_session *session;
	struct ticket *place;
	char *key;

	if (c->engine == NULL || c->stream == NULL || !c->terms->settings->tls.config.resume)
		return;
	if (!worked && is_spoilt(c)) {
		forget(s, c);
		return;
	}
	session = tls_take_session(c->engine);
	if (session == NULL)
		return;
	key = key_of(c->host, c->key);
	place = find(s, key);
	if (place == NULL)
		place = &s->tickets[SESSION_KEPT_TICKETS - 1];
	ticket_release(place);
	memmove(&s->tickets[1], &s->tickets[0], (size_t)(place - s->tickets) * sizeof *place);
	s->tickets[0] = (struct ticket){ key, session, connection_hold(c->first != NULL ? c->first : c) };
}

void
tickets_forget(struct session *s)
{
	for (size_t i = 0; i < SESSION_KEPT_TICKETS; i++)
		ticket_release(&s->tickets[i]);
}

size_t
tickets_count(const struct session *s)
{
	size_t n = 0;

	for (size_t i = 0; i < SESSION_KEPT_TICKETS; i++)
		n += s->tickets[i].session != NULL;
	return n;
}
