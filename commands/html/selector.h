/* A compiled selector list (Selectors Level 4, the part named in page.h). Private to commands/html. */
#ifndef COMMANDS_HTML_SELECTOR_H
#define COMMANDS_HTML_SELECTOR_H

#include "commands/html/page.h"

enum { SELECTOR_MAX_BYTES = 16 * 1024, SELECTOR_MAX_DEPTH = 16, SELECTOR_MAX_PARTS = 1024 };

enum simple_kind {
	SIMPLE_ANY,
	SIMPLE_TYPE,
	SIMPLE_ID,
	SIMPLE_CLASS,
	SIMPLE_ATTRIBUTE,
	SIMPLE_NTH,
	SIMPLE_STATE,
	SIMPLE_IS,
	SIMPLE_NOT,
	SIMPLE_HAS,
	SIMPLE_CONTAINS,
	SIMPLE_CONTAINS_OWN,
	SIMPLE_LANG,
	SIMPLE_SCOPE
};

enum state {
	STATE_NEVER,
	STATE_ROOT,
	STATE_EMPTY,
	STATE_LINK,
	STATE_CHECKED,
	STATE_DISABLED,
	STATE_ENABLED,
	STATE_REQUIRED,
	STATE_OPTIONAL,
	STATE_READ_ONLY,
	STATE_READ_WRITE,
	STATE_PLACEHOLDER,
	STATE_DEFINED
};

struct simple {
	enum simple_kind kind;
	char *name, *value; /* value: decoded */
	char op;            /* attributes: 0 presence, = ~ | ^ $ * ! */
	char flag;          /* attributes: 'i', 's' or 0 */
	bool last, of_type; /* nth */
	int a, b;
	enum state state;
	struct selector *inner; /* is, not, has, nth of */
	unsigned number;        /* 1 to the selector's `parts`: each has its own, inner ones too */
	bool scoped;            /* :scope, or something inside asks for it */
};

struct compound {
	char combinator; /* to the compound before: ' ' > + ~; 0 for the first */
	struct simple *items;
	size_t n;
	bool scoped; /* one of them is */
};

struct complex {
	struct compound *items;
	size_t n;
	char leading; /* of a relative selector in :has() */
};

struct selector {
	struct complex *items;
	size_t n;
	bool chained;   /* a combinator stands in it: what matches depends on other nodes */
	bool scoped;    /* :scope stands in it */
	unsigned parts; /* of the outermost: simple selectors in all of it */
};

#endif
