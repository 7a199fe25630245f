/* The list of the commands of this folder. */
#include "commands/table.h"

const struct command *const session_commands[] = { &command_get, &command_post, &command_head, &command_put,
	&command_patch, &command_delete, &command_options, &command_request, &command_open, &command_show,
	&command_extract, &command_count, &command_links, &command_title, &command_clean, &command_save, &command_tls,
	&command_trust, &command_lab, &command_header, &command_cookies, &command_auth, &command_set, NULL };
