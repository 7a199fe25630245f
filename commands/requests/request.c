/* From the words behind a verb to a request: the URL, HTTPie's items, the body. */
#include "commands/requests/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/session/session.h"
#include "commands/settings/settings.h"
#include "net/file.h"
#include "net/http/form.h"
#include "net/http/media.h"
#include "net/json.h"

enum { REQUEST_MAX_FILE = 64 << 20 };

static void
remove_header(struct request *r, const char *name)
{
	r->removed = mem_resize(r->removed, (r->n_removed + 1) * sizeof *r->removed);
	r->removed[r->n_removed++] = str_dup(str_of(name));
}

static void
add_query(struct url *u, const char *name, const char *value)
{
	char *n = url_form_encode(str_of(name)), *v = url_form_encode(str_of(value));
	char *query = str_printf("%s%s%s=%s", u->query != NULL ? u->query : "",
	    u->query != NULL && u->query[0] != '\0' ? "&" : "", n, v);

	free(n);
	str_wipe_free(v);
	free(u->query);
	u->query = query;
}

/* A whole file as the body: sent from the descriptor. */
static int
body_from_file(struct request *r, const char *path, struct error *error)
{
	struct stat st;

	r->body_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->body_fd < 0 || fstat(r->body_fd, &st) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot read %s", path);
	if (S_ISDIR(st.st_mode))
		return fail(error, ERROR_OTHER, EISDIR, "cannot send %s, it is a directory", path);
	r->body_length = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : HTTP_UNTIL_END;
	r->has_body = true;
	r->body_type = media_type_of_file(path);
	return 0;
}

static int
set_type(struct request *r, const char *type, struct error *error)
{
	if (http_headers_get(&r->headers, "Content-Type") != NULL)
		return 0;
	for (size_t i = 0; i < r->n_removed; i++)
		if (strcasecmp(r->removed[i], "Content-Type") == 0)
			return 0;
	return http_headers_set(&r->headers, STR("Content-Type"), str_of(type), error);
}

/* ---- fields as JSON ---- */

int
request_fail_json(const struct item *item, struct error *error)
{
	return fail(error, ERROR_USAGE, 0, "the value of %s is not JSON", item->name);
}

static int
add_json(struct request *r, const struct item *item, struct error *error)
{
	struct buf file;
	struct str value = str_of(item->value);
	int status = 0;

	buf_init(&file, REQUEST_MAX_FILE);
	if (item->kind == ITEM_FIELD_FILE || item->kind == ITEM_JSON_FILE) {
		status = file_read(item->value, &file, error);
		value = buf_str(&file);
	}
	if (status == 0) {
		buf_add_str(&r->body, r->body.len == 0 ? STR("{") : STR(", "));
		json_add_string(&r->body, str_of(item->name));
		buf_add_str(&r->body, STR(": "));
		if (item->kind == ITEM_FIELD || item->kind == ITEM_FIELD_FILE)
			json_add_string(&r->body, value);
		else if (json_is_valid(str_trim(value)))
			buf_add_str(&r->body, str_trim(value));
		else
			status = request_fail_json(item, error);
	}
	buf_release(&file);
	return status;
}

/* ---- fields as a form ---- */

static int
add_text_file(struct form *f, const struct item *item, struct error *error)
{
	struct buf file;
	int status;

	buf_init(&file, REQUEST_MAX_FILE);
	status = file_read(item->value, &file, error);
	if (status == 0)
		status = form_add_typed(f, str_of(item->name), buf_str(&file), item->type, error);
	buf_release(&file);
	return status;
}

static int
add_form(struct form *f, const struct item *item, struct error *error)
{
	if (item->kind == ITEM_FIELD)
		return form_add(f, str_of(item->name), str_of(item->value), error);
	if (item->kind == ITEM_UPLOAD)
		return form_add_file(f, str_of(item->name), item->value, item->filename, item->type, error);
	return add_text_file(f, item, error);
}

static bool
is_multipart_type(const char *name, const char *value)
{
	return strcasecmp(name, "Content-Type") == 0 && str_starts_nocase(str_trim(str_of(value)), STR("multipart/"));
}

/* A multipart type by hand may have a boundary, which is then the body's. */
static void
take_boundary(struct form *f, const struct item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *own = items[i].kind == ITEM_HEADER && is_multipart_type(items[i].name, items[i].value) ?
		    media_parameter(items[i].value, "boundary") :
		    NULL;

		if (own != NULL && own[0] != '\0' && strlen(own) < sizeof f->boundary)
			memcpy(f->boundary, own, strlen(own) + 1);
		free(own);
	}
}

/* One without gets it: nobody could read the body. */
static void
give_boundary(struct request *r, const struct form *f)
{
	for (size_t i = 0; i < r->headers.n; i++) {
		struct http_header *h = &r->headers.items[i];
		char *own = media_parameter(h->value, "boundary"), *longer;

		if (own == NULL && is_multipart_type(h->name, h->value)) {
			longer = str_printf("%s; boundary=%s", h->value, f->boundary);
			free(h->value);
			h->value = longer;
		}
		free(own);
	}
}

static int
take_form(struct request *r, struct form *f, struct error *error)
{
	struct http_body body = { .fd = -1 };

	if (form_finish(f, &body, error) != 0)
		return -1;
	if (body.fd >= 0) {
		r->body_fd = fcntl(body.fd, F_DUPFD_CLOEXEC, 3);
		r->body_length = body.length;
	} else {
		buf_add_str(&r->body, body.bytes);
	}
	r->has_body = true;
	if (f->multipart)
		give_boundary(r, f);
	return set_type(r, f->type, error);
}

/* ---- the items ---- */

struct fields {
	bool json, multipart;
	struct form form;
	size_t n;
};

static int
apply_item(struct request *r, struct fields *f, const struct item *item, struct error *error)
{
	switch (item->kind) {
	case ITEM_HEADER:
		return http_headers_add(&r->headers, str_of(item->name), str_trim(str_of(item->value)), error);
	case ITEM_HEADER_EMPTY:
		return http_headers_add(&r->headers, str_of(item->name), STR(""), error);
	case ITEM_HEADER_REMOVED:
		remove_header(r, item->name);
		return 0;
	case ITEM_QUERY:
		add_query(&r->url, item->name, item->value);
		return 0;
	case ITEM_BODY_FILE:
		return body_from_file(r, item->value, error);
	case ITEM_FIELD:
	case ITEM_FIELD_FILE:
	case ITEM_JSON:
	case ITEM_JSON_FILE:
	case ITEM_UPLOAD:
		break;
	}
	f->n++;
	return f->json ? add_json(r, item, error) : add_form(&f->form, item, error);
}

int
request_items(struct call *call, struct item *items, size_t *n)
{
	for (size_t i = 1; i < call->n_args; i++) {
		if (item_parse(&items[*n], str_of(call->args[i]), call_marks(call, i), call->error) != 0)
			return -1;
		(*n)++;
	}
	return 0;
}

static int
apply_items(struct call *call, struct request *r, const struct item *items, size_t n)
{
	struct fields f = { .json = call_flag(call, "json"), .multipart = call_flag(call, "multipart") };
	struct work work = session_work(call->session, 0);
	int status = 0;

	for (size_t i = 0; i < n; i++) {
		f.json = f.json || (items[i].kind == ITEM_JSON || items[i].kind == ITEM_JSON_FILE);
		f.multipart = f.multipart || items[i].kind == ITEM_UPLOAD;
	}
	form_init(&f.form, f.multipart);
	f.form.work = &work;
	take_boundary(&f.form, items, n);
	for (size_t i = 0; i < n && status == 0; i++)
		status = apply_item(r, &f, &items[i], call->error);
	if (status == 0 && f.json && (f.n > 0 || call->heredoc.p == NULL)) {
		buf_add_str(&r->body, f.n > 0 ? STR("}") : STR("{}"));
		r->has_body = true;
		status = set_type(r, "application/json", call->error);
		if (status == 0 && http_headers_get(&r->headers, "Accept") == NULL)
			status = http_headers_add(&r->headers, STR("Accept"), STR("application/json, */*;q=0.5"),
			    call->error);
	} else if (status == 0 && f.n > 0) {
		status = take_form(r, &f.form, call->error);
	}
	form_release(&f.form);
	if (status == 0 && r->body_type != NULL) /* a Content-Type by hand may stand behind the file */
		status = set_type(r, r->body_type, call->error);
	return status;
}

/* An object or array: a number or word may just as well be a form's. */
static bool
looks_like_json(struct str body)
{
	return body.n > 0 && (body.p[0] == '{' || body.p[0] == '[') && json_is_valid(body);
}

/* The body given with --body or <<EOF. */
static int
raw_body(struct call *call, struct request *r)
{
	const char *given = call_value(call, "body");
	struct str body = given != NULL ? str_of(given) : call->heredoc;

	if (body.p == NULL)
		return 0;
	buf_add_str(&r->body, body);
	r->has_body = true;
	return set_type(r,
	    call_flag(call, "json") || looks_like_json(str_trim(body)) ? "application/json" :
									 "application/x-www-form-urlencoded",
	    call->error);
}

/* "/login", "?page=2", "../x": no host can begin so; "//host/" has one. */
static bool
needs_base(const char *text)
{
	return (text[0] == '/' && text[1] != '/') || (text[0] != '\0' && strchr("?#", text[0]) != NULL) ||
	    strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0;
}

void
request_hint_base(const struct call *call, const char *text)
{
	const struct error *error = call->error;

	/* what getaddrinfo says is negative, errno is not */
	if (session_base(call->session) == NULL && error->kind == ERROR_NETWORK && error->code < 0 &&
	    strpbrk(text, ".:") == NULL)
		remark(call->error,
		    "there is no base URL yet, so this was taken for a host: open https://HOST/ sets one");
}

int
request_url(struct call *call, const char *text, struct url *url)
{
	const struct url *base = session_base(call->session);

	if (base == NULL && needs_base(text)) {
		fail(call->error, ERROR_USAGE, 0, "%s is relative, and there is no base URL yet", text);
		return remark(call->error, "open https://HOST/ sets one, or give the whole URL");
	}
	if (url_parse_typed(url, str_of(text), base, call->error) != 0)
		return -1;
	if (base != NULL)
		url_keep_user(base, url);
	if (!url_is_http(url))
		return fail(call->error, ERROR_USAGE, 0, "httpsh speaks https and http, not %s", url->scheme);
	return 0;
}

int
request_from_call(struct call *call, const char *method, const char *url, struct request *r)
{
	struct item *items = mem_alloc((call->n_args + 1) * sizeof *items);
	size_t n = 0;
	int status;

	request_init(r);
	r->method = str_dup(str_of(method));
	if (call_value(call, "target") != NULL)
		r->target = str_dup(str_of(call_value(call, "target")));
	status = request_url(call, url, &r->url);
	if (status == 0)
		status = request_items(call, items, &n);
	if (status == 0)
		status = apply_items(call, r, items, n);
	if (status == 0)
		status = raw_body(call, r);
	/* a method that means to send something says so also when it is nothing */
	if (status == 0 && !r->has_body &&
	    (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0))
		r->has_body = true;
	if (r->body.full)
		status = fail(call->error, ERROR_LIMIT, 0, "a body above %d bytes; =@FILE sends a file of any size",
		    REQUEST_MAX_BODY);
	for (size_t i = 0; i < n; i++)
		item_release(&items[i]);
	free(items);
	return status;
}
