/* The session's connections: a few are kept for the next request to their origin under the same settings; else a new
 * attempt, of which the session keeps what stays: the last attempt, a note of it, a rule that a person gave. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

static struct connection *
take_kept(struct session *s, const char *key)
{
	for (size_t i = 0; i < SESSION_KEPT_CONNECTIONS; i++) {
		struct connection *c = s->kept[i];

		if (c == NULL || strcmp(c->key, key) != 0)
			continue;
		s->kept[i] = NULL;
		if (stream_idle_ok(c->stream))
			return c;
		connection_close(c);
		connection_drop(c);
	}
	return NULL;
}

void
connection_keep(struct session *s, struct connection *c)
{
	size_t place = 0;

	for (size_t i = 0; i < SESSION_KEPT_CONNECTIONS; i++) {
		if (s->kept[i] == NULL) {
			place = i;
			break;
		}
		if (s->kept[i]->used_us < s->kept[place]->used_us)
			place = i;
	}
	if (s->kept[place] != NULL) {
		connection_close(s->kept[place]);
		connection_drop(s->kept[place]);
	}
	c->used_us = now_us();
	/* the deadline of the exchange is not that of the next one */
	tcp_set_wait(c->tcp,
	    &(struct wait){ .idle_us = s->settings.set.timeout_ms * 1000, .interrupted = s->limits.interrupted });
	s->kept[place] = connection_hold(c);
}

void
connections_close_all(struct session *s)
{
	for (size_t i = 0; i < SESSION_KEPT_CONNECTIONS; i++) {
		if (s->kept[i] != NULL) {
			connection_close(s->kept[i]);
			connection_drop(s->kept[i]);
		}
		s->kept[i] = NULL;
	}
}

/* What a person said: the key is the host's from now on. The connection belongs to the settings as they are then, so
 * that, when the rule is taken back, nothing that it allowed is used again. */
int
connection_keep_rule(struct session *s, struct connection *c, struct error *error)
{
	char *row, *key;
	struct str rest = str_of(c->key), origin = str_cut(&rest, '\n');
	int status;

	if (c->pin == NULL)
		return 0;
	row = str_printf("%s %s", c->host, c->pin);
	status =
	    setting_set(&s->settings, setting_find("trust", STR("host"), NULL), str_of(row), ORIGIN_COMMAND, error);
	free(row);
	free(c->pin);
	c->pin = NULL;
	if (status != 0)
		return -1;
	key = connection_key_of(&s->settings, origin); /* origin is a view of the old one */
	free(c->key);
	c->key = key;
	return 0;
}

/* A new one, with what is known from before; what it brought is kept. */
static struct connection *
open_new(struct session *s, const struct url *url, const char *key)
{
	char *host = url_host_plain(url);
	struct ticket *ticket = s->settings.tls.config.resume ? tickets_find(s, host, key) : NULL;
	struct known known = {
		.address = s->attempt != NULL && strcmp(s->attempt->host, host) == 0 ? s->attempt->address : NULL,
	};
	struct connection *c;

	if (ticket != NULL) {
		known.session = ticket->session;
		known.origin = ticket->origin;
	}
	c = connection_attempt(&s->terms, url, &known);
	if (ticket != NULL && c->engine != NULL && c->failure.kind != ERROR_NONE)
		ticket_release(ticket);
	if (connection_keep_rule(s, c, &c->failure) != 0)
		connection_close(c);
	attempts_note(s, c);
	free(host);
	return c;
}

struct connection *
connection_open(struct session *s, const struct url *url, bool fresh, bool *reused, struct error *error)
{
	char *key = connection_key(&s->settings, url);
	struct connection *c = fresh ? NULL : take_kept(s, key);

	*reused = c != NULL;
	if (c == NULL)
		c = open_new(s, url, key);
	free(key);
	connection_drop(s->attempt);
	s->attempt = connection_hold(c);
	if (c->failure.kind == ERROR_NONE)
		return c;
	if (error != NULL)
		*error = c->failure;
	connection_drop(c);
	return NULL;
}
