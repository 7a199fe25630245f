/*
 * Pages to try a client with.
 */
#include <stdlib.h>

#include "net/lab/site.h"

enum { STATUS_FIRST = 200, STATUS_LAST = 599, MAX_REDIRECTS = 100, CREDENTIALS_MAX = 256 };

void
site_visit_echo(struct visit *v)
{
	v->answer->type = "text/plain; charset=utf-8";
	buf_add_str(&v->answer->body, v->request->head);
	buf_add_str(&v->answer->body, STR("\r\n\r\n"));
	buf_add_str(&v->answer->body, buf_str(&v->request->body));
}

void
site_visit_status(struct visit *v)
{
	struct answer *a = v->answer;
	uint64_t status;

	if (!str_to_u64(v->rest, STATUS_LAST, &status) || status < STATUS_FIRST) {
		lab_answer_error(a, 404, "A status from 200 to 599 is asked for as /status/503.");
		return;
	}
	if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
		lab_see_other(a, (int)status, "/");
		return;
	}
	lab_answer_error(a, (int)status, status < 400 ? "As you asked." : "An error, as you asked.");
	if (status == 401)
		buf_add_str(&a->fields, STR("WWW-Authenticate: Basic realm=\"lab\", charset=\"UTF-8\"\r\n"));
	if (status == 405)
		buf_add_str(&a->fields, STR("Allow: GET, HEAD\r\n"));
	if (status == 429 || status == 503)
		buf_add_str(&a->fields, STR("Retry-After: 1\r\n"));
}

void
site_visit_redirect(struct visit *v)
{
	uint64_t left;
	char *to;

	if (!str_to_u64(v->rest, MAX_REDIRECTS, &left)) {
		lab_answer_error(v->answer, 404, "The number of redirects is asked for as /redirect/3; at most 100.");
		return;
	}
	to = left > 1 ? str_printf("/redirect/%u", (unsigned)left - 1) : str_dup(STR("/"));
	lab_see_other(v->answer, 302, to);
	free(to);
}

void
site_visit_slow(struct visit *v)
{
	v->answer->type = "text/plain; charset=utf-8";
	v->answer->slow = true;
}

void
site_visit_chunked(struct visit *v)
{
	v->answer->type = "text/plain; charset=utf-8";
	v->answer->chunked = true;
	for (unsigned i = 1; i <= 100; i++)
		buf_addf(&v->answer->body, "line %u of a body that came in chunks\n", i);
}

static bool
credentials_fit(struct str field)
{
	char text[CREDENTIALS_MAX];
	struct str scheme = str_cut(&field, ' ');
	size_t n;

	return str_is_nocase(scheme, "Basic") && lab_base64_decode(str_trim(field), text, sizeof text, &n) &&
	    str_is(str_from(text, n), LAB_USER ":" LAB_PASSWORD);
}

void
site_visit_private(struct visit *v)
{
	if (!credentials_fit(lab_request_header(v->request, "Authorization"))) {
		lab_answer_error(v->answer, 401,
		    "This page wants HTTP authentication: user <code>demo</code>, password <code>secret</code>.");
		buf_add_str(&v->answer->fields, STR("WWW-Authenticate: Basic realm=\"lab\", charset=\"UTF-8\"\r\n"));
		return;
	}
	lab_page_open(v->answer, "Private");
	buf_add_str(&v->answer->body, STR("<p id=\"user\">Authenticated as demo.</p>\n"));
	lab_page_close(v->answer);
}

void
site_visit_messy(struct visit *v)
{
	v->answer->type = "text/html; charset=utf-8";
	buf_add_str(&v->answer->body,
	    STR("<title>Messy</title>\n"
		"<h1 id=top>Caf\xc3\xa9 &amp; bar<h2>Menu</h1>\n"
		"<p>Prices <b>today <i>only</b></i>\n"
		"<table id=menu><tr><td class=item>Tea<td class=price>2.50\n"
		"<tr><td class=item>Cake<td class=price>3.80</table>\n"
		"<ul><li>open<li>closed on Mondays\n"
		"<img src=cup.png><a href='/results?page=2&sort=price'>results</a>\n"));
}
