/* completions bash|zsh|fish|man: one file to standard output, made from httpsh's tables. Run by the build. */
#include <string.h>

#include "completions/completions.h"

static const struct {
	const char *name;
	int (*write)(FILE *out, struct error *error);
} kinds[] = {
	{ "bash", write_bash },
	{ "zsh", write_zsh },
	{ "fish", write_fish },
	{ "man", write_man },
};

int
main(int argc, char **argv)
{
	struct error error = { .kind = ERROR_NONE };

	for (size_t i = 0; argc == 2 && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(argv[1], kinds[i].name) != 0)
			continue;
		if (kinds[i].write(stdout, &error) != 0) {
			fprintf(stderr, "completions: %s\n", error.text);
			return 1;
		}
		if (fflush(stdout) != 0 || ferror(stdout)) {
			perror("completions");
			return 1;
		}
		return 0;
	}
	fputs("usage: completions bash|zsh|fish|man\n", stderr);
	return 2;
}
