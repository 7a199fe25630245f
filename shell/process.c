/* The process: descriptors, core files. */
#include "shell/process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/str.h"

enum { ULIMIT_BLOCK = 512 }; /* bytes; POSIX: ulimit -c counts in them */

static rlim_t core_limit; /* of the commands behind ! and | */

static void
open_standard(void)
{
	/* for the other direction: reading fails, writing fails, as they did before */
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			_exit(EXIT_FAILURE);
}

void
process_prepare(void)
{
	struct rlimit limit;

	open_standard();
	if (getrlimit(RLIMIT_CORE, &limit) != 0)
		return;
	core_limit = limit.rlim_cur;
	limit.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &limit);
}

char *
process_command(const char *command)
{
	if (core_limit == 0)
		return str_dup(str_of(command));
	if (core_limit == RLIM_INFINITY)
		return str_printf("ulimit -S -c unlimited\n%s", command);
	return str_printf("ulimit -S -c %llu\n%s", (unsigned long long)core_limit / ULIMIT_BLOCK, command);
}
