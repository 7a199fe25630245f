/* A copy of settings, row by row: what an experiment changes is not the session's. */
#include <stdlib.h>
#include <string.h>

#include "commands/settings/values.h"

int
settings_copy(struct settings *to, const struct settings *from, struct error *error)
{
	const struct setting *row;

	*to = (struct settings){ .slots = NULL };
	settings_init(to);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		const char *text = setting_text(from, row);

		if (strcmp(setting_text(to, row), text) != 0 && row->apply(to, row, str_of(text), error) != 0) {
			settings_release(to);
			return -1;
		}
		free(to->slots[i].text);
		to->slots[i].text = from->slots[i].text != NULL ? str_dup(str_of(text)) : NULL;
		to->slots[i].origin = from->slots[i].origin;
	}
	to->tls.profile = from->tls.profile != NULL ? str_dup(str_of(from->tls.profile)) : NULL;
	to->tls.profile_changed = from->tls.profile_changed;
	if (from->tls.credentials != NULL)
		to->tls.credentials = tls_credentials_hold(from->tls.credentials);
	return 0;
}
