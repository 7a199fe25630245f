/* The list of facts, and what its parts and the causes share: names of numbers, what a number means, what happened. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/private.h"

struct fact *
facts_add(struct facts *f, const char *label, char *value)
{
	f->rows = mem_resize(f->rows, (f->n + 1) * sizeof *f->rows);
	f->rows[f->n] = (struct fact){ .label = label, .value = value };
	return &f->rows[f->n++];
}

char *
facts_names(const uint16_t *ids, size_t n, const char *(*text)(uint16_t))
{
	struct buf names;

	buf_init(&names, 0);
	for (size_t k = 0; k < n; k++)
		buf_addf(&names, "%s%s", k > 0 ? " " : "", text(ids[k]));
	return buf_take(&names);
}

void
facts_add_ids(struct facts *f, const char *label, const uint16_t *ids, size_t n, const char *(*text)(uint16_t))
{
	if (n > 0)
		facts_add(f, label, facts_names(ids, n, text))->part = true;
}

void
facts_release(struct facts *f)
{
	for (size_t k = 0; k < f->n; k++)
		free(f->rows[k].value);
	free(f->rows);
	*f = (struct facts){ NULL, 0 };
}

/* ---- what the numbers mean ---- */
bool
facts_is_bare_alert(const struct tls_info *i)
{
	return i->n_first_bytes >= 7 && i->first_bytes[0] == CONTENT_ALERT && i->first_bytes[1] != SSL_3_0 >> 8 &&
	    i->first_bytes[3] == 0 && i->first_bytes[4] == 2;
}

bool
facts_is_tls(const struct tls_info *i)
{
	return i->n_first_bytes < 3 || facts_is_bare_alert(i) ||
	    (i->first_bytes[0] >= CONTENT_CHANGE_CIPHER_SPEC && i->first_bytes[0] <= CONTENT_HEARTBEAT &&
		i->first_bytes[1] == SSL_3_0 >> 8);
}

bool
facts_is_rsa_key_exchange(uint16_t suite)
{
	return strncmp(tls_suite_name(suite), "TLS_RSA_", 8) == 0;
}

/* ---- what happened ---- */
bool
facts_timed_out(const struct connection *c)
{
	return c->failure.kind == ERROR_NETWORK && c->failure.code == ETIMEDOUT;
}

bool
facts_we_refused(const struct connection *c, int code)
{
	return c->failure.kind == ERROR_TLS && c->failure.code == code;
}

bool
facts_refused(const struct connection *c, const struct tls_info *i, unsigned alert)
{
	return i->alert_received && i->alert == alert && !facts_timed_out(c);
}

bool
facts_at_hello(const struct tls_info *i)
{
	return i->stage == TLS_STAGE_HELLO_SENT;
}
