/*
 * The process itself: what must hold before anything else is opened, and what the commands behind ! and | get back.
 */
#ifndef SHELL_PROCESS_H
#define SHELL_PROCESS_H

/* Descriptors 0 to 2 are open afterwards, so that no connection and no file becomes one of them: one that was closed
 * fails when it is used, as a closed one does. No core file of this process shows what is secret. Call it first. */
void process_prepare(void);

/* A command for sh -c behind one that gives back the limit on core files that this process was started with; caller
 * frees. */
char *process_command(const char *command);

#endif
