/*
 * TLS profiles: files of `tls` commands that give the settings the shape of another client's hello. Those of
 * commands/settings/profiles are built in; the user's stand in $XDG_CONFIG_HOME/httpsh/profiles and go first.
 * The first line of a profile is a comment that says what it is.
 */
#ifndef COMMANDS_SETTINGS_PROFILES_H
#define COMMANDS_SETTINGS_PROFILES_H

#include "commands/settings/settings.h"

enum { PROFILE_MAX_FILE = 64 << 10 };

struct profile {
	const char *name;
	const char *const *lines; /* NULL ends them */
};
extern const struct profile built_in_profiles[]; /* made by CMake; a NULL name ends them */

/* The text of a profile: a name, or a path (with a slash in it, or ending in .hsh). ERROR_USAGE when there is none,
 * with what is like it. */
int profile_read(const char *name, struct buf *out, struct error *error);

/* Puts every tls setting a profile may hold back to its default and runs the profile's lines. All or nothing: after an
 * error the settings are as before. */
int profile_apply(struct settings *s, const char *name, struct error *error);

/* Stores the tls settings that differ from their defaults as a profile of the user. */
int profile_save(const struct settings *s, const char *name, bool force, struct error *error);

/* "name  what it is", one line each, a star at the one in force. */
int profile_list(const struct settings *s, struct buf *out, struct error *error);

#endif
