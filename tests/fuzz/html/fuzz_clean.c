/*
 * Any bytes to libtidy's own repair, without the tokenizer that spares it the worst. The first byte chooses the
 * header's charset and the indentation. Whatever libtidy does, the box ends it, and this process spends its time on
 * handing over.
 */
#include <stdlib.h>
#include <time.h>

#include "commands/html/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CPU_MS_MAX = 2000, OUT_MAX = 64 << 20 };

static int64_t
cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Lines "3:14: words", nothing that a terminal would take for more. */
static void
check_report(struct str report)
{
	if (report.n > 0 && report.p[report.n - 1] != '\n')
		abort();
	for (size_t i = 0; i < report.n; i++)
		if (report.p[i] != '\n' && ((uint8_t)report.p[i] < 0x20 || report.p[i] == 0x7f))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { NULL, "text/html; charset=utf-8", "text/html; charset=windows-1252",
		"text/html; charset=utf-16le" };
	int64_t start = cpu_ms();
	struct error error = { .kind = ERROR_NONE };
	struct buf out, report;
	int status;

	if (size < 1)
		return 0;
	buf_init(&out, OUT_MAX);
	buf_init(&report, OUT_MAX);
	status = page_clean(str_from(data + 1, size - 1), types[data[0] % 4], data[0] / 4 % 2 == 0, &out, &report, NULL,
	    &error);
	if (status != 0 ? error.kind != ERROR_LIMIT || out.len > 0 : out.len == 0)
		abort();
	check_report(buf_str(&report));
	buf_release(&out);
	buf_release(&report);
	if (cpu_ms() - start > CPU_MS_MAX)
		abort();
	return 0;
}
