/* The progress bar of a body that comes for a while. */
#include <inttypes.h>
#include <stdio.h>

#include "commands/print.h"
#include "commands/show/private.h"

enum { PROGRESS_FROM = 1 << 20, PROGRESS_EVERY_US = 200000 };

void
print_size(FILE *out, uint64_t n)
{
	if (n < 10240)
		fprintf(out, "%" PRIu64 " bytes", n);
	else if (n < 10 << 20)
		fprintf(out, "%" PRIu64 " KiB", n >> 10);
	else
		fprintf(out, "%" PRIu64 " MiB", n >> 20);
}

static void
take_away(struct view *v)
{
	if (v->progress_shown) {
		print_own(v->err, "\r\033[K");
		fflush(v->err);
	}
	v->progress_shown = false;
	v->progress_start_us = 0;
}

void
show_progress(struct view *v, uint64_t done, uint64_t total)
{
	int64_t now = now_us(), elapsed;
	double rate;

	if (total == 0 && done == 0)
		take_away(v);
	if (!v->terminal || (total != UINT64_MAX && total < PROGRESS_FROM) || done == 0)
		return;
	if (v->progress_start_us == 0)
		v->progress_start_us = v->progress_last_us = now;
	if (now - v->progress_last_us < PROGRESS_EVERY_US)
		return;
	v->progress_last_us = now;
	v->progress_shown = true;
	elapsed = now - v->progress_start_us;
	rate = (double)done / ((double)elapsed / 1e6);
	print_own(v->err, "\r\033[K");
	print_size(v->err, done);
	if (total != UINT64_MAX) {
		/* all but the bar takes 45 columns */
		unsigned width = v->columns < 50 ? 5 :
		    v->columns > 75              ? 30 :
						   v->columns - 45,
			 filled = (unsigned)(done * width / total);

		fprintf(v->err, " %3u %% [%.*s%*s] %.1f MiB/s, %.0f s left", (unsigned)(done * 100 / total),
		    (int)filled, "##############################", (int)(width - filled), "", rate / 1048576,
		    (double)(total - done) / rate);
	} else {
		fprintf(v->err, "  %.1f MiB/s", rate / 1048576);
	}
	fflush(v->err);
}
