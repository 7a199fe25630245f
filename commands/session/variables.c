/*
 * The last exchange as variables: $status, ${header.location}, ${cookie.sid}, ${tls.version} ...
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/session/state.h"

struct exchange_variable {
	const char *name, *summary;
	int (*get)(const struct session *s, struct buf *out); /* 1, or 0 when there is no such fact */
};

static int
add_text(struct buf *out, const char *text)
{
	if (text == NULL)
		return 0;
	buf_add_str(out, str_of(text));
	return 1;
}

static int
add_taken(struct buf *out, char *text)
{
	int found = add_text(out, text);

	free(text);
	return found;
}

static int
add_number(struct buf *out, unsigned long long n)
{
	buf_addf(out, "%llu", n);
	return 1;
}

/* The last connection's TLS facts: also those of an attempt that failed. */
static const struct tls_info *
tls_facts(const struct session *s)
{
	return s->attempt != NULL ? connection_tls(s->attempt) : NULL;
}

static const struct x509_cert *
leaf(const struct session *s)
{
	size_t n = 0;
	struct x509_cert *const *chain = s->attempt != NULL ? connection_chain(s->attempt, &n) : NULL;

	return n > 0 ? chain[0] : NULL;
}

/* The last request's answer is there: what is left of an earlier one says nothing about it. */
static bool
is_answered(const struct session *s)
{
	return session_has_response(s) && !session_unanswered(s);
}

static int
get_status(const struct session *s, struct buf *out)
{
	return is_answered(s) ? add_number(out, s->last->response.status) : 0;
}

static int
get_reason(const struct session *s, struct buf *out)
{
	return is_answered(s) ? add_text(out, s->last->response.reason) : 0;
}

static int
get_method(const struct session *s, struct buf *out)
{
	return s->last != NULL ? add_text(out, s->last->method) : 0;
}

static int
get_url(const struct session *s, struct buf *out)
{
	return s->last != NULL ? add_taken(out, url_shown(&s->last->url, true)) : 0;
}

static int
get_base(const struct session *s, struct buf *out)
{
	return s->has_base ? add_taken(out, url_shown(&s->base, true)) : 0;
}

static int
get_type(const struct session *s, struct buf *out)
{
	return is_answered(s) ? add_text(out, http_headers_get(&s->last->response.headers, "Content-Type")) : 0;
}

static int
get_size(const struct session *s, struct buf *out)
{
	return is_answered(s) ? add_number(out, s->last->body.length) : 0;
}

static int
get_redirects(const struct session *s, struct buf *out)
{
	return is_answered(s) ? add_number(out, s->last->redirects) : 0;
}

static int
get_time(const struct session *s, struct buf *out)
{
	if (!is_answered(s))
		return 0;
	buf_addf(out, "%.3f", (double)(s->last->response.done_us - s->last->start_us) / 1e6);
	return 1;
}

static int
get_ip(const struct session *s, struct buf *out)
{
	return s->attempt != NULL ? add_text(out, s->attempt->address) : 0;
}

static int
get_tls_version(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL && info->version != 0 ? add_text(out, tls_version_setting(info->version)) : 0;
}

static int
get_tls_suite(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL && info->suite != 0 ? add_text(out, tls_suite_name(info->suite)) : 0;
}

static int
get_tls_group(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL && info->group != 0 ? add_text(out, tls_group_name(info->group)) : 0;
}

static int
get_tls_alpn(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL ? add_text(out, info->alpn) : 0;
}

static int
get_tls_resumed(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL ? add_text(out, info->resumed ? "yes" : "no") : 0;
}

static int
get_tls_stage(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL ? add_text(out, tls_stage_name(info->stage)) : 0;
}

static int
get_tls_alert(const struct session *s, struct buf *out)
{
	const struct tls_info *info = tls_facts(s);

	return info != NULL && (info->alert_received || info->alert_sent) ? add_text(out, tls_alert_name(info->alert)) :
									    0;
}

static int
get_cert_subject(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_subject_text(leaf(s))) : 0;
}

static int
get_cert_issuer(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_issuer_text(leaf(s))) : 0;
}

static int
get_cert_expires(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_time_text(leaf(s)->not_after)) : 0;
}

static int
get_cert_days(const struct session *s, struct buf *out)
{
	if (leaf(s) == NULL)
		return 0;
	buf_addf(out, "%lld", (long long)((leaf(s)->not_after - (int64_t)time(NULL)) / 86400));
	return 1;
}

static int
get_cert_names(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_names_text(leaf(s))) : 0;
}

static int
get_cert_key(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_key_text(&leaf(s)->key)) : 0;
}

static int
get_cert_pin(const struct session *s, struct buf *out)
{
	return leaf(s) != NULL ? add_taken(out, x509_pin_text(leaf(s))) : 0;
}

static int
get_cert_trusted(const struct session *s, struct buf *out)
{
	return s->attempt != NULL && connection_tls(s->attempt) != NULL ?
	    add_text(out, s->attempt->accepted ? "yes" : "no") :
	    0;
}

static const struct exchange_variable variables[] = {
	{ "status", "status of the last answer: 200", get_status },
	{ "body", "its body, as UTF-8", NULL },
	{ "reason", "its reason phrase", get_reason },
	{ "method", "method of the last request", get_method },
	{ "url", "URL of the last answer, behind all redirects, without user and password", get_url },
	{ "base", "base URL of relative references", get_base },
	{ "type", "Content-Type of the last answer", get_type },
	{ "size", "bytes of its decoded body", get_size },
	{ "time", "seconds from the start of the request to its end", get_time },
	{ "redirects", "how many redirects were followed", get_redirects },
	{ "ip", "address of the last connection", get_ip },
	{ "tls.version", "version negotiated, as tls proto spells it: tls1.2", get_tls_version },
	{ "tls.suite", "cipher suite negotiated", get_tls_suite },
	{ "tls.group", "group of the key exchange", get_tls_group },
	{ "tls.alpn", "application protocol negotiated", get_tls_alpn },
	{ "tls.resumed", "yes or no", get_tls_resumed },
	{ "tls.stage", "how far the handshake came", get_tls_stage },
	{ "tls.alert", "alert that was sent or received", get_tls_alert },
	{ "cert.subject", "the server's certificate: whose it is", get_cert_subject },
	{ "cert.issuer", "who signed it", get_cert_issuer },
	{ "cert.names", "the names it is good for", get_cert_names },
	{ "cert.key", "kind and size of its key", get_cert_key },
	{ "cert.pin", "its pin, as trust pin takes it", get_cert_pin },
	{ "cert.expires", "when it expires", get_cert_expires },
	{ "cert.days", "days until then", get_cert_days },
	{ "cert.trusted", "yes or no: whether it was accepted", get_cert_trusted },
};

const char *
session_variable_name(size_t i)
{
	return i < sizeof variables / sizeof variables[0] ? variables[i].name : NULL;
}

const char *
session_variable_summary(size_t i)
{
	return i < sizeof variables / sizeof variables[0] ? variables[i].summary : NULL;
}

const char *
session_header_name(const struct session *s, size_t i)
{
	return session_has_response(s) && i < s->last->response.headers.n ? s->last->response.headers.items[i].name :
									    NULL;
}

const char *
session_cookie_name(const struct session *s, size_t i)
{
	return i < s->jar.n ? s->jar.items[i].name : NULL;
}

/* The newest cookie of that name that the base URL's host would be sent, else of any host. */
static const struct cookie *
cookie_named(const struct session *s, struct str name)
{
	const struct cookie *best = NULL;
	bool best_fits = false;

	for (size_t i = 0; i < s->jar.n; i++) {
		const struct cookie *c = &s->jar.items[i];
		bool fits = s->has_base && s->base.host != NULL && str_ends(str_of(s->base.host), str_of(c->domain));

		if (!str_is(name, c->name) || (best != NULL && best_fits > fits))
			continue;
		if (best == NULL || fits > best_fits || c->created > best->created) {
			best = c;
			best_fits = fits;
		}
	}
	return best;
}

/* As text. */
static int
add_body(struct session *s, struct buf *out, struct error *error)
{
	struct work work = session_work(s, 0);
	struct exchange *x = s->last;
	struct str bytes;

	if (!is_answered(s))
		return 0;
	if (!x->done && !s->settings.set.partial)
		return fail(error, ERROR_LIMIT, 0, "the body is unfinished: only %llu bytes came",
		    (unsigned long long)x->body.length);
	if (body_store_view(&x->body, &bytes, error) != 0)
		return -1;
	page_as_utf8(bytes, http_headers_get(&x->response.headers, "Content-Type"), &work, out);
	return work.ended == WORK_GOES_ON ? 1 : work_fail(&work, error, "reading the body");
}

int
session_variable(struct session *s, struct str name, struct buf *out, struct error *error)
{
	char *text;
	int found = 0;

	if (str_starts(name, STR("header."))) {
		text = str_dup(str_slice(name, 7, name.n));
		if (is_answered(s))
			found = add_text(out, http_headers_get(&s->last->response.headers, text));
		free(text);
	} else if (str_starts(name, STR("cookie."))) {
		const struct cookie *c = cookie_named(s, str_slice(name, 7, name.n));

		found = add_text(out, c != NULL ? c->value : NULL);
	} else if (str_is(name, "body")) {
		found = add_body(s, out, error);
	} else {
		for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
			if (str_is(name, variables[i].name))
				found = variables[i].get(s, out);
	}
	if (out->full)
		return fail(error, ERROR_LIMIT, 0, "the variable's value is too long");
	return found;
}
