/* The verbs: one request each. They differ in their method and in what they do with fields, so they stand in one
 * file. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "commands/requests/request.h"
#include "commands/session/download.h"
#include "commands/session/session.h"
#include "commands/show/view.h"
#include "commands/table.h"

#define ITEM_DETAILS \
	"Items behind the URL, as in HTTPie:\n" \
	"  Name:value    a header; Name: removes a default one; Name; sends it empty\n" \
	"  name==value   a parameter of the query\n" \
	"  name=value    a field of the form, or a string of the JSON object\n" \
	"  name:=json    a JSON value (then the body is JSON)\n" \
	"  name@FILE     a file to upload (then the form is multipart/form-data); FILE;type=TYPE and " \
	"FILE;filename=NAME say what the server is told about it\n" \
	"  name=@FILE    a field with the contents of a file\n" \
	"  =@FILE        the file is the body\n" \
	"Only what you write can be one of these signs: in csrf=$token the value goes out as it is, whatever it " \
	"begins with. " \
	"A backslash takes the meaning from : = @ and ;, in quotes too: bio=\\@home and 'bio=\\@home' send @home. " \
	"<<EOF gives a body word for word.\n" \
	"With > FILE or | COMMAND the decoded body goes there, byte for byte. Without them a terminal shows a status " \
	"line and the body's first lines; show body prints all of it."

static const struct arg url_and_items[] = {
	{ "URL", ARG_URL, 0, NULL },
	{ "ITEM", ARG_ITEM, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct arg method_url_and_items[] = {
	{ "METHOD", ARG_TEXT, 0, NULL },
	{ "URL", ARG_URL, 0, NULL },
	{ "ITEM", ARG_ITEM, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
#define NO_MORE_OPTIONS \
	{ \
		NULL, 0, NULL, ARG_TEXT, NULL, NULL \
	}
#define BODY_OPTIONS \
	{ "json", 'j', NULL, ARG_TEXT, "fields make a JSON object", NULL }, \
	    { "multipart", 'm', NULL, ARG_TEXT, "send the form as multipart/form-data", NULL }, \
	    { "body", 'd', "TEXT", ARG_TEXT, "the body, word for word", NULL }, \
	{ \
		"target", 0, "TEXT", ARG_TEXT, \
		    "stands in the request line, word for word, in place of the URL's path and query", NULL \
	}

static const struct opt body_options[] = { BODY_OPTIONS, NO_MORE_OPTIONS };
static const struct opt get_options[] = { BODY_OPTIONS,
	{ "resume", 'r', "FILE", ARG_FILE,
	    "download into FILE; what broke off goes on, it stands in FILE.part until it is whole", NULL },
	NO_MORE_OPTIONS };

static int
send_and_show(struct call *call, struct request *r)
{
	int status;

	r->out = call->content_wanted ? call->out : NULL;
	status = session_exchange(call->session, r, call->error);
	show_outcome(call, status);
	return status;
}

/* A download with its own file. */
static int
send_resumed(struct call *call, struct request *r, const char *path)
{
	const struct exchange *last;
	struct download d;
	struct error *error = call->error;
	int status;

	status = download_open(&d, path, error);
	if (status == 0)
		status = download_ask(&d, r, error);
	if (status == 0) {
		r->download = &d;
		status = send_and_show(call, r);
	}
	last = session_last(call->session);
	status = download_close(&d, status == 0, last != NULL ? &last->response : NULL, error);
	if (status == 0)
		fprintf(call->err, "saved %s\n", path);
	return status;
}

static int
send(struct call *call, const char *method)
{
	struct request r;
	int status = request_from_call(call, method, call->args[0], &r);

	if (status == 0 && call_value(call, "resume") != NULL)
		status = send_resumed(call, &r, call_value(call, "resume"));
	else if (status == 0)
		status = send_and_show(call, &r);
	if (status != 0)
		request_hint_base(call, call->args[0]);
	request_release(&r);
	return status;
}

static int
run_verb(struct call *call)
{
	char method[16];
	size_t n = strlen(call->command->name);

	for (size_t i = 0; i <= n && i < sizeof method; i++)
		method[i] = ascii_upper(call->command->name[i]);
	return send(call, method);
}

static int
check_verb(struct call *call)
{
	if (call_value(call, "resume") != NULL && call->content_wanted)
		return fail(call->error, ERROR_USAGE, 0, "--resume has its own file: without > and |");
	return request_check(call, "GET");
}

/* Without the method, as the other verbs have it. */
static struct call
behind_method(const struct call *call)
{
	struct call rest = *call;

	rest.args++;
	rest.arg_marks++;
	rest.n_args--;
	return rest;
}

static int
check_request(struct call *call)
{
	struct call rest = behind_method(call);

	return request_check(&rest, call_known(call, 0) ? call->args[0] : NULL);
}

static int
run_request(struct call *call)
{
	struct call rest = behind_method(call);

	return send(&rest, call->args[0]);
}

#define VERB_WITH(options, symbol, verb_name, sentence, text) \
	const struct command symbol = { .name = verb_name, \
		.group = "requests", \
		.summary = sentence, \
		.details = ITEM_DETAILS, \
		.example = text, \
		.opts = options, \
		.args = url_and_items, \
		.flags = CMD_NETWORK, \
		.check = check_verb, \
		.run = run_verb }

#define VERB(symbol, verb_name, sentence, text) VERB_WITH(body_options, symbol, verb_name, sentence, text)

VERB_WITH(get_options, command_get, "get", "Send a GET request: fetch a page.",
    "get https://ok.lab.test/\nexpect status 200\nget /results Accept:text/html page==2\necho $status\n| 200\n");
VERB(command_head, "head", "Send a HEAD request: the headers without the body.",
    "head https://ok.lab.test/\necho $status\n| 200\n");
VERB(command_post, "post", "Send a POST request: a form, JSON or files.",
    "get https://ok.lab.test/login\nlet token = extract \"input[name=csrf]\" @value\n"
    "post /login user=demo password=secret csrf=$token\necho $status $url\n| 200 https://ok.lab.test/results\n");
VERB(command_put, "put", "Send a PUT request.",
    "put https://ok.lab.test/echo name=value | grep ^PUT\n| PUT /echo HTTP/1.1\n");
VERB(command_patch, "patch", "Send a PATCH request.",
    "patch https://ok.lab.test/echo --json n:=1 | grep ^PATCH\n| PATCH /echo HTTP/1.1\n");
VERB(command_delete, "delete", "Send a DELETE request.",
    "delete https://ok.lab.test/echo | grep ^DELETE\n| DELETE /echo HTTP/1.1\n");
VERB(command_options, "options", "Send an OPTIONS request: what may be done with a resource.",
    "options https://ok.lab.test/echo\nexpect status 200\n");

const struct command command_request = {
	.name = "request",
	.group = "requests",
	.summary = "Send a request with any method.",
	.details = ITEM_DETAILS,
	.example = "request PROPFIND https://ok.lab.test/echo | grep ^PROPFIND\n| PROPFIND /echo HTTP/1.1\n",
	.opts = body_options,
	.args = method_url_and_items,
	.flags = CMD_NETWORK,
	.check = check_request,
	.run = run_request,
};
