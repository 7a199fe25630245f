/* Variables of the user: names and values. */
#include "shell/variables.h"

#include <stdlib.h>
#include <string.h>

#include "shell/words.h"

static struct str
name_of(const void *items, size_t at)
{
	return str_of(((const struct variable *)items)[at].name);
}

static struct variable *
find(const struct variables *v, struct str name)
{
	size_t at = index_find(&v->names, v->items, name);

	return at != INDEX_NONE ? &v->items[at] : NULL;
}

static void
value_free(struct variable *item)
{
	mem_wipe(item->value, strlen(item->value));
	free(item->value);
}

void
variables_release(struct variables *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->items[i].name);
		value_free(&v->items[i]);
	}
	free(v->items);
	index_release(&v->names);
	*v = (struct variables){ .items = NULL };
}

int
variable_check_name(struct str name, struct error *error)
{
	char shown[80];

	if (name.n > 0 && variable_name_length(name, false) == name.n)
		return 0;
	fail(error, ERROR_USAGE, 0, "\"%s\" is no name for a variable", str_printable(name, shown, sizeof shown));
	return remark(error, "letters, digits and _: let token = ...");
}

int
variables_set(struct variables *v, struct str name, struct str value, struct error *error)
{
	struct variable *item = find(v, name);
	char *copy;

	if (variable_check_name(name, error) != 0)
		return -1;
	if (item == NULL && v->n == VARIABLES_MAX)
		return fail(error, ERROR_LIMIT, 0, "more than %d variables", VARIABLES_MAX);
	copy = str_try_dup(value);
	if (copy == NULL)
		return mem_fail(error, "keeping a value of %zu bytes", value.n);
	if (item != NULL) {
		value_free(item);
		item->value = copy;
		return 0;
	}
	v->items = mem_resize(v->items, (v->n + 1) * sizeof *v->items);
	v->items[v->n] = (struct variable){ str_dup(name), copy };
	v->names.name = name_of;
	index_add(&v->names, v->items, v->n++);
	return 0;
}

const char *
variables_get(const struct variables *v, struct str name)
{
	const struct variable *item = find(v, name);

	return item != NULL ? item->value : NULL;
}

bool
variables_unset(struct variables *v, struct str name)
{
	struct variable *item = find(v, name);

	if (item == NULL)
		return false;
	free(item->name);
	value_free(item);
	v->n--;
	memmove(item, item + 1, (size_t)(v->items + v->n - item) * sizeof *item);
	index_renew(&v->names, v->items, v->n);
	return true;
}
