/*
 * Settings are rows of one table: `set NAME VALUE`, `tls NAME VALUE`, `trust ...`. Each has a canonical text as value, a default
 * and an origin; apply() checks the text and puts it to use.
 */
#ifndef COMMANDS_SETTINGS_H
#define COMMANDS_SETTINGS_H

#include "net/error.h"
#include "net/str.h"

struct session;

enum setting_type { SETTING_BOOL, SETTING_NUMBER, SETTING_DURATION, SETTING_SIZE, SETTING_CHOICE, SETTING_TEXT, SETTING_FILE, SETTING_LIST };
enum setting_origin { ORIGIN_DEFAULT, ORIGIN_ENVIRONMENT, ORIGIN_SESSION, ORIGIN_COMMAND };

struct setting {
	const char *group;            /* "set", "tls", "trust" */
	const char *name;             /* "follow" */
	enum setting_type type;
	const char *choices;          /* "on|off|..." for completion and checks; NULL any */
	const char *initial;          /* default's text */
	const char *summary;          /* a sentence */
	bool repeatable;              /* each use adds ("set resolve"); the value "off" clears */
	/* Checks the text and applies it; value is canonical when it returns 0. */
	int (*apply)(struct session *s, const struct setting *row, struct str value, struct error *error);
	int64_t min, max;             /* numbers: range (durations in ms, sizes in bytes) */
};

const struct setting *setting_at(size_t index);                        /* NULL past the end */
const struct setting *setting_find(const char *group, struct str name, struct error *error);  /* unique prefixes; did you mean */
int setting_set(struct session *s, const struct setting *row, struct str value, enum setting_origin origin, struct error *error);
int setting_reset(struct session *s, const struct setting *row, struct error *error);
const char *setting_text(const struct session *s, const struct setting *row);    /* canonical value now */
enum setting_origin setting_origin(const struct session *s, const struct setting *row);

#endif
