/* Which row is the cause of a failure, and what is advised: the first that holds and leads on. */
#include <stdlib.h>
#include <string.h>

#include "commands/diagnose/private.h"
#include "commands/session/attempts.h"

/* Those of the chain and of what we refused hold alone; those of the hello are the most general. */
const struct cause *
cause_at(size_t i)
{
	const struct {
		const struct cause *rows;
		size_t n;
	} tables[] = { { chain_causes, n_chain_causes }, { refused_causes, n_refused_causes }, { causes, n_causes },
		{ hello_causes, n_hello_causes } };

	for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
		if (i < tables[k].n)
			return &tables[k].rows[i];
		i -= tables[k].n;
	}
	return NULL;
}

static bool
leads_on(const struct cause *cause, const struct session *s, const struct connection *c)
{
	char *cure = cause_cure(cause, s, c);
	bool leads = cure != NULL || cause->cure == NULL;

	free(cure);
	return leads;
}

const struct cause *
cause_of(const struct session *s, const struct connection *c)
{
	const struct tls_info *info = connection_tls(c);
	const struct cause *cause, *first = NULL;

	if (info == NULL || c->failure.kind == ERROR_NONE)
		return NULL;
	for (size_t i = 0; (cause = cause_at(i)) != NULL; i++) {
		if (!cause->holds(c, info))
			continue;
		if (leads_on(cause, s, c))
			return cause;
		first = first != NULL ? first : cause;
	}
	return first;
}

const struct cause *
cause_find(const char *id)
{
	const struct cause *cause;

	for (size_t i = 0; (cause = cause_at(i)) != NULL; i++)
		if (strcmp(cause->id, id) == 0)
			return cause;
	return NULL;
}

/* ---- advice ---- */
/* Nothing of ours is left to try. */
static void
tell_who_mends(const struct cause *cause, const struct session *s, const struct connection *c, struct error *error)
{
	const char *who = cause != NULL && cause->mend != NULL ? cause->mend : CAUSE_OWNER;
	char *undo = attempts_undo(s, c);

	if (undo != NULL)
		remark(error, "%s; \"%s\" takes back what was tried", who, undo);
	else
		remark(error, "%s", who);
	free(undo);
}

void
cause_advise(const struct session *s, const struct connection *c, struct error *error)
{
	const struct cause *cause = cause_of(s, c);
	bool has_command = error != NULL && error->command[0] != '\0';
	bool useless = has_command && attempts_useless(s, c, error->command);
	char *cure;

	if (error == NULL || (has_command ? !useless : cause == NULL))
		return;
	if (useless)
		error->command[0] = error->why[0] = '\0';
	cure = cause != NULL ? cause_cure(cause, s, c) : NULL;
	if (cure != NULL && strlen(cure) < ERROR_COMMAND_MAX)
		hint(error, "%s", cure);
	if (cure != NULL && cause->why != NULL)
		remark(error, "%s", cause->why);
	else if (cure == NULL && error->why[0] == '\0')
		tell_who_mends(cause, s, c, error);
	free(cure);
}
