/* What a person sees of an exchange: the status line and a preview, or the card. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/diagnose/causes.h"
#include "commands/html/page.h"
#include "commands/session/exchange.h"
#include "commands/settings/values.h"
#include "commands/show/card.h"
#include "commands/show/private.h"
#include "net/http/media.h"

enum { PREVIEW_BYTES = 64 * 1024 };

static void
print_colour(const struct view *v, FILE *err, const char *sequence)
{
	if (v != NULL && v->colour)
		print_own(err, sequence);
}

static void
status_line(const struct view *v, const struct exchange *x, FILE *err)
{
	const struct http_response *r = &x->response;
	const struct tls_info *tls = connection_tls(x->connection);
	const char *type = http_headers_get(&r->headers, "Content-Type");
	const char *colour = r->status < 300 ? "\033[32m" : r->status < 400 ? "\033[36m" : "\033[31m";
	char *url = url_shown(&x->url, false);

	print_colour(v, err, colour);
	fprintf(err, "%s %u %s", r->version, r->status, r->reason != NULL ? r->reason : "");
	print_colour(v, err, "\033[0m");
	fprintf(err, "  %.60s%s", type != NULL ? type : "", type != NULL ? ", " : "");
	print_size(err, x->body.length);
	fprintf(err, ", %" PRId64 " ms", (now_us() - x->start_us) / 1000);
	if (tls != NULL)
		fprintf(err, ", %s", tls_version_name(tls->version));
	if (x->redirects > 0)
		fprintf(err, ", %u redirect%s to %s", x->redirects, x->redirects > 1 ? "s" : "", url);
	fputc('\n', err);
	free(url);
}

static void
preview(const struct view *v, struct session *s, struct exchange *last, FILE *err)
{
	struct media media = media_parse(http_headers_get(&last->response.headers, "Content-Type"));
	struct buf text;
	struct str rest, all;
	struct page *page;
	struct work work = session_work(s, SESSION_GLANCE_MS);
	int64_t lines = session_settings(s)->set.preview;

	if (lines <= 0 || last->body.length == 0 || !media_is_text(&media) ||
	    body_store_view(&last->body, &all, NULL) != 0)
		return;
	buf_init(&text, PAGE_MAX_BYTES);
	if (media_is_html(&media) && all.n <= PREVIEW_BYTES * 16) {
		page = session_page(s, &work, NULL);
		if (page != NULL && page->n_nodes > 0)
			page_text(page, 0, &work, &text);
		rest = buf_str(&text);
	} else {
		rest = str_slice(all, 0, PREVIEW_BYTES);
	}
	while (lines > 0 && rest.n > 0) {
		struct str line = str_trim(str_cut(&rest, '\n'));

		if (line.n == 0)
			continue;
		fputs("  ", err);
		print_safe(err, str_slice(line, 0, v->columns > 3 ? v->columns - 3 : 1));
		fputc('\n', err);
		lines--;
	}
	if (rest.n > 0 || work.ended != WORK_GOES_ON)
		fputs("  ... (show body, save, extract)\n", err);
	buf_release(&text);
}

static void
show_answer(struct call *call)
{
	bool terminal = call->view != NULL && call->view->terminal;
	struct exchange *last = session_last(call->session);

	if (!terminal && !session_settings(call->session)->set.verbose)
		return;
	status_line(call->view, last, call->err);
	if (terminal && !call->content_wanted)
		preview(call->view, call->session, last, call->err);
}

void
show_outcome(struct call *call, int status)
{
	const struct connection *c = session_attempt(call->session);

	if (status == 0) {
		show_answer(call);
	} else if (c != NULL && call->error->kind != ERROR_STATUS && connection_explains(c, call->error)) {
		cause_advise(call->session, c, call->error);
		card_print(call, c, call->err);
	}
}
