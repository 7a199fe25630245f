/* What the site's pages have in common: an answer, its frame in HTML, errors and redirects. */
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
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 205, "Reset Content" },
		{ 206, "Partial Content" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].status == status)
			return rows[i].phrase;
	return "Lab";
}

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
	buf_addf(&a->body,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n",
	    title, title);
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
