/* cookiedate: lines in, unix seconds or "invalid" out, by RFC 6265 section 5.1.1. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/http/cookies.h"

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) >= 0) {
		int64_t seconds;

		if (n > 0 && line[n - 1] == '\n')
			n--;
		if (cookie_date(str_from(line, (size_t)n), &seconds))
			printf("%" PRId64 "\n", seconds);
		else
			puts("invalid");
	}
	free(line);
	return 0;
}
