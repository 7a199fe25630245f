/*
 * The process itself: what must hold before anything else is opened, and what the commands behind ! and | get back.
 */
#ifndef SHELL_PROCESS_H
#define SHELL_PROCESS_H

#include <stdio.h>

/* Descriptors 0 to 2 are open afterwards, so that no connection and no file becomes one of them: one that was closed fails when
 * it is used, as a closed one does. No core file of this process shows what is secret. Call it first. */
void process_prepare(void);

/* As system() and popen(command, "we"), for /bin/sh, with the limit on core files that this process was started with. */
int process_run(const char *command);
FILE *process_pipe(const char *command);

#endif
