/*
 * The site's map: which path leads to which page.
 */
#include "net/lab/site.h"

#include <stdlib.h>
#include <string.h>

static void
site_visit_home(struct visit *v)
{
	struct answer *a = v->answer;

	lab_page_open(a, "httpsh lab");
	buf_add_str(&a->body,
	    STR("<p>A small site to practise on. Nothing here leaves this computer.</p>\n"
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
	bool prefix;         /* and all below it */
	const char *methods; /* besides OPTIONS; NULL = any */
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
		if (str_is(path, routes[i].path) || (routes[i].prefix && str_starts(path, str_of(routes[i].path))))
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
site_answer(struct site *s, const struct lab_request *r, struct answer *a)
{
	struct visit v = { .site = s, .request = r, .answer = a };
	const struct route *route = find_route(r->path);
	const char *methods =
	    route != NULL && route->methods != NULL ? route->methods : "GET, HEAD, POST, PUT, PATCH, DELETE";

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
