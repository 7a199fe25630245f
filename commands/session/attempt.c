/* An attempt: TCP, then TLS, under given terms; all that comes of it is in the connection. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "commands/session/connection.h"
#include "commands/session/connection_tls.h"
#include "commands/session/lab.h"
#include "commands/settings/values.h"

char *
connection_key_of(const struct settings *settings, struct str origin)
{
	char *wire = settings_wire_key(settings), *key = str_printf("%.*s\n%s", STR_ARG(origin), wire);

	free(wire);
	return key;
}

char *
connection_key(const struct settings *settings, const struct url *url)
{
	char *origin = url_origin(url), *key = connection_key_of(settings, str_of(origin));

	free(origin);
	return key;
}

static int
connect_tcp(struct connection *c, const char *answered, struct error *error)
{
	const struct set_values *set = &c->terms->settings->set;
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	struct tcp_override rows[SETTINGS_OVERRIDES + 1];
	struct tcp_options options = {
		.overrides = rows,
		.family = families[set->family],
		.wait = terms_wait(c->terms, set->connect_timeout_ms),
		.observer = c->terms->observer,
		.answered = answered,
		.zone = c->zone,
		.max_segment = (unsigned)set->max_segment,
	};

	/* the lab's row first: `set resolve` for a name of the lab wins */
	if (lab_override(c->terms->lab, c->host, c->port, rows, error) < 0)
		return -1;
	if (rows[0].host != NULL)
		options.n_overrides++;
	memcpy(rows + options.n_overrides, set->overrides, set->n_overrides * sizeof *rows);
	options.n_overrides += set->n_overrides;
	options.wait.idle_us = 0;
	c->tcp = tcp_connect(c->host, c->port, &options, &c->tcp_timing, error);
	if (c->tcp == NULL)
		return -1;
	c->stream = c->tcp;
	c->address = str_dup(str_of(tcp_address(c->tcp)));
	c->address_port = tcp_port(c->tcp);
	return 0;
}

struct connection *
connection_attempt(const struct terms *terms, const struct url *url, const struct known *known)
{
	struct connection *c = mem_alloc(sizeof *c);
	struct error error = { .kind = ERROR_NONE };

	*c = (struct connection){
		.references = 1,
		.terms = terms,
		.key = connection_key(terms->settings, url),
		.host = url_host_plain(url),
		.zone = url->zone != NULL ? str_dup(str_of(url->zone)) : NULL,
		.port = url_port(url),
		.target = url_request_target(url),
	};
	if (connect_tcp(c, known->address, &error) != 0 ||
	    (url_is_https(url) && connection_start_tls(c, known, &error) != 0))
		c->failure = error;
	else
		c->ready_us = now_us();
	return c;
}
