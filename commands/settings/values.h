/*
 * What the settings are set to: a value that can be copied, changed and compared. It knows no session.
 */
#ifndef COMMANDS_SETTINGS_VALUES_H
#define COMMANDS_SETTINGS_VALUES_H

#include "commands/settings/settings.h"
#include "net/tcp.h"
#include "net/tls/tls.h"

enum { SETTINGS_OVERRIDES = 256 /* rows of `set resolve` */, SETTINGS_PINS = 256 };

enum color { COLOR_AUTO, COLOR_ON, COLOR_OFF };
enum on_error { ON_ERROR_STOP, ON_ERROR_CONTINUE };
/* What a point or comma is in a number where nothing else tells. */
enum decimal_mark { DECIMAL_AUTO, DECIMAL_POINT, DECIMAL_COMMA };

struct set_values {
	bool follow, follow_insecure, fail, decode, raw, verbose, keep_alive, cookies, http09, partial;
	int http; /* 0 "1.1", 1 "1.0" */
	int64_t max_redirects, preview, timeout_ms, connect_timeout_ms, max_time_ms, max_body, max_ratio, max_segment;
	int family;       /* 0 any, 1 ipv4, 2 ipv6 */
	char *user_agent; /* "" = none is sent */
	int on_error;     /* enum on_error */
	int decimal;      /* enum decimal_mark */
	int color;        /* enum color */
	char *pager;      /* a command, "off" or "" */
	struct tcp_override *overrides;
	size_t n_overrides;
};

enum trace_level { TRACE_OFF, TRACE_BRIEF, TRACE_FIELDS, TRACE_HEX };

struct tls_values {
	struct tls_config config; /* sni is filled in for each connection */
	char *sni;                /* "auto", "off" or a name */
	char *cert, *key;         /* files or "off" */
	char *keylog;             /* file or "off" */
	char *profile;            /* the last `tls profile`; NULL none */
	bool profile_changed;     /* by hand, since */
	int trace;                /* enum trace_level */
	struct tls_credentials *credentials;
};

enum trust_mode { TRUST_ON, TRUST_OFF, TRUST_ASK };

struct trust_host {
	char *host;
	char *pin; /* "sha256/...": only this key, whatever its chain; NULL none */
	bool off;  /* anything goes */
};

struct trust_pin {
	char *host; /* NULL = every host that has no pin of its own */
	char *pin;  /* "sha256/..." */
};

struct trust_values {
	int mode;
	char **files;
	size_t n_files;
	struct trust_pin *pins;
	size_t n_pins;
	struct trust_host *hosts;
	size_t n_hosts;
	bool sha1, staple;
	unsigned min_rsa;
	struct x509_store *store; /* loaded on first need; freed when the files change */
};

struct setting_slot {
	char *text; /* canonical value; NULL = the row's initial one */
	enum setting_origin origin;
};

struct settings {
	struct setting_slot *slots; /* one a row, in the order of setting_at() */
	struct set_values set;
	struct tls_values tls;
	struct trust_values trust;
};

/* Defaults, then the environment's. */
void settings_init(struct settings *s);
void settings_release(struct settings *s);
/* To is a copy then, with memory of its own (what it held before is not looked at); settings_release() frees it. A
 * trust store and a client certificate that are loaded are shared. */
void settings_copy(struct settings *to, const struct settings *from);
/* The same values in every row, wherever they come from. */
bool settings_equal(const struct settings *a, const struct settings *b);
/* The values of all rows that change what goes over the wire or who is trusted: kept connections and TLS sessions are
 * only used again under the same text. Caller frees. */
char *settings_wire_key(const struct settings *s);
/* Reads the client certificate and key when they are set and not loaded yet. */
int settings_load_credentials(struct settings *s, struct error *error);
/* A host as connections name it: lower case, ASCII (IDNA), no brackets; caller frees, NULL when it is none. */
char *setting_host(struct str name);

#endif
