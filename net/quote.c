/* Words as text that the shell reads back as they are, and hints made of them. */
#include "net/quote.h"

#include <stdarg.h>
#include <string.h>

void
quote_always(struct buf *out, struct str word)
{
	/* or it would begin an option */
	if (word.n > 0 && word.p[0] == '-') {
		buf_add_str(out, STR("\\-"));
		word = str_slice(word, 1, word.n);
		if (word.n == 0)
			return;
	}
	buf_add_char(out, '\'');
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '\'')
			buf_add_str(out, STR("'\\''"));
		else
			buf_add_char(out, word.p[i]);
	buf_add_char(out, '\'');
}

bool
quote_needless(struct str text, bool several)
{
	static const char extra[] = " ._-/:,+=@%";

	for (size_t i = 0; i < text.n; i++)
		if ((!ascii_is_alnum(text.p[i]) &&
			memchr(several ? extra : extra + 1, text.p[i], several ? 11 : 10) == NULL) ||
		    (text.p[i] == '-' && (i == 0 || text.p[i - 1] == ' '))) /* an option */
			return false;
	return text.n > 0;
}

void
quote_word(struct buf *out, struct str word)
{
	if (quote_needless(word, false))
		buf_add_str(out, word);
	else
		quote_always(out, word);
}

int
hint_words(struct error *error, const char *why, ...)
{
	struct buf text;
	const char *word;
	va_list ap;

	buf_init(&text, ERROR_COMMAND_MAX);
	va_start(ap, why);
	while ((word = va_arg(ap, const char *)) != NULL) {
		buf_add_str(&text, text.len > 0 ? STR(" ") : STR(""));
		if (str_starts(str_of(word), STR("--")))
			buf_add_str(&text, str_of(word));
		else
			quote_word(&text, str_of(word));
	}
	va_end(ap);
	if (why != NULL)
		remark(error, "%s", why);
	if (!text.full)
		hint(error, "%.*s", STR_ARG(buf_str(&text)));
	buf_release(&text);
	return -1;
}
