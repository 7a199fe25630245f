/*
 * The pages a person logs in for: form, table over three pages, download.
 */
#include <string.h>

#include "net/lab/site.h"

enum { PAGES = 3, ROWS = 4, FIELD_SIZE = 256 };

static const struct {
	const char *item, *price;
	unsigned stock;
} goods[PAGES * ROWS] = {
	{ "Copper kettle", "24.90", 12 },
	{ "Garden hose, 20 m", "18.50", 40 },
	{ "Desk lamp", "39.00", 7 },
	{ "Wool blanket", "54.25", 3 },
	{ "Tea pot", "16.75", 21 },
	{ "Tool box", "44.10", 9 },
	{ "Bicycle pump", "12.30", 33 },
	{ "Rain coat", "61.00", 5 },
	{ "Kitchen scale", "27.80", 14 },
	{ "Water jug", "9.95", 50 },
	{ "Door mat", "14.40", 26 },
	{ "Wall clock", "32.60", 8 },
};

static bool
visitor(struct visit *v, struct site_session *session)
{
	return site_session_find(v->site, lab_request_cookie(v->request, "sid"), session);
}

static void
set_cookie(struct visit *v, const struct site_session *session)
{
	buf_addf(&v->answer->fields, "Set-Cookie: sid=%s; Path=/; Secure; HttpOnly; SameSite=Lax\r\n", session->id);
}

static void
login_form(struct visit *v, const struct site_session *session)
{
	buf_addf(&v->answer->body,
	    "<form id=\"login\" method=\"post\" action=\"/login\">\n"
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">\n"
	    "<p><label>User <input type=\"text\" name=\"user\"></label></p>\n"
	    "<p><label>Password <input type=\"password\" name=\"password\"></label></p>\n"
	    "<p><button type=\"submit\">Log in</button></p>\n"
	    "</form>\n",
	    session->csrf);
}

static void
refuse(struct visit *v, const struct site_session *session, const char *why)
{
	v->answer->status = 403;
	lab_page_open(v->answer, "403 Forbidden");
	buf_addf(&v->answer->body, "<p class=\"error\">%s</p>\n", why);
	login_form(v, session);
	lab_page_close(v->answer);
}

static void
show_form(struct visit *v)
{
	struct site_session session;

	if (!visitor(v, &session)) {
		site_session_replace(v->site, STR(""), false, &session);
		set_cookie(v, &session);
	}
	lab_page_open(v->answer, "Log in");
	login_form(v, &session);
	lab_page_close(v->answer);
}

void
site_visit_login(struct visit *v)
{
	const struct lab_request *r = v->request;
	char csrf[LAB_TOKEN_SIZE] = "", user[FIELD_SIZE] = "", password[FIELD_SIZE] = "";
	struct site_session session;
	struct str form = buf_str(&r->body);

	if (!str_is(r->method, "POST")) {
		show_form(v);
		return;
	}
	if (!str_starts_nocase(lab_request_header(r, "Content-Type"), STR("application/x-www-form-urlencoded"))) {
		lab_answer_error(v->answer, 415, "The login form is sent as application/x-www-form-urlencoded.");
		return;
	}
	if (!visitor(v, &session)) {
		site_session_replace(v->site, STR(""), false, &session);
		set_cookie(v, &session);
		refuse(v, &session, "The request had no cookie <code>sid</code> of this site: load /login first.");
		return;
	}
	if (!lab_form_value(form, "csrf", csrf, sizeof csrf) || strcmp(csrf, session.csrf) != 0) {
		refuse(v, &session,
		    "The hidden field <code>csrf</code> is missing or is not the one of "
		    "your form: send back its value from /login.");
		return;
	}
	if (!lab_form_value(form, "user", user, sizeof user) ||
	    !lab_form_value(form, "password", password, sizeof password) || strcmp(user, LAB_USER) != 0 ||
	    strcmp(password, LAB_PASSWORD) != 0) {
		refuse(v, &session,
		    "User or password is wrong. The lab's user is <code>demo</code>, "
		    "the password <code>secret</code>.");
		return;
	}
	/* a new id: the old one was known before */
	site_session_replace(v->site, str_of(session.id), true, &session);
	set_cookie(v, &session);
	lab_see_other(v->answer, 303, "/results");
}

void
site_visit_results(struct visit *v)
{
	struct buf *b = &v->answer->body;
	struct site_session session;
	uint64_t page = 1;
	char text[8];

	if (!visitor(v, &session) || !session.logged_in) {
		lab_see_other(v->answer, 303, "/login");
		return;
	}
	if (lab_form_value(v->request->query, "page", text, sizeof text) &&
	    (!str_to_u64(str_of(text), PAGES, &page) || page == 0)) {
		lab_answer_error(v->answer, 404, "There are pages 1 to 3 of <a href=\"/results\">the results</a>.");
		return;
	}
	lab_page_open(v->answer, "Results");
	buf_addf(b,
	    "<p id=\"user\">Logged in as %s. <a href=\"/logout\">Log out</a></p>\n"
	    "<table id=\"results\">\n<thead><tr><th>Item</th><th>Price</th><th>Stock</th></tr></thead>\n<tbody>\n",
	    LAB_USER);
	for (size_t i = (size_t)(page - 1) * ROWS; i < (size_t)page * ROWS; i++)
		buf_addf(b,
		    "<tr><td class=\"item\">%s</td><td class=\"price\">%s</td><td class=\"stock\">%u</td></tr>\n",
		    goods[i].item, goods[i].price, goods[i].stock);
	buf_addf(b, "</tbody>\n</table>\n<p class=\"pages\">Page %u of %u", (unsigned)page, (unsigned)PAGES);
	if (page > 1)
		buf_addf(b, " <a class=\"previous\" href=\"?page=%u\">previous</a>", (unsigned)page - 1);
	if (page < PAGES)
		buf_addf(b, " <a class=\"next\" href=\"?page=%u\">next</a>", (unsigned)page + 1);
	buf_add_str(b, STR("</p>\n"));
	lab_page_close(v->answer);
}

/* RFC 4180: lines end with CRLF, a field with a comma stands in quotes. */
void
site_visit_report(struct visit *v)
{
	v->answer->type = "text/csv; charset=utf-8; header=present";
	buf_add_str(&v->answer->fields, STR("Content-Disposition: attachment; filename=\"report.csv\"\r\n"));
	buf_add_str(&v->answer->body, STR("item,price,stock\r\n"));
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
		buf_addf(&v->answer->body, "\"%s\",%s,%u\r\n", goods[i].item, goods[i].price, goods[i].stock);
}

void
site_visit_logout(struct visit *v)
{
	site_session_forget(v->site, lab_request_cookie(v->request, "sid"));
	buf_add_str(&v->answer->fields, STR("Set-Cookie: sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax\r\n"));
	lab_see_other(v->answer, 303, "/");
}
