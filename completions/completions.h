/*
 * What a shell and a reader of the manual learn from the tables: each function writes one file to out.
 *
 * The three shells complete the same: options until FILE, -- or --command's arguments begin; the values of options by
 * their kind (struct opt); then file names. Behind -c nothing: no shell knows what httpsh would make of the text.
 */
#ifndef COMPLETIONS_COMPLETIONS_H
#define COMPLETIONS_COMPLETIONS_H

#include <stdio.h>

#include "net/error.h"
#include "net/str.h"

int write_bash(FILE *out, struct error *error);
int write_zsh(FILE *out, struct error *error);
int write_fish(FILE *out, struct error *error);

/* The manual page: completions/httpsh.1.in, whose lines `.\"= NAME ARGUMENT` give way to what man.c makes from the
 * tables. ERROR_OTHER: the file cannot be read; ERROR_USAGE: it names a list that there is not. */
int write_man(FILE *out, struct error *error);

#endif
