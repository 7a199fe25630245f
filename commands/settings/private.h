/* What the files of rows stand on (apply.c), and their rows (settings.c lists them). Private to commands/settings. */
#ifndef COMMANDS_SETTINGS_PRIVATE_H
#define COMMANDS_SETTINGS_PRIVATE_H

#include "commands/settings/values.h"

/* Generic apply functions: the field at row->offset is a bool, int64_t, unsigned, int (index of the choice), char *. */
int setting_apply_bool(struct settings *s, const struct setting *row, struct str value, struct error *error);
int setting_apply_not(struct settings *s, const struct setting *row, struct str value, struct error *error);
int setting_apply_i64(struct settings *s, const struct setting *row, struct str value, struct error *error);
int setting_apply_unsigned(struct settings *s, const struct setting *row, struct str value, struct error *error);
int setting_apply_choice(struct settings *s, const struct setting *row, struct str value, struct error *error);
int setting_apply_text(struct settings *s, const struct setting *row, struct str value, struct error *error);
extern const struct setting set_settings[], tls_settings[], trust_settings[]; /* a NULL name ends them */
extern const struct setting_memory setting_text_memory;                       /* of a char * */
/* Generic dangers: the field at row->offset is a bool, or an unsigned below the row's initial number. */
enum setting_danger setting_danger_true(const struct settings *s, const struct setting *row);
enum setting_danger setting_danger_false(const struct settings *s, const struct setting *row);
enum setting_danger setting_danger_small(const struct settings *s, const struct setting *row);
/* Notes of the lists in a hello (unspoken.c). */
char *setting_note_suites(const struct settings *s);
char *setting_note_groups(const struct settings *s);
char *setting_note_key_shares(const struct settings *s);
char *setting_note_schemes(const struct settings *s);
/* The canonical spelling of a value, NULL with an error when it does not suit the row's type. Caller frees. */
char *setting_canonical(const struct setting *row, struct str value, struct error *error);
bool setting_number(const struct setting *row, struct str text, int64_t *value); /* of a canonical text */

#endif
