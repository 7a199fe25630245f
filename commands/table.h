/*
 * The commands of this folder, in the order of help. shell/ adds its own (help, source, history, let, expect ...).
 * Each is `const struct command command_NAME` in the file of its name, its sub-commands with it, which
 * tests/scripts/command_files.py checks. The exception are the verbs get to request: one function serves them all, so
 * they are rows of one file, requests/verbs.c.
 */
#ifndef COMMANDS_TABLE_H
#define COMMANDS_TABLE_H

#include "commands/command.h"

extern const struct command *const session_commands[]; /* NULL-terminated */

extern const struct command command_get, command_head, command_post, command_put, command_patch, command_delete,
    command_options, command_request, command_open, command_header, command_cookies, command_auth, command_show,
    command_save, command_clean, command_extract, command_count, command_links, command_title, command_set, command_tls,
    command_trust, command_lab;

#endif
