/* What is wrong with the words of a request, whatever the session holds. */
#include <stdlib.h>

#include "commands/command.h"
#include "commands/requests/request.h"
#include "commands/session/session.h"
#include "net/json.h"

/* What the items make of the body. */
struct parts {
	bool json;
	size_t fields, files; /* files: each a body of its own */
};

static bool
is_field(const struct item *item)
{
	return item->kind == ITEM_FIELD || item->kind == ITEM_FIELD_FILE || item->kind == ITEM_JSON ||
	    item->kind == ITEM_JSON_FILE || item->kind == ITEM_UPLOAD;
}

static struct parts
parts_of(const struct call *call, const struct item *items, size_t n)
{
	struct parts p = { .json = call_flag(call, "json") };

	for (size_t i = 0; i < n; i++) {
		p.json = p.json || items[i].kind == ITEM_JSON || items[i].kind == ITEM_JSON_FILE;
		p.fields += is_field(&items[i]);
		p.files += items[i].kind == ITEM_BODY_FILE;
	}
	return p;
}

/* What would be found when it is sent; only --check asks. */
static int
check_value(const struct item *item, struct error *error)
{
	struct http_headers headers = { NULL, 0 };
	int status = 0;

	if (item->kind == ITEM_HEADER)
		status = http_headers_add(&headers, str_of(item->name), str_trim(str_of(item->value)), error);
	else if (item->kind == ITEM_HEADER_EMPTY)
		status = http_headers_add(&headers, str_of(item->name), STR(""), error);
	else if (item->kind == ITEM_JSON && !json_is_valid(str_trim(str_of(item->value))))
		status = request_fail_json(item, error);
	http_headers_release(&headers);
	return status;
}

static int
check_items(struct call *call, const struct item *items, size_t n)
{
	struct parts p = parts_of(call, items, n);
	bool given = call_value(call, "body") != NULL || call->heredoc.p != NULL;
	bool made = p.fields > 0 || (p.json && p.files == 0 && call->heredoc.p == NULL);
	struct error *error = call->error;

	for (size_t i = 0; i < n; i++) {
		const struct item *item = &items[i];

		if (p.json && item->kind == ITEM_UPLOAD)
			return fail(error, ERROR_USAGE, 0,
			    "a file cannot be uploaded as JSON; %s=@FILE puts its text there", item->name);
		if (p.json && (item->type != NULL || item->filename != NULL))
			return fail(error, ERROR_USAGE, 0, "%s=@%s: JSON has neither type nor filename", item->name,
			    item->value);
		if (call->checking && call_known(call, i + 1) && check_value(item, error) != 0)
			return -1;
	}
	if (p.files + made + given > 1)
		return fail(error, ERROR_USAGE, 0, "the request has two bodies");
	return 0;
}

/* What behind it is relative needs a base, and this is one. */
static int
check_url(struct call *call, const char *text)
{
	struct url url;
	int status = 0;

	url_init(&url);
	if (call_known(call, 0))
		status = request_url(call, text, &url);
	else if (session_base(call->session) == NULL)
		status = url_parse(&url, STR("https://unknown.invalid/"), NULL, call->error);
	if (status == 0 && url.host != NULL)
		session_set_base(call->session, &url);
	url_release(&url);
	return status;
}

int
request_check(struct call *call, const char *method)
{
	struct item *items = mem_alloc((call->n_args + 1) * sizeof *items);
	const char *target = call_value_known(call, "target") ? call_value(call, "target") : NULL;
	size_t n = 0;
	int status = 0;

	if (call->checking)
		status = check_url(call, call->args[0]);
	if (status == 0 && call->checking && method != NULL)
		status = http_check_line(method, target != NULL ? target : "/", call->error);
	if (status == 0)
		status = request_items(call, items, &n);
	if (status == 0)
		status = check_items(call, items, n);
	for (size_t i = 0; i < n; i++)
		item_release(&items[i]);
	free(items);
	return status;
}
