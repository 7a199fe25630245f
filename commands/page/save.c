/* `save`: the answer into a file, never over another one and never outside the directory given. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/page/answer.h"
#include "commands/session/exchange.h"
#include "commands/session/session.h"
#include "commands/settings/values.h"
#include "commands/table.h"
#include "net/file.h"
#include "net/http/file_name.h"
#include "net/quote.h"

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *
choose_path(struct call *call)
{
	const struct session *s = call->session;
	const char *given = call_arg(call, 0);
	char *name, *path;

	if (given != NULL && !is_directory(given))
		return str_dup(str_of(given));
	name = file_name_of_answer(http_headers_get(&session_last(s)->response.headers, "Content-Disposition"),
	    str_of(session_last(s)->url.path));
	path = given != NULL ? str_printf("%s%s%s", given, given[strlen(given) - 1] == '/' ? "" : "/", name) :
			       str_dup(str_of(name));
	free(name);
	return path;
}

/* Content to a stream: raw, or as the option says. */
static int
write_content(struct call *call, FILE *out)
{
	struct session *s = call->session;
	struct str bytes;
	struct buf text;
	struct work work = session_work(s, 0);
	struct page *page;
	int status = 0;

	if (call_flag(call, "headers"))
		fputs(session_last(s)->response.raw_head != NULL ? session_last(s)->response.raw_head : "", out);
	if (!call_flag(call, "clean") && !call_flag(call, "text"))
		return body_store_copy(&session_last(s)->body, out, call->error);
	buf_init(&text, 8 * (size_t)PAGE_MAX_BYTES);
	if (call_flag(call, "clean")) {
		status = body_store_view(&session_last(s)->body, &bytes, call->error);
		if (status == 0)
			status = page_clean(bytes, http_headers_get(&session_last(s)->response.headers, "Content-Type"),
			    true, &text, NULL, &work, call->error);
	} else {
		page = page_load(call, &work);
		status = page != NULL ? 0 : -1;
		if (page != NULL && page->n_nodes > 0)
			page_text(page, 0, &work, &text);
	}
	if (status == 0)
		status = page_whole(&work, &text, "the page's text", call->error);
	if (status == 0)
		fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, out);
	buf_release(&text);
	return status;
}

static int
write_file(struct call *call, const char *path)
{
	struct new_file f;
	int status = new_file_open(&f, path, FILE_MODE_USUAL, call_flag(call, "force"), call->error);

	if (status == 0)
		status = new_file_close(&f, write_content(call, f.out), call->error);
	if (status != 0 && call->error->code == EEXIST)
		hint_words(call->error, NULL, "save", "--force", path, NULL);
	return status;
}

/* What came for a request that failed is no answer to it, unless it is asked for. */
static int
check_answer(struct call *call)
{
	const struct exchange *x = session_last(call->session);
	const char *path = call_arg(call, 0);
	unsigned status = x->response.status;

	if (session_unanswered(call->session)) {
		fail(call->error, ERROR_OTHER, ENODATA, "the last request got no answer, so there is nothing to save");
		return remark(call->error, "\"get URL\" fetches one");
	}
	if (!x->done && !session_settings(call->session)->set.partial) {
		fail(call->error, ERROR_LIMIT, 0, "the answer is unfinished: only %" PRIu64 " bytes of it came",
		    x->body.length);
		return x->body.length == 0 ? -1 :
					     hint_why(call->error, "to take the part for the whole", "set partial on");
	}
	if (status < 400 || call_flag(call, "failed"))
		return 0;
	fail(call->error, ERROR_STATUS, (int)status, "the answer is an error, %u %s, which is not saved unasked",
	    status, x->response.reason != NULL ? x->response.reason : "");
	return hint_words(call->error, NULL, "save", "--failed", path, NULL);
}

static int
check_save(struct call *call)
{
	return call_arg(call, 0) != NULL && call->args[0][0] == '\0' ?
	    fail(call->error, ERROR_USAGE, 0, "save: the file's name is empty") :
	    0;
}

static int
run_save(struct call *call)
{
	char *path;
	int status;

	if (check_answer(call) != 0)
		return -1;
	if (call_says(call, 0, "-"))
		return write_content(call, call->out);
	path = choose_path(call);
	status = write_file(call, path);
	if (status == 0)
		fprintf(call->err, "saved %s\n", path);
	free(path);
	return status;
}

static const struct opt save_options[] = {
	{ "clean", 'c', NULL, ARG_TEXT, "the page as libtidy repairs it", NULL },
	{ "text", 't', NULL, ARG_TEXT, "the page's text", NULL },
	{ "headers", 'H', NULL, ARG_TEXT, "the response's headers first", NULL },
	{ "failed", 0, NULL, ARG_TEXT, "also the answer to a request that failed: status 400 and above", NULL },
	{ "force", 'f', NULL, ARG_TEXT, "replace a file that exists", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg save_args[] = { { "FILE", ARG_FILE, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_save = {
	.name = "save",
	.group = "page",
	.summary = "Save the answer's body into a file.",
	.details =
	    "Without a name, or with a directory, the name comes from Content-Disposition or the URL, made harmless "
	    "(no folder, no dot or dash"
	    " in front, nothing that cannot be seen); - is "
	    "standard output. A file that exists is never replaced without --force, and an error's page not saved "
	    "without --failed.",
	.example =
	    "get https://ok.lab.test/download/report.csv\nsave --force report.csv\n!head -1 report.csv | tr -d '\\r' | "
	    "wc -l\n| 1\n"
	    "!rm report.csv\n",
	.opts = save_options,
	.args = save_args,
	.flags = CMD_RESPONSE | CMD_ANSWER,
	.check = check_save,
	.run = run_save,
};
