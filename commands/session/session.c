/* A session, from its beginning to its end: what others ask of it, the last page, the base URL. */
#include "commands/session/session.h"

#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

static void
on_event(void *context, const struct event *event)
{
	struct session *s = context;

	if (event->kind == EVENT_HTTP_REQUEST) {
		str_wipe_free(s->sent_head);
		s->sent_head = str_dup(event->data);
	} else if (event->kind == EVENT_HTTP_BODY && s->hooks.progress != NULL) {
		s->hooks.progress(s->hooks.context, event->done, event->total);
	}
	if (s->hooks.event != NULL)
		s->hooks.event(s->hooks.context, event);
}

struct session *
session_new(void)
{
	struct session *s = mem_alloc(sizeof *s);

	jar_init(&s->jar);
	url_init(&s->base);
	s->observer = (struct observer){ on_event, s };
	s->terms = (struct terms){ &s->settings, &s->lab, &s->hooks, &s->observer, &s->limits };
	settings_init(&s->settings);
	return s;
}

void
exchange_release(struct exchange *x)
{
	page_free(x->page);
	free(x->method);
	url_release(&x->url);
	str_wipe_free(x->request_head);
	if (x->kept_body != NULL)
		mem_wipe(x->kept_body, x->request_body.n);
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
	if (s->last != NULL)
		exchange_release(s->last);
	free(s->last);
	connections_close_all(s);
	tickets_forget(s);
	connection_drop(s->attempt);
	attempts_release(s);
	session_lab_stop(s);
	jar_release(&s->jar);
	for (size_t i = 0; i < s->n_headers; i++)
		sticky_header_release(&s->headers[i]);
	free(s->headers);
	index_release(&s->header_names);
	credentials_release(&s->auth);
	url_release(&s->base);
	for (size_t i = 0; i < s->n_visited; i++)
		free(s->visited[i]);
	free(s->visited);
	str_wipe_free(s->sent_head);
	session_store_free(s);
	settings_release(&s->settings);
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

/* ---- for the shell ---- */
void
session_set_interrupt(struct session *s, const volatile sig_atomic_t *flag)
{
	s->limits.interrupted = flag;
}

void
session_set_hooks(struct session *s, const struct session_hooks *hooks)
{
	s->hooks = *hooks;
}

const struct terms *
session_terms(const struct session *s)
{
	return &s->terms;
}

struct settings *
session_settings(struct session *s)
{
	return &s->settings;
}

struct jar *
session_jar(struct session *s)
{
	return &s->jar;
}

const struct url *
session_base(const struct session *s)
{
	return s->has_base ? &s->base : NULL;
}

struct connection *
session_attempt(const struct session *s)
{
	return s->attempt;
}

struct exchange *
session_last(const struct session *s)
{
	return s->last;
}

bool
session_loading(const struct session *s)
{
	return s->loading;
}

bool
session_interrupted(const struct session *s)
{
	return s->limits.interrupted != NULL && *s->limits.interrupted != 0;
}

const char *
session_visited_url(const struct session *s, size_t i)
{
	return i < s->n_visited ? s->visited[i] : NULL;
}

void
session_visit(struct session *s, const struct url *url)
{
	char *text = url_shown(url, false);

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
	return s->last != NULL && s->last->response.status != 0;
}

bool
session_unanswered(const struct session *s)
{
	return s->unanswered;
}

bool
session_has_page(const struct session *s)
{
	return session_has_response(s) && (s->last->done || s->settings.set.partial) && s->last->body.length > 0;
}

struct work
session_work(const struct session *s, int64_t limit_ms)
{
	int64_t ms = s->settings.set.max_time_ms;

	if (ms == 0 || (limit_ms > 0 && limit_ms < ms))
		ms = limit_ms;
	return (struct work){ .left = SESSION_WORK,
		.deadline_us = ms > 0 ? now_us() + ms * 1000 : 0,
		.interrupted = s->limits.interrupted };
}

struct page *
session_page(struct session *s, struct work *work, struct error *error)
{
	struct exchange *x = s->last;
	struct error why = { .kind = ERROR_NONE };
	struct str bytes;

	if (!session_has_page(s)) {
		fail(error, ERROR_OTHER, 0, "no page is loaded");
		remark(error, "\"get URL\" fetches one");
		return NULL;
	}
	if (x->page != NULL || (x->page_error.kind == ERROR_NONE && body_store_view(&x->body, &bytes, error) != 0))
		return x->page;
	if (x->page_error.kind == ERROR_NONE)
		x->page = page_new(bytes, http_headers_get(&x->response.headers, "Content-Type"), work, &why);
	else
		why = x->page_error;
	if (work == NULL || work->ended == WORK_GOES_ON)
		x->page_error = why;
	if (x->page == NULL && error != NULL)
		*error = why;
	return x->page;
}
