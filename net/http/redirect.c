/* Where a redirect leads and what it makes of the request. */
#include "net/http/redirect.h"

#include <string.h>

static bool
redirect_is_status(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* RFC 9110 sections 15.4.2 to 15.4.9. */
static void
choose_method(struct redirect *r, unsigned status, const char *method)
{
	bool to_get = (status == 303 && strcmp(method, "HEAD") != 0) ||
	    ((status == 301 || status == 302) && strcmp(method, "POST") == 0);

	r->method = to_get ? "GET" : method;
	r->drop_body = to_get;
}

int
redirect_next(struct redirect *r, const struct http_response *response, const char *method, const struct url *from,
    struct error *error)
{
	const char *location = http_headers_get(&response->headers, "Location");
	struct error reason = { 0 };
	char shown[160];
	struct buf text;

	*r = (struct redirect){ 0 };
	url_init(&r->url);
	if (!redirect_is_status(response->status) || location == NULL || str_trim(str_of(location)).n == 0)
		return 0;
	buf_init(&text, 0);
	url_hide_user(str_of(location), &text);
	str_printable(buf_str(&text), shown, sizeof shown);
	buf_release(&text);
	if (url_parse_bytes(&r->url, str_of(location), from, &reason) != 0)
		return fail(error, ERROR_HTTP, (int)response->status, "cannot follow %u to \"%s\": %s",
		    response->status, shown, reason.text);
	if (!url_is_http(&r->url)) {
		url_release(&r->url);
		return fail(error, ERROR_HTTP, (int)response->status,
		    "cannot follow %u to \"%s\": neither http nor https", response->status, shown);
	}
	/* RFC 9110 section 10.2.2: "If the Location value provided in a 3xx response does not have a fragment
	 * component, a user agent MUST process the redirection as if the value inherits the fragment component of the
	 * URI reference used to generate the target URI." */
	if (r->url.fragment == NULL && from->fragment != NULL)
		r->url.fragment = str_dup(str_of(from->fragment));
	choose_method(r, response->status, method);
	r->cross_origin = !url_same_origin(from, &r->url);
	r->downgrade = url_is_https(from) && !url_is_https(&r->url);
	return 1;
}

void
redirect_release(struct redirect *r)
{
	url_release(&r->url);
	*r = (struct redirect){ 0 };
	url_init(&r->url);
}

bool
redirect_drops_header(const char *name)
{
	return str_starts_nocase(str_of(name), STR("Content-")) || str_is_nocase(str_of(name), "Transfer-Encoding") ||
	    str_is_nocase(str_of(name), "Trailer") || str_is_nocase(str_of(name), "Expect");
}
