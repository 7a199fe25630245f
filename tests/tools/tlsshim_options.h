/* The options of tlsshim. */
#ifndef TESTS_TOOLS_TLSSHIM_OPTIONS_H
#define TESTS_TOOLS_TLSSHIM_OPTIONS_H

#include "net/tls/tls.h"

enum { EXIT_UNIMPLEMENTED = 89 };

/* Values for one connection: the first one and the resuming ones can differ. */
struct shim_options {
	int port, resume_count, read_size;
	bool ipv6, has_shim_id;
	uint64_t shim_id;
	int min_version, max_version;
	bool no_ssl3, no_tls1, no_tls11, no_tls12, no_tls13;
	const char *host_name, *advertise_alpn, *expect_alpn;
	int curves[TLS_MAX_GROUPS], n_curves;
	int verify_prefs[TLS_MAX_SCHEMES], n_verify_prefs;
	int signing_prefs[TLS_MAX_SCHEMES], n_signing_prefs;
	int key_shares[TLS_MAX_GROUPS], n_key_shares;
	bool grease;
	bool fallback_scsv, no_ticket;
	bool verify_peer, verify_fail, custom_verify;
	const char *trust_cert;
	int expect_version, expect_cipher, expect_curve, expect_scheme;
	bool expect_session_miss, expect_no_session, expect_ticket_renewal, expect_hrr, expect_no_hrr, expect_ems,
	    expect_secure_renegotiation, expect_no_secure_renegotiation;
	int max_cert_list;
	const char *cert_file, *key_file;
	int credentials; /* named in the newer way */
	bool ocsp_stapling, signed_cert_timestamps;
	const char *expect_ocsp, *expect_scts; /* base64 */
	bool renegotiate_freely, renegotiate_explicit, renegotiate_ignore;
	bool counts_renegotiations;
	int expect_renegotiations;
	int export_bytes;
	const char *export_label, *export_context;
	bool use_export_context;
	bool send_alert, shim_writes_first, shim_shuts_down, check_close_notify;
};

/* Both sets from the command line; exits with 89 for an option that is not implemented. */
void shim_options_parse(int argc, char **argv, struct shim_options *initial, struct shim_options *resume);
/* The engine's configuration by these options; exits with 89 when they cannot be had. */
void shim_options_config(const struct shim_options *o, struct tls_config *c);

#endif
