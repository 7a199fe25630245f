/*
 * The site's map, and what its pages have in common.
 */
#include "net/lab/site.h"

#include <stdlib.h>
#include <string.h>

void
lab_answer_init(struct answer *a)
{
	memset(a, 0, sizeof *a);
	buf_init(&a->fields, ANSWER_MAX_FIELDS);
	buf_init(&a->body, ANSWER_MAX_BODY);
}

void
lab_answer_release(struct answer *a)
{
	buf_release(&a->fields);
	buf_wipe_release(&a->body);
}

/* RFC 9110 section 15. */
const char *
lab_status_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} rows[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 205, "Reset Content" }, { 206, "Partial Content" }, { 301, "Moved Permanently" },
		{ 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" },
		{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" },
		{ 412, "Precondition Failed" }, { 413, "Content Too Large" }, { 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
		{ 501, "Not Implemented" }, { 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].status == status)
			return rows[i].phrase;
	return "Lab";
}

/* ---- pages ---- */
void
lab_add_escaped(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '&':
			buf_add_str(b, STR("&amp;"));
			break;
		case '<':
			buf_add_str(b, STR("&lt;"));
			break;
		case '>':
			buf_add_str(b, STR("&gt;"));
			break;
		case '"':
			buf_add_str(b, STR("&quot;"));
			break;
		default:
			buf_add_char(b, text.p[i]);
		}
	}
}

void
lab_page_open(struct answer *a, const char *title)
{
	a->type = "text/html; charset=utf-8";
	buf_addf(&a->body, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n", title, title);
}

void
lab_page_close(struct answer *a)
{
	buf_add_str(&a->body, STR("</body>\n</html>\n"));
}

void
lab_answer_error(struct answer *a, int status, const char *detail)
{
	char *title = str_printf("%d %s", status, lab_status_phrase(status));

	a->status = status;
	buf_clear(&a->body);
	lab_page_open(a, title);
	buf_addf(&a->body, "<p class=\"error\">%s</p>\n", detail);
	lab_page_close(a);
	free(title);
}

void
lab_see_other(struct answer *a, int status, const char *location)
{
	char *detail = str_printf("Go on at <a href=\"%s\">%s</a>.", location, location);

	lab_answer_error(a, status, detail);
	buf_addf(&a->fields, "Location: %s\r\n", location);
	free(detail);
}

static void
site_visit_home(struct visit *v)
{
	struct answer *a = v->answer;

	lab_page_open(a, "httpsh lab");
	buf_add_str(&a->body, STR(
	    "<p>A small site to practise on. Nothing here leaves this computer.</p>\n"
	    "<ul id=\"nav\">\n"
	    "<li><a href=\"/login\">Log in</a> as demo with the password secret</li>\n"
	    "<li><a href=\"/results\">Results</a>, for those who are logged in</li>\n"
	    "<li><a href=\"/download/report.csv\">Report</a>, a file to save</li>\n"
	    "<li><a href=\"/private\">Private</a>, behind HTTP authentication</li>\n"
	    "<li><a href=\"/echo\">Echo</a>: the request as it came</li>\n"
	    "<li><a href=\"/redirect/3\">Redirect</a>, three times</li>\n"
	    "<li><a href=\"/status/503\">Status</a>: any from 200 to 599</li>\n"
	    "<li><a href=\"/chunked\">Chunked</a>: a body in chunks, with a trailer field</li>\n"
	    "<li><a href=\"/messy\">Messy</a>: a page to clean</li>\n"
	    "<li><a href=\"/slow\">Slow</a>: a byte a second</li>\n"
	    "<li><a href=\"/logout\">Log out</a></li>\n"
	    "</ul>\n"));
	lab_page_close(a);
}

/* ---- the map ---- */
static const struct route {
	const char *path;
	bool prefix;                    /* and all below it */
	const char *methods;            /* besides OPTIONS; NULL = any */
	void (*visit)(struct visit *v);
} routes[] = {
	{ "/", false, "GET, HEAD", site_visit_home },
	{ "/login", false, "GET, HEAD, POST", site_visit_login },
	{ "/results", false, "GET, HEAD", site_visit_results },
	{ "/download/report.csv", false, "GET, HEAD", site_visit_report },
	{ "/logout", false, "GET, HEAD, POST", site_visit_logout },
	{ "/echo", false, NULL, site_visit_echo },
	{ "/status/", true, NULL, site_visit_status },
	{ "/redirect/", true, NULL, site_visit_redirect },
	{ "/slow", false, "GET, HEAD", site_visit_slow },
	{ "/chunked", false, "GET, HEAD", site_visit_chunked },
	{ "/private", false, "GET, HEAD", site_visit_private },
	{ "/messy", false, "GET, HEAD", site_visit_messy },
};

static const struct route *
find_route(struct str path)
{
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
		if (str_is(path, routes[i].path)
		    || (routes[i].prefix && str_starts(path, str_of(routes[i].path))))
			return &routes[i];
	return NULL;
}

static bool
method_is_among(struct str method, const char *list)
{
	struct str rest = str_of(list);

	while (rest.n > 0)
		if (str_eq(str_trim(str_cut(&rest, ',')), method))
			return true;
	return false;
}

static void
not_found(struct visit *v)
{
	struct answer *a = v->answer;

	a->status = 404;
	lab_page_open(a, "404 Not Found");
	buf_add_str(&a->body, STR("<p class=\"error\">There is no page "));
	lab_add_escaped(&a->body, v->request->path);
	buf_add_str(&a->body, STR(". The <a href=\"/\">home page</a> lists what is here.</p>\n"));
	lab_page_close(a);
}

void
site_answer(struct site *s, const struct request *r, struct answer *a)
{
	struct visit v = { .site = s, .request = r, .answer = a };
	const struct route *route = find_route(r->path);
	const char *methods = route != NULL && route->methods != NULL ? route->methods
	    : "GET, HEAD, POST, PUT, PATCH, DELETE";

	a->status = 200;
	if (route != NULL && route->methods == NULL) {
		v.rest = str_slice(r->path, strlen(route->path), r->path.n);
		route->visit(&v);
	} else if (str_is(r->method, "OPTIONS")) {
		a->status = 204;
		buf_addf(&a->fields, "Allow: %s, OPTIONS\r\n", methods);
	} else if (route == NULL) {
		not_found(&v);
	} else if (!method_is_among(r->method, methods)) {
		lab_answer_error(a, 405, "This page does not take that method.");
		buf_addf(&a->fields, "Allow: %s, OPTIONS\r\n", methods);
	} else {
		route->visit(&v);
	}
	if (a->body.full || a->fields.full)
		lab_answer_error(a, 500, "The answer is too large for the lab.");
}
