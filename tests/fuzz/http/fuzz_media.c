/* A header's value: Content-Type, Content-Disposition and any parameter. A proposed file name is safe to write to. */
#include <stdlib.h>
#include <string.h>

#include "net/http/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_name(char *name)
{
	if (name == NULL)
		return;
	if (name[0] == '\0' || name[0] == '.' || name[0] == '-' || strlen(name) > MEDIA_NAME_MAX || strpbrk(name, "/\\") != NULL)
		abort();
	for (struct str rest = str_of(name); rest.n > 0;) {
		size_t n = str_utf8(rest);

		if (n == 0 || (unsigned char)rest.p[0] < ' ' || rest.p[0] == 0x7f)
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
	check_name(media_filename(value));
	check_name(media_safe_name(str_from(data, size)));
	free(media_parameter(value, "filename"));
	free(media_parameter(value, "charset"));
	media_type_of_file(value);
	free(value);
	return 0;
}
