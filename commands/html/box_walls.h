/* What the process of a box may not do. Private to commands/html/box. */
#ifndef COMMANDS_HTML_BOX_WALLS_H
#define COMMANDS_HTML_BOX_WALLS_H

#include "commands/html/box.h"

#if defined __SANITIZE_ADDRESS__
#define BOX_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define BOX_SANITIZED 1
#endif
#endif
#ifndef BOX_SANITIZED
#define BOX_SANITIZED 0
#endif

enum box_end { BOX_WHOLE = 0, BOX_NO_MEMORY = 100, BOX_FULL, BOX_NO_WALLS, BOX_NOT_PREPARED }; /* exit statuses */

/* For the rest of this process's life. False when a wall cannot be had. */
bool box_close(const struct box *box);

#endif
