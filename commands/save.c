/* `save`: the answer into a file, never over another one and never outside the directory given. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/session_private.h"
#include "commands/table.h"
#include "net/http/media.h"

/* What the file is called when nobody said: Content-Disposition, else the URL's last segment, else index.html. */
static char *
default_name(const struct session *s)
{
	char *name = media_filename(http_headers_get(&s->last.response.headers, "Content-Disposition")), *decoded;

	if (name != NULL)
		return name;
	decoded = url_percent_decode(str_of(s->last.url.path), NULL);
	name = decoded[0] != '\0' && decoded[strlen(decoded) - 1] != '/' ? media_safe_name(str_of(decoded)) : NULL;
	free(decoded);
	return name != NULL ? name : str_dup(STR("index.html"));
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *
choose_path(struct call *call)
{
	const char *given = call_arg(call, 0);
	char *name, *path;

	if (given != NULL && !is_directory(given))
		return str_dup(str_of(given));
	name = default_name(call->session);
	path = given != NULL ? str_printf("%s%s%s", given, given[strlen(given) - 1] == '/' ? "" : "/", name) : str_dup(str_of(name));
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
		fputs(s->last.response.raw_head != NULL ? s->last.response.raw_head : "", out);
	if (!call_flag(call, "clean") && !call_flag(call, "text"))
		return body_store_copy(&s->last.body, out, call->error);
	buf_init(&text, 8 * (size_t)PAGE_MAX_BYTES);
	if (call_flag(call, "clean")) {
		status = body_store_view(&s->last.body, &bytes, call->error);
		if (status == 0)
			status = page_clean(bytes, http_headers_get(&s->last.response.headers, "Content-Type"), true, &text, NULL,
			    &work, call->error);
	} else {
		page = session_page(s, &work, call->error);
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

/* Written beside the target and moved there when whole: link() refuses an existing name, rename() replaces it. */
static int
write_file(struct call *call, const char *path, bool force)
{
	char *temporary;
	struct stat st;
	int fd, status;
	mode_t mask = umask(0);
	FILE *out;

	umask(mask);
	if (force && lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return fail(call->error, ERROR_OTHER, 0, "%s is no regular file and is not replaced", path);
	temporary = str_printf("%s.httpsh-XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (out == NULL) {
		fail_errno(call->error, ERROR_OTHER, "cannot write %s", path);
		free(temporary);
		return -1;
	}
	fchmod(fd, 0666 & ~mask);
	status = write_content(call, out);
	if (status == 0 && (fflush(out) != 0 || ferror(out)))
		status = fail_errno(call->error, ERROR_OTHER, "cannot write %s", path);
	if (fclose(out) != 0 && status == 0)
		status = fail_errno(call->error, ERROR_OTHER, "cannot write %s", path);
	if (status == 0 && force && rename(temporary, path) != 0)
		status = fail_errno(call->error, ERROR_OTHER, "cannot write %s", path);
	else if (status == 0 && !force && link(temporary, path) != 0)
		status = errno == EEXIST ? fail(call->error, ERROR_OTHER, EEXIST, "%s exists already", path) :
		    fail_errno(call->error, ERROR_OTHER, "cannot write %s", path);
	if (status != 0 && call->error->code == EEXIST)
		hint_command(call->error, "another name, or: save --force", path);
	unlink(temporary);
	free(temporary);
	return status;
}

static int
run_save(struct call *call)
{
	struct session *s = call->session;
	char *path;
	int status;

	if (!session_has_response(s) || !s->last.done) {
		fail(call->error, ERROR_OTHER, 0, "there is no whole answer to save");
		return hint(call->error, "get URL");
	}
	if (call_arg(call, 0) != NULL && call->args[0][0] == '\0')
		return fail(call->error, ERROR_USAGE, 0, "save: the file's name is empty");
	if (call_arg(call, 0) != NULL && strcmp(call->args[0], "-") == 0)
		return write_content(call, call->out);
	path = choose_path(call);
	status = write_file(call, path, call_flag(call, "force"));
	if (status == 0) {
		fputs("saved ", call->err);
		print_safe(call->err, str_of(path));
		fputc('\n', call->err);
	}
	free(path);
	return status;
}

static const struct opt save_options[] = { { "clean", 'c', NULL, ARG_TEXT, "the page as libtidy repairs it", NULL },
	{ "text", 't', NULL, ARG_TEXT, "the page's text", NULL }, { "headers", 'H', NULL, ARG_TEXT, "the response's headers first", NULL },
	{ "force", 'f', NULL, ARG_TEXT, "replace a file that exists", NULL }, { NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
static const struct arg save_args[] = { { "FILE", ARG_FILE, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_save = { .name = "save", .group = "page",
	.summary = "Save the answer's body into a file.",
	.details = "Without a name, or with a directory, the name comes from Content-Disposition or the URL, made safe; - is "
	    "standard output. A file that exists is never replaced without --force.",
	.example = "get https://ok.lab.test/download/report.csv\nsave --force report.csv\n!head -1 report.csv | tr -d '\\r' | wc -l\n| 1\n"
	    "!rm report.csv\n",
	.opts = save_options, .args = save_args, .flags = CMD_RESPONSE, .run = run_save };
