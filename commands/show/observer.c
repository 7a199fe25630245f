/* The hooks that make a view the observer of a session. */
#include <stdlib.h>

#include "commands/session/hooks.h"
#include "commands/settings/values.h"
#include "commands/show/private.h"
#include "net/x509/x509.h"

enum { ANSWER_MAX = 256 };

static void
on_event(void *context, const struct event *event)
{
	struct view *v = context;
	int level = session_settings(v->session)->tls.trace;

	if (level != TRACE_OFF)
		trace_event(v, event, level);
}

static void
on_progress(void *context, uint64_t done, uint64_t total)
{
	show_progress(context, done, total);
}

static void
on_note(void *context, const char *text)
{
	struct view *v = context;

	fprintf(v->err, "%s\n", text);
}

static bool
on_trust_key(void *context, const struct key_question *q)
{
	struct view *v = context;
	char shown[300], *fingerprint, *prompt;
	struct buf answer;
	bool yes;

	if (v->ask == NULL || !v->terminal)
		return false;
	show_progress(v, 0, 0);
	fingerprint = x509_fingerprint_text(q->leaf, X509_SHA256);
	fprintf(v->err, "The certificate of %s is not trusted:\n", str_printable(str_of(q->host), shown, sizeof shown));
	for (size_t i = 0; i < q->verdict->n_reasons; i++)
		fprintf(v->err, "  - %s\n", q->verdict->reasons[i].text);
	fprintf(v->err, "Its SHA-256 fingerprint is %s\nIts key is %s\n", fingerprint, q->pin);
	free(fingerprint);
	prompt = str_printf("Trust this key for %s from now on? [y/N] ", q->host);
	buf_init(&answer, ANSWER_MAX);
	yes = v->ask(v->ask_context, prompt, true, &answer) == 0 && answer.len > 0 &&
	    ascii_lower((char)answer.data[0]) == 'y';
	buf_release(&answer);
	free(prompt);
	return yes;
}

struct view *
view_new(struct session *s, FILE *err)
{
	struct view *v = mem_alloc(sizeof *v);

	*v = (struct view){ .session = s, .err = err, .columns = 80 };
	session_set_hooks(s, &(struct session_hooks){ v, on_event, on_progress, on_note, on_trust_key });
	return v;
}

void
view_free(struct view *v)
{
	if (v != NULL)
		session_set_hooks(v->session, &(struct session_hooks){ .context = NULL });
	free(v);
}
