/*
 * Connections: a small pool of kept ones by origin and settings; new ones stacked TCP, then TLS.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "commands/session/lab.h"
#include "commands/session/state.h"

struct wait
session_wait(const struct session *s, int64_t limit_ms)
{
	int64_t deadline = limit_ms > 0 ? now_us() + limit_ms * 1000 : 0;

	if (s->deadline_us > 0 && (deadline == 0 || s->deadline_us < deadline))
		deadline = s->deadline_us;
	return (struct wait){
		.deadline_us = deadline,
		.idle_us = s->settings.set.timeout_ms * 1000,
		.interrupted = s->interrupted,
	};
}

struct connection *
connection_hold(struct connection *c)
{
	c->references++;
	return c;
}

static void
connection_free(struct connection *c)
{
	stream_free(c->stream);
	if (c->stream == NULL)
		tls_free(c->engine);
	if (c->copied != NULL)
		tls_info_free(c->copied);
	connection_drop(c->first);
	x509_verdict_release(&c->verdict);
	free(c->key);
	free(c->host);
	free(c->target);
	free(c->address);
	free(c->trust);
	free(c->alpn);
	free(c);
}

void
connection_drop(struct connection *c)
{
	if (c != NULL && --c->references == 0)
		connection_free(c);
}

void
connection_close(struct connection *c)
{
	if (c->stream == NULL)
		return;
	tcp_facts_read(tcp_fd(c->tcp), &c->tcp_facts);
	if (c->engine != NULL)
		c->copied = tls_info_copy(tls_info(c->engine));
	/* the goodbye is sent, but not waited for: the peer may have stopped reading */
	tcp_set_wait(c->tcp, &(struct wait){ .idle_us = 1 });
	stream_free(c->stream);
	c->stream = c->tcp = NULL;
	c->engine = NULL;
}

const struct tls_info *
connection_tls(const struct connection *c)
{
	return c->engine != NULL ? tls_info(c->engine) : c->copied;
}

struct tcp_facts
connection_tcp(const struct connection *c)
{
	struct tcp_facts facts = c->tcp_facts;

	if (c->tcp != NULL)
		tcp_facts_read(tcp_fd(c->tcp), &facts);
	return facts;
}

struct x509_cert *const *
connection_chain(const struct connection *c, size_t *n)
{
	const struct tls_info *info = connection_tls(c);

	if (info != NULL && info->n_chain == 0 && c->first != NULL)
		info = connection_tls(c->first);
	*n = info != NULL ? info->n_chain : 0;
	return info != NULL ? info->chain : NULL;
}

/* ---- the pool ---- */
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
	tcp_set_wait(c->tcp, &(struct wait){ .idle_us = s->settings.set.timeout_ms * 1000, .interrupted = s->interrupted });
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

/* ---- new ones ---- */
static int
connect_tcp(struct session *s, struct connection *c, struct error *error)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	struct tcp_override rows[SETTINGS_OVERRIDES + 1];
	struct tcp_options options = {
		.overrides = rows,
		.family = families[s->settings.set.family],
		.wait = session_wait(s, s->settings.set.connect_timeout_ms),
		.observer = &s->observer,
		.max_segment = (unsigned)s->settings.set.max_segment,
	};

	/* the lab's row first: `set resolve` for a name of the lab wins */
	if (lab_override(s, c->host, c->port, rows, error) < 0)
		return -1;
	if (rows[0].host != NULL)
		options.n_overrides++;
	memcpy(rows + options.n_overrides, s->settings.set.overrides, s->settings.set.n_overrides * sizeof *rows);
	options.n_overrides += s->settings.set.n_overrides;
	options.wait.idle_us = 0;
	if (s->attempt != NULL && strcmp(s->attempt->host, c->host) == 0)
		options.answered = s->attempt->address;
	c->tcp = tcp_connect(c->host, c->port, &options, &c->tcp_timing, error);
	if (c->tcp == NULL)
		return -1;
	c->stream = c->tcp;
	c->address = str_dup(str_of(tcp_address(c->tcp)));
	c->address_port = tcp_port(c->tcp);
	return 0;
}

static char *
key_of(const struct session *s, struct str origin)
{
	char *settings = settings_wire_key(&s->settings), *key = str_printf("%.*s\n%s", STR_ARG(origin), settings);

	free(settings);
	return key;
}

void
connection_rekey(struct connection *c)
{
	struct str rest = str_of(c->key);
	char *key = key_of(c->session, str_cut(&rest, '\n'));

	free(c->key);
	c->key = key;
}

struct connection *
connection_open(struct session *s, const struct url *url, bool fresh, bool *reused, struct error *error)
{
	char *origin = url_origin(url), *key = key_of(s, str_of(origin));
	struct connection *c = fresh ? NULL : take_kept(s, key);

	free(origin);
	*reused = c != NULL;
	if (c == NULL) {
		struct error mine = { .kind = ERROR_NONE };

		c = mem_alloc(sizeof *c);
		*c = (struct connection){ .references = 1, .session = s, .key = str_dup(str_of(key)),
			.host = url_host_plain(url), .port = url_port(url), .target = url_request_target(url) };
		if (connect_tcp(s, c, &mine) != 0 || (url_is_https(url) && connection_start_tls(s, c, &mine) != 0)) {
			c->failure = mine;
			if (error != NULL)
				*error = mine;
		} else {
			c->ready_us = now_us();
		}
		attempts_note(s, c);
	}
	free(key);
	connection_drop(s->attempt);
	s->attempt = connection_hold(c);
	if (c->failure.kind == ERROR_NONE)
		return c;
	connection_drop(c);
	return NULL;
}
