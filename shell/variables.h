/*
 * Variables of the user (`let`) and arguments of a script ($1, $2, ...). The last exchange's come from the session.
 */
#ifndef SHELL_VARIABLES_H
#define SHELL_VARIABLES_H

#include "net/buf.h"
#include "net/error.h"
#include "net/index.h"

enum { VARIABLES_MAX = 10000 };

struct variable {
	char *name, *value;
};

struct variables {
	struct variable *items; /* in the order of their first use */
	size_t n;
	struct index names; /* of items */
};

void variables_release(struct variables *v);
/* ERROR_USAGE when it is no name: letters, digits and _, not a digit first. */
int variable_check_name(struct str name, struct error *error);
/* A new value for an old or a new name. */
int variables_set(struct variables *v, struct str name, struct str value, struct error *error);
/* NULL when there is none */
const char *variables_get(const struct variables *v, struct str name);
bool variables_unset(struct variables *v, struct str name);

#endif
