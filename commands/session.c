#include "commands/session.h"

#include <stdlib.h>
#include <string.h>

#include "commands/lab_session.h"
#include "commands/session_private.h"

static void
on_event(void *context, const struct event *event)
{
	struct session *s = context;

	if (event->kind == EVENT_HTTP_REQUEST) {
		free(s->sent_head);
		s->sent_head = str_dup(event->data);
	} else if (event->kind == EVENT_HTTP_BODY) {
		report_progress(s, event->done, event->total);
	}
	if (s->tls.trace != TRACE_OFF && s->chatter != NULL)
		trace_event(s, event);
}

struct session *
session_new(void)
{
	struct session *s = mem_alloc(sizeof *s);

	jar_init(&s->jar);
	url_init(&s->base);
	s->columns = 80;
	s->observer = (struct observer){ on_event, s };
	settings_init(s);
	return s;
}

void
exchange_release(struct exchange *x)
{
	page_free(x->page);
	free(x->method);
	url_release(&x->url);
	free(x->request_head);
	free(x->kept_body);
	http_response_release(&x->response);
	body_store_release(&x->body);
	connection_drop(x->connection);
	*x = (struct exchange){ .method = NULL };
	body_store_init(&x->body);
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	if (s->has_last)
		exchange_release(&s->last);
	connections_close_all(s);
	tls_memory_forget(s);
	connection_drop(s->attempt);
	attempts_release(s);
	lab_session_free(s);
	jar_release(&s->jar);
	for (size_t i = 0; i < s->n_headers; i++) {
		free(s->headers[i].name);
		free(s->headers[i].value);
		free(s->headers[i].origin);
	}
	free(s->headers);
	credentials_release(&s->auth);
	url_release(&s->base);
	for (size_t i = 0; i < s->n_visited; i++)
		free(s->visited[i]);
	free(s->visited);
	free(s->sent_head);
	session_store_free(s);
	settings_release(s);
	free(s);
}

/* ---- for the prompt ---- */
char *
session_prompt_place(const struct session *s)
{
	char *host, *place, *shown;
	size_t size;

	if (!s->has_base || s->base.host == NULL)
		return str_dup(STR(""));
	host = url_host_header(&s->base);
	place = str_printf("%s%s%s", url_is_https(&s->base) ? "" : "http://", host,
	    strcmp(s->base.path, "/") == 0 ? "" : s->base.path);
	size = strlen(place) * 4 + 1;
	shown = mem_alloc(size);
	str_printable(str_of(place), shown, size);
	free(host);
	free(place);
	return shown;
}

static void
add_danger(struct buf *out, const char *what, const char *value)
{
	buf_addf(out, "%s%s%s", out->len > 0 ? ", " : "", what, value);
}

char *
session_prompt_dangers(const struct session *s)
{
	const struct tls_config *c = &s->tls.config;
	char *host = s->has_base && s->base.host != NULL ? url_host_plain(&s->base) : NULL;
	struct buf out;

	buf_init(&out, 0);
	if (s->trust.mode == TRUST_OFF)
		add_danger(&out, "trust off", "");
	for (size_t i = 0; i < s->trust.n_hosts && host != NULL; i++)
		if (s->trust.hosts[i].off && strcmp(s->trust.hosts[i].host, host) == 0)
			add_danger(&out, "trust host off", "");
	free(host);
	if (!s->trust.staple)
		add_danger(&out, "trust staple off", "");
	if (s->trust.sha1)
		add_danger(&out, "trust sha1", "");
	if (s->trust.min_rsa < 2048)
		add_danger(&out, "weak RSA", "");
	if (c->versions_set)
		add_danger(&out, "tls ", setting_text(s, setting_find("tls", STR("proto"), NULL)));
	for (size_t i = 0; i < c->n_suites; i++) {
		const struct tls_suite_info *suite = tls_suite_find(c->suites[i]);

		if (suite != NULL && suite->legacy) {
			add_danger(&out, "legacy ciphers", "");
			break;
		}
	}
	if (c->no_record_split)
		add_danger(&out, "record-split off", "");
	if (c->min_dh_bits < 1024)
		add_danger(&out, "weak DH", "");
	if (s->tls.profile != NULL)
		buf_addf(&out, "%sas %s%s", out.len > 0 ? ", " : "", s->tls.profile, s->tls.profile_changed ? ", changed" : "");
	if (strcmp(s->tls.keylog, "off") != 0)
		add_danger(&out, "keylog", "");
	if (s->set.follow_insecure)
		add_danger(&out, "follow-insecure", "");
	if (out.len == 0) {
		buf_release(&out);
		return NULL;
	}
	return buf_take(&out);
}

/* ---- for the shell ---- */
void
session_set_interrupt(struct session *s, const volatile sig_atomic_t *flag)
{
	s->interrupted = flag;
}

void
session_set_terminal(struct session *s, bool terminal, bool colour, unsigned columns)
{
	s->terminal = terminal;
	s->colour = colour;
	s->columns = columns > 0 ? columns : 80;
}

void
session_set_shown(struct session *s, const FILE *shown)
{
	s->shown = shown;
}

void
session_set_ask(struct session *s, int (*ask)(void *context, const char *prompt, bool echo, struct buf *answer), void *context)
{
	s->ask = ask;
	s->ask_context = context;
}

const char *
session_setting(const struct session *s, const char *name)
{
	const struct setting *row = setting_find("set", str_of(name), NULL);

	return row != NULL ? setting_text(s, row) : "";
}

bool
session_setting_on(const struct session *s, const char *name)
{
	return strcmp(session_setting(s, name), "on") == 0;
}

const char *
session_visited_url(const struct session *s, size_t i)
{
	return i < s->n_visited ? s->visited[i] : NULL;
}

void
session_visit(struct session *s, const struct url *url)
{
	char *text = url_text_no_fragment(url);

	for (size_t i = 0; i < s->n_visited; i++)
		if (strcmp(s->visited[i], text) == 0) {
			free(text);
			return;
		}
	if (s->n_visited == SESSION_VISITED) {
		free(s->visited[0]);
		memmove(s->visited, s->visited + 1, --s->n_visited * sizeof *s->visited);
	}
	s->visited = mem_resize(s->visited, (s->n_visited + 1) * sizeof *s->visited);
	s->visited[s->n_visited++] = text;
}

void
session_set_base(struct session *s, const struct url *url)
{
	struct url copy;

	url_init(&copy);
	url_copy(&copy, url);
	url_release(&s->base);
	s->base = copy;
	s->has_base = true;
}

bool
session_has_response(const struct session *s)
{
	return s->has_last && s->last.response.status != 0;
}

bool
session_unanswered(const struct session *s)
{
	return s->unanswered;
}

bool
session_has_page(const struct session *s)
{
	return session_has_response(s) && s->last.done && s->last.body.length > 0;
}

struct work
session_work(const struct session *s, int64_t limit_ms)
{
	int64_t ms = s->set.max_time_ms;

	if (ms == 0 || (limit_ms > 0 && limit_ms < ms))
		ms = limit_ms;
	return (struct work){ .left = SESSION_WORK, .deadline_us = ms > 0 ? now_us() + ms * 1000 : 0,
		.interrupted = s->interrupted };
}

struct page *
session_page(struct session *s, struct work *work, struct error *error)
{
	struct str bytes;

	if (!session_has_page(s)) {
		fail(error, ERROR_OTHER, 0, "no page is loaded");
		hint(error, "get URL");
		return NULL;
	}
	if (s->last.page == NULL && body_store_view(&s->last.body, &bytes, error) == 0)
		s->last.page = page_new(bytes, http_headers_get(&s->last.response.headers, "Content-Type"), work, error);
	return s->last.page;
}
