/*
 * Settings are rows of one table: `set NAME VALUE`, `tls NAME VALUE`, `trust ...`. Each has a canonical text as value,
 * a default and an origin; apply() checks the text and puts it to use.
 */
#ifndef COMMANDS_SETTINGS_SETTINGS_H
#define COMMANDS_SETTINGS_SETTINGS_H

#include "net/buf.h"
#include "net/error.h"

struct settings;
struct setting;

enum setting_type {
	SETTING_BOOL,
	SETTING_NUMBER,
	SETTING_DURATION,
	SETTING_SIZE,
	SETTING_CHOICE,
	SETTING_TEXT,
	SETTING_FILE,
	SETTING_LIST
};
enum setting_origin { ORIGIN_DEFAULT, ORIGIN_ENVIRONMENT, ORIGIN_SESSION, ORIGIN_COMMAND, ORIGIN_PROFILE };

/* What a value gives away of what is checked. */
enum setting_danger {
	DANGER_NONE,
	DANGER_TOLD, /* the prompt says it, but nothing is lost */
	DANGER_LOOSE /* less is checked than by default, or more is told to others */
};

/* What Tab offers for a value, besides the choices. */
enum setting_offer { OFFER_BY_TYPE /* the names of files for a SETTING_FILE */, OFFER_SUITES, OFFER_GROUPS };

/* What a field owns on the heap. */
struct setting_memory {
	void (*own)(struct settings *s,
	    const struct setting *row); /* s is a struct's copy: what it shares becomes its own */
	void (*release)(struct settings *s, const struct setting *row);
};

struct setting {
	const char *group; /* "set", "tls", "trust" */
	const char *name;  /* "follow" */
	enum setting_type type;
	const char *choices; /* "on|off|..." for completion and checks; NULL any */
	const char *initial; /* default's text */
	const char *summary; /* a sentence */
	/* Puts the canonical text to use, after the type's own check; may check more. Repeatable rows get all their
	 * values, one per line. */
	int (*apply)(struct settings *s, const struct setting *row, struct str value, struct error *error);
	size_t offset;   /* of the field in struct settings, for the generic apply functions */
	bool repeatable; /* each use adds ("set resolve"); the value "off" clears */
	struct str (*subject)(
	    struct str value); /* of a repeatable value: one about the same gives way to it; NULL: only itself */
	/* says nothing about the connection (TCP, TLS, trust): kept ones stay usable, also when requests change */
	bool cosmetic;
	int64_t min, max; /* numbers: range (durations in ms, sizes in bytes); max 0 = any */
	/* what has a meaning between the parts of a value; NULL: in a SETTING_LIST comma, colon and blank, in others
	 * nothing */
	const char *separators;
	const char *value; /* what else it takes than choices: "NAME"; NULL by type, "" nothing else */
	const struct setting_memory *memory; /* NULL: nothing */
	enum setting_danger (
	    *danger)(const struct settings *s, const struct setting *row); /* of the field now; NULL: never one */
	const char *danger_name; /* "weak DH"; NULL: the group and the value, "tls tls1.0" */
	bool in_profile; /* `tls profile` sets it: a row about the hello and the protocol, no file of the user's */
	enum setting_offer offer;
	/* What follows of the value as it is, and is not plain to see: a sentence for who sets it. NULL: nothing, ever
	 * or now. Caller frees. */
	char *(*note)(const struct settings *s);
};

const struct setting *setting_at(size_t index); /* NULL past the end */
const struct setting *
setting_find(const char *group, struct str name, struct error *error); /* unique prefixes; did you mean */
int setting_set(struct settings *s, const struct setting *row, struct str value, enum setting_origin origin,
    struct error *error);
int setting_reset(struct settings *s, const struct setting *row, struct error *error);
const char *setting_text(const struct settings *s, const struct setting *row); /* canonical value now */
enum setting_origin setting_origin(const struct settings *s, const struct setting *row);

/* What a row takes, as a usage line says it: "on|off", "off|NUMBER", "auto|LIST"; caller frees. */
char *setting_values(const struct setting *row);
/* "88 to 65535", "up to 24h"; NULL when there is no bound. Caller frees. */
char *setting_range(const struct setting *row);
const char *setting_origin_name(enum setting_origin origin); /* "default", "environment" ... */
/* Every row of a group, one per line, with value, origin and default; only rows that differ when changed_only. */
void settings_list(const struct settings *s, const char *group, bool changed_only, struct buf *out);
/* ---- groups of rows ---- */
bool setting_in_profile(const struct setting *row);
/* Copies of the values of the chosen rows, to go back to. */
struct settings_kept;
struct settings_kept *settings_keep(const struct settings *s, bool (*chosen)(const struct setting *row));
void settings_restore(struct settings *s, const struct settings_kept *kept);
void settings_kept_free(struct settings_kept *kept);
void settings_reset(struct settings *s, bool (*chosen)(const struct setting *row));
/* The commands that set those of the chosen rows that differ from their default. */
void settings_save_rows(const struct settings *s, bool (*chosen)(const struct setting *row), struct buf *out);
/* Names what the chosen rows give away, least or worse, with ", " between and in front when out holds something. */
void settings_dangers(const struct settings *s, bool (*chosen)(const struct setting *row), enum setting_danger least,
    struct buf *out);
/* The commands that give a session these settings: "set follow off\n..."; values of the environment are left out. */
void settings_save(const struct settings *s, struct buf *out);

#endif
