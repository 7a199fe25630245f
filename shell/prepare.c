/* From the words of a line to a call. */
#include "shell/prepare.h"

#include <stdlib.h>
#include <string.h>

#include "shell/lookup.h"

void
expanded_release(struct expanded *w)
{
	for (size_t i = 0; i < w->n; i++) {
		mem_wipe((void *)(uintptr_t)w->words[i], strlen(w->words[i]));
		free((void *)(uintptr_t)w->words[i]);
		free((void *)(uintptr_t)w->marks[i]);
	}
	free((void *)(uintptr_t)w->words);
	free((void *)(uintptr_t)w->marks);
}

int
expanded_make(struct expanded *w, struct shell *sh, const struct line_command *c, word_value *value,
    struct error *error)
{
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	const uint8_t **marks = mem_alloc((c->n_words + 1) * sizeof *marks);
	size_t where;

	*w = (struct expanded){ words, marks, 0 };
	for (; w->n < c->n_words; w->n++) {
		uint8_t *own = NULL;

		words[w->n] = word_expand_marked(&c->words[w->n], value, sh, &own, &where, error);
		marks[w->n] = own;
		if (words[w->n] == NULL) {
			sh->place.at = where;
			sh->place.caret = true;
			expanded_release(w);
			return -1;
		}
	}
	return 0;
}

char *
heredoc_make(struct shell *sh, const struct line_command *c, word_value *value, struct error *error)
{
	size_t where;
	char *text = word_expand(&c->heredoc, value, sh, &where, error);

	if (text == NULL) {
		sh->place.at = where;
		sh->place.caret = true;
	}
	return text;
}

int
call_prepare(struct call *call, struct expanded w)
{
	struct shell *sh = call->shell;
	size_t used;
	const struct command *c = command_lookup_written(sh->commands, w.words, w.marks, w.n, &used, call->error);

	if (c == NULL) {
		sh->unknown_word = used;
		return -1;
	}
	call->parent = used > 1 ? command_find(sh->commands, str_of(w.words[0]), "command", NULL)->name : NULL;
	call->marks = w.marks + used;
	if (call_parse(call, c, w.words + used, w.n - used) != 0)
		return -1;
	return c->check != NULL ? c->check(call) : 0;
}

void
place_unknown_word(struct shell *sh, const struct line_command *c)
{
	if (sh->unknown_word == 0 || sh->unknown_word > c->n_words)
		return;
	sh->place.at = c->words[sh->unknown_word - 1].at;
	sh->place.caret = true;
}
