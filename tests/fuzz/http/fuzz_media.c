/* A header's value: Content-Type, Content-Disposition and any parameter. A proposed file name is harmless. */
#include <stdlib.h>
#include <string.h>

#include "net/http/file_name.h"
#include "net/http/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_name(char *name)
{
	if (strlen(name) > FILE_NAME_MAX || strpbrk(name, "/\\:") != NULL || strchr(".-~ ", name[0]) != NULL ||
	    strchr(". ", name[strlen(name) - 1]) != NULL)
		abort();
	for (struct str rest = str_of(name); rest.n > 0;) {
		size_t n = str_showable(rest);

		if (n == 0)
			abort();
		rest = str_slice(rest, n, rest.n);
	}
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *value = str_dup(str_from(data, size));
	struct media m = media_parse(value);
	int kinds = media_is_html(&m) + media_is_json(&m) + media_is_text(&m);

	if (m.type[0] == '\0' && kinds > 0)
		abort();
	check_name(file_name_of_answer(value, STR("/")));
	check_name(file_name_of_answer(NULL, str_from(data, size)));
	free(media_parameter(value, "filename"));
	free(media_parameter(value, "charset"));
	media_type_of_file(value);
	free(value);
	return 0;
}
