/* What a person sees of an exchange: the status line, a preview, progress, the failure. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/html/page.h"
#include "commands/session/state.h"
#include "commands/show/card.h"
#include "commands/show/view.h"
#include "net/http/media.h"

enum { PROGRESS_FROM = 1 << 20, PROGRESS_EVERY_US = 200000, PREVIEW_BYTES = 64 * 1024 };

size_t
print_width(const struct session *s, FILE *out)
{
	return out == s->shown || out == s->terminal || (fileno(out) >= 0 && isatty(fileno(out))) ? s->columns : 0;
}

static void
print_colour(const struct session *s, FILE *err, const char *sequence)
{
	if (s->colour)
		print_own(err, sequence);
}

static void
print_size(FILE *out, uint64_t n)
{
	if (n < 10240)
		fprintf(out, "%" PRIu64 " bytes", n);
	else if (n < 10 << 20)
		fprintf(out, "%" PRIu64 " KiB", n >> 10);
	else
		fprintf(out, "%" PRIu64 " MiB", n >> 20);
}

static void
status_line(struct session *s, FILE *err)
{
	const struct exchange *x = s->last;
	const struct http_response *r = &x->response;
	const struct tls_info *tls = connection_tls(x->connection);
	const char *type = http_headers_get(&r->headers, "Content-Type");
	const char *colour = r->status < 300 ? "\033[32m" : r->status < 400 ? "\033[36m" : "\033[31m";
	char *url = url_shown(&x->url, false);

	print_colour(s, err, colour);
	fprintf(err, "%s %u %s", r->version, r->status, r->reason != NULL ? r->reason : "");
	print_colour(s, err, "\033[0m");
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
preview(struct session *s, FILE *err)
{
	struct media media = media_parse(http_headers_get(&s->last->response.headers, "Content-Type"));
	struct buf text;
	struct str rest, all;
	struct page *page;
	struct work work = session_work(s, SESSION_GLANCE_MS);
	int64_t lines = s->settings.set.preview;

	if (lines <= 0 || s->last->body.length == 0 || !media_is_text(&media) || body_store_view(&s->last->body, &all, NULL) != 0)
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
		print_safe(err, str_slice(line, 0, s->columns > 3 ? s->columns - 3 : 1));
		fputc('\n', err);
		lines--;
	}
	if (rest.n > 0 || work.ended != WORK_GOES_ON)
		fputs("  ... (show body, save, extract)\n", err);
	buf_release(&text);
}

void
report_response(struct session *s, struct call *call)
{
	if (!s->terminal && !s->settings.set.verbose)
		return;
	status_line(s, call->err);
	if (s->terminal && !call->content_wanted)
		preview(s, call->err);
}

void
report_failure(struct session *s, struct call *call, const struct error *error)
{
	struct connection *c = s->attempt;

	if (c == NULL || connection_tls(c) == NULL)
		return;
	if (error->kind != ERROR_TLS && error->kind != ERROR_CERTIFICATE && error->kind != ERROR_NETWORK &&
	    !(error->kind == ERROR_HTTP && connection_tls(c)->renegotiation_declined))
		return;
	if (c->failure.kind == ERROR_NONE) {      /* it failed after the handshake */
		c->failure = *error;
		attempts_note(s, c);
	}
	card_hint(c, call->error);
	card_print(s, c, call->err);
}

void
report_progress(struct session *s, uint64_t done, uint64_t total)
{
	int64_t now = now_us(), elapsed;
	double rate;

	if (!s->terminal || s->chatter == NULL || (total != UINT64_MAX && total < PROGRESS_FROM) || done == 0)
		return;
	if (s->progress_start_us == 0)
		s->progress_start_us = s->progress_last_us = now;
	if (now - s->progress_last_us < PROGRESS_EVERY_US)
		return;
	s->progress_last_us = now;
	s->progress_shown = true;
	elapsed = now - s->progress_start_us;
	rate = (double)done / ((double)elapsed / 1e6);
	print_own(s->chatter, "\r\033[K");
	print_size(s->chatter, done);
	if (total != UINT64_MAX) {
		/* all but the bar takes 45 columns */
		unsigned width = s->columns < 50 ? 5 : s->columns > 75 ? 30 : s->columns - 45, filled = (unsigned)(done * width / total);

		fprintf(s->chatter, " %3u %% [%.*s%*s] %.1f MiB/s, %.0f s left", (unsigned)(done * 100 / total), (int)filled,
		    "##############################", (int)(width - filled), "", rate / 1048576, (double)(total - done) / rate);
	} else {
		fprintf(s->chatter, "  %.1f MiB/s", rate / 1048576);
	}
	fflush(s->chatter);
}

void
report_progress_end(struct session *s)
{
	if (s->progress_shown && s->chatter != NULL) {
		print_own(s->chatter, "\r\033[K");
		fflush(s->chatter);
	}
	s->progress_shown = false;
	s->progress_start_us = 0;
}
