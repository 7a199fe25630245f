/* The command of a cause: its words filled in with what is known of the connection. */
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/private.h"
#include "commands/session/attempts.h"
#include "net/quote.h"

static char *
value_of_version(const struct connection *c)
{
	const struct tls_info *i = connection_tls(c);

	return i != NULL && i->version != 0 ? str_dup(str_of(tls_version_setting(i->version))) : NULL;
}

static char *
value_of_newest(const struct connection *c)
{
	const struct tls_info *i = connection_tls(c);

	return i != NULL && i->offered.max_version != 0 ? str_dup(str_of(tls_version_setting(i->offered.max_version))) :
							  NULL;
}

static char *
value_of_host(const struct connection *c)
{
	return str_dup(str_of(c->host));
}

static char *
value_of_pin(const struct connection *c)
{
	size_t n;
	struct x509_cert *const *chain = connection_chain(c, &n);

	/* who proves nothing with the key is not let in by it */
	return n > 0 && x509_key_usable(&chain[0]->key) ? x509_pin_text(chain[0]) : NULL;
}

static char *
value_of_url(const struct connection *c)
{
	bool address6 = strchr(c->host, ':') != NULL;

	if (c->port == 0)
		return NULL;
	return str_printf("http://%s%s%s%s%s:%u%s", address6 ? "[" : "", c->host, c->zone != NULL ? "%25" : "",
	    c->zone != NULL ? c->zone : "", address6 ? "]" : "", c->port, c->target);
}

static const struct place {
	const char *name;
	char *(*value)(const struct connection *c); /* NULL: not known */
} places[] = {
	{ "VERSION", value_of_version },
	{ "NEWEST", value_of_newest },
	{ "HOST", value_of_host },
	{ "PIN", value_of_pin },
	{ "URL", value_of_url },
};

static const struct place *
place_at(const char *text)
{
	for (size_t k = 0; k < sizeof places / sizeof *places; k++)
		if (str_starts(str_of(text), str_of(places[k].name)))
			return &places[k];
	return NULL;
}

/* What is not known stays as it stands in the row; *whole says whether nothing did. */
static char *
fill(const char *cure, const struct connection *c, bool *whole)
{
	struct buf out;

	buf_init(&out, 0);
	*whole = true;
	while (*cure != '\0') {
		const struct place *place = place_at(cure);
		char *value = place != NULL ? place->value(c) : NULL;

		if (value != NULL) {
			quote_word(&out, str_of(value));
			cure += strlen(place->name);
		} else {
			*whole = *whole && place == NULL;
			buf_add_char(&out, *cure++);
		}
		free(value);
	}
	return buf_take(&out);
}

char *
cause_cure(const struct cause *cause, const struct session *s, const struct connection *c)
{
	bool whole = false;
	char *text = cause->cure != NULL ? fill(cause->cure, c, &whole) : NULL;

	if (whole && !attempts_useless(s, c, text))
		return text;
	free(text);
	return NULL;
}

char *
cause_cure_shown(const struct cause *cause, const char *host)
{
	/* not const because connections own theirs */
	struct connection c = { .host = (char *)(uintptr_t)host };
	bool whole;

	return cause->cure != NULL ? fill(cause->cure, &c, &whole) : NULL;
}
