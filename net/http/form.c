/* Bodies of form fields: urlencoded and multipart/form-data. */
#include "net/http/form.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "net/http/media.h"
#include "net/url.h"

enum { PIECE = 64 << 10 };

void
form_init(struct form *f, bool multipart)
{
	uint8_t random[16] = { 0 };
	char *at = f->boundary;

	*f = (struct form){ .multipart = multipart, .fd = -1 };
	buf_init(&f->body, 2 * FORM_MEMORY_MAX + 8 * FORM_NAME_MAX);
	if (!multipart) {
		memcpy(f->type, "application/x-www-form-urlencoded", sizeof "application/x-www-form-urlencoded");
		return;
	}
	while (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		;
	memcpy(at, "----httpsh", 10);
	hex_write(str_from(random, sizeof random), at + 10);
	memcpy(f->type, "multipart/form-data; boundary=", 30);
	memcpy(f->type + 30, f->boundary, sizeof f->boundary);
}

void
form_release(struct form *f)
{
	buf_wipe_release(&f->body);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->length = 0;
}

/* ---- memory first, then a file without a name ---- */

static int
open_temporary(void)
{
	const char *folder = getenv("TMPDIR");
	int fd = open(folder != NULL && folder[0] == '/' ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char name[] = "/tmp/httpsh-form-XXXXXX";

	if (fd >= 0)
		return fd;
	/* some file systems have no O_TMPFILE */
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static int
write_out(struct form *f, struct error *error)
{
	struct str left = buf_str(&f->body);

	if (f->fd < 0 && (f->fd = open_temporary()) < 0)
		return fail_errno(error, ERROR_OTHER, "cannot make a temporary file for the form");
	while (left.n > 0) {
		ssize_t n = write(f->fd, left.p, left.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail_errno(error, ERROR_OTHER, "cannot write the form's temporary file");
		left = str_slice(left, (size_t)n, left.n);
		f->length += (uint64_t)n;
	}
	buf_clear(&f->body);
	return 0;
}

/* Makes room for a piece or less. */
static int
settle(struct form *f, struct error *error)
{
	return f->body.len >= FORM_MEMORY_MAX ? write_out(f, error) : 0;
}

static int
add_bytes(struct form *f, struct str s, struct error *error)
{
	while (s.n > 0) {
		struct str piece = str_slice(s, 0, PIECE);

		if (settle(f, error) != 0)
			return -1;
		buf_add_str(&f->body, piece);
		s = str_slice(s, piece.n, s.n);
	}
	return 0;
}

/* ---- parts ---- */

/* HTML Standard, multipart/form-data encoding: in names and file names, LF is %0A, CR %0D and " %22; nothing else. */
static void
add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_add_str(out, STR("%0A"));
		else if (s.p[i] == '\r')
			buf_add_str(out, STR("%0D"));
		else if (s.p[i] == '"')
			buf_add_str(out, STR("%22"));
		else
			buf_add_char(out, s.p[i]);
	}
}

/* The lines before a part's contents; filename and type NULL for a plain field. */
static int
begin_part(struct form *f, struct str name, const char *filename, const char *type, struct error *error)
{
	if (name.n > FORM_NAME_MAX || (filename != NULL && strlen(filename) > FORM_NAME_MAX))
		return fail(error, ERROR_LIMIT, 0, "a form field's name is longer than %d bytes", FORM_NAME_MAX);
	if (settle(f, error) != 0)
		return -1;
	buf_addf(&f->body, "--%s\r\nContent-Disposition: form-data; name=\"", f->boundary);
	add_escaped(&f->body, name);
	if (filename != NULL) {
		buf_add_str(&f->body, STR("\"; filename=\""));
		add_escaped(&f->body, str_of(filename));
	}
	buf_add_str(&f->body, STR("\"\r\n"));
	if (type != NULL)
		buf_addf(&f->body, "Content-Type: %s\r\n", type);
	buf_add_str(&f->body, STR("\r\n"));
	f->n++;
	return 0;
}

/* name=value with & between, a piece at a time: encoding makes three bytes of one. */
static int
add_encoded(struct form *f, struct str s, struct error *error)
{
	while (s.n > 0) {
		struct str piece = str_slice(s, 0, PIECE);
		char *encoded = url_form_encode(piece);
		int result = add_bytes(f, str_of(encoded), error);

		str_wipe_free(encoded);
		if (result != 0)
			return -1;
		s = str_slice(s, piece.n, s.n);
	}
	return 0;
}

static int
check_type(const char *type, struct error *error)
{
	char shown[120];

	for (const char *p = type; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return fail(error, ERROR_USAGE, 0, "the type \"%s\" contains a control character",
			    str_printable(str_of(type), shown, sizeof shown));
	return 0;
}

int
form_add_typed(struct form *f, struct str name, struct str value, const char *type, struct error *error)
{
	if (f->multipart) {
		if ((type != NULL && check_type(type, error) != 0) || begin_part(f, name, NULL, type, error) != 0 ||
		    add_bytes(f, value, error) != 0)
			return -1;
		return add_bytes(f, STR("\r\n"), error);
	}
	if (type != NULL)
		return fail(error, ERROR_USAGE, 0, "a field of a urlencoded form has no type: %s", type);
	if (f->n++ > 0 && add_bytes(f, STR("&"), error) != 0)
		return -1;
	if (add_encoded(f, name, error) != 0 || add_bytes(f, STR("="), error) != 0)
		return -1;
	return add_encoded(f, value, error);
}

int
form_add(struct form *f, struct str name, struct str value, struct error *error)
{
	return form_add_typed(f, name, value, NULL, error);
}

static int
copy_file(struct form *f, int fd, const char *shown, struct error *error)
{
	for (;;) {
		uint8_t *room;
		ssize_t n;

		if (f->work != NULL && !work_look(f->work))
			return work_fail(f->work, error, "reading %s", shown);
		if (settle(f, error) != 0)
			return -1;
		room = buf_room(&f->body, PIECE);
		n = room != NULL ? read(fd, room, PIECE) : -1;
		if (n < 0)
			return fail_errno(error, ERROR_OTHER, "cannot read %s", shown);
		if (n == 0)
			return 0;
		buf_added(&f->body, (size_t)n);
	}
}

int
form_add_file(struct form *f, struct str name, const char *path, const char *filename, const char *type,
    struct error *error)
{
	const char *slash = strrchr(path, '/');
	char shown[200];
	int fd, result;

	str_printable(str_of(path), shown, sizeof shown);
	if (!f->multipart)
		return fail(error, ERROR_USAGE, 0, "a file cannot be sent in a urlencoded form: %s", shown);
	if (type == NULL)
		type = media_type_of_file(path);
	if (check_type(type, error) != 0)
		return -1;
	if (filename == NULL)
		filename = slash != NULL ? slash + 1 : path;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(error, ERROR_OTHER, "cannot open %s", shown);
	result = begin_part(f, name, filename, type, error);
	if (result == 0)
		result = copy_file(f, fd, shown, error);
	close(fd);
	return result == 0 ? add_bytes(f, STR("\r\n"), error) : -1;
}

int
form_finish(struct form *f, struct http_body *body, struct error *error)
{
	if (f->multipart && (settle(f, error) != 0 || buf_addf(&f->body, "--%s--\r\n", f->boundary) != 0))
		return -1;
	if (f->fd < 0) {
		*body = (struct http_body){ .bytes = buf_str(&f->body), .fd = -1 };
		return 0;
	}
	if (write_out(f, error) != 0)
		return -1;
	if (lseek(f->fd, 0, SEEK_SET) != 0)
		return fail_errno(error, ERROR_OTHER, "cannot go back in the form's temporary file");
	*body = (struct http_body){ .fd = f->fd, .length = f->length };
	return 0;
}
