/* Alerts in both directions: which one a failure sends, what a received one means. */
#include "net/tls/handshake.h"

static void
send_alert(struct tls *t, unsigned level, unsigned alert)
{
	uint8_t bytes[2] = { (uint8_t)level, (uint8_t)alert };

	if (t->close_sent)
		return;
	report_message(t, true, CONTENT_ALERT, alert, t->write_protected, str_from(bytes, sizeof bytes));
	record_write(&t->records, CONTENT_ALERT, bytes, sizeof bytes, NULL);
	if (alert == ALERT_CLOSE_NOTIFY || level == ALERT_FATAL)
		t->close_sent = true;
}

void
tls_send_alert(struct tls *t, unsigned level, unsigned alert)
{
	send_alert(t, level, alert);
	if (alert == ALERT_CLOSE_NOTIFY)
		return;
	t->info.alert_sent = true;
	t->info.alert = alert;
	t->info.alert_level = level;
}

void
tls_close(struct tls *t)
{
	if (t->failed)
		return;
	send_alert(t, ALERT_WARNING, ALERT_CLOSE_NOTIFY);
	t->info.stage = TLS_STAGE_CLOSED;
}

/* Which alert tells the peer what was wrong with its chain (RFC 8446 section 6.2). */
static unsigned
alert_of_fault(int x509_fault)
{
	switch ((enum x509_fault)x509_fault) {
	case X509_EXPIRED:
	case X509_NOT_YET_VALID:
		return ALERT_CERTIFICATE_EXPIRED;
	case X509_UNKNOWN_ISSUER:
	case X509_MISSING_INTERMEDIATE:
	case X509_SELF_SIGNED:
		return ALERT_UNKNOWN_CA;
	case X509_BAD_SIGNATURE:
	case X509_MALFORMED:
	case X509_HOST_MISMATCH:
	case X509_WEAK_KEY:
	case X509_WEAK_SIGNATURE:
		return ALERT_BAD_CERTIFICATE;
	case X509_UNSUPPORTED_ALGORITHM:
	case X509_KEY_USAGE:
	case X509_EXTENDED_KEY_USAGE:
		return ALERT_UNSUPPORTED_CERTIFICATE;
	case X509_REVOKED:
		return ALERT_CERTIFICATE_REVOKED;
	case X509_STAPLE:
		return ALERT_BAD_CERTIFICATE_STATUS_RESPONSE;
	default:
		return ALERT_CERTIFICATE_UNKNOWN;
	}
}

void
alert_for_failure(struct tls *t, const struct error *error)
{
	unsigned alert = t->alert;

	if (alert == ALERT_NONE && error->kind == ERROR_TLS)
		alert = tls_code_alert(error->code);
	else if (alert == ALERT_NONE && error->kind == ERROR_CERTIFICATE)
		alert = alert_of_fault(error->code);
	if (alert != ALERT_NONE && !t->info.alert_received)
		tls_send_alert(t, ALERT_FATAL, alert);
}

static int
peer_refused(struct tls *t, unsigned alert, struct error *error)
{
	if (t->connected)
		return refuse(error, TLS_PEER_ALERT, "server ended the connection with the alert %s (%u)",
		    tls_alert_name(alert), alert);
	return refuse(error, TLS_PEER_ALERT, "server refused the handshake with the alert %s (%u)",
	    tls_alert_name(alert), alert);
}

static int
closed_by_peer(struct tls *t, struct error *error)
{
	t->peer_closed = true;
	t->info.close_notify_received = true;
	if (t->connected)
		return 0;
	t->info.alert_received = true;
	t->info.alert_level = ALERT_WARNING;
	t->info.alert = ALERT_CLOSE_NOTIFY;
	return refuse(error, TLS_PEER_ALERT, "server closed the connection where %s was expected",
	    t->info.expected != NULL ? t->info.expected : "more");
}

static int
warned(struct tls *t, unsigned alert, struct error *error)
{
	/* RFC 8446 section 6: all the alerts listed in section 6.2 MUST be sent with AlertLevel=fatal; the level is
	 * safely ignored only for close_notify and user_canceled. */
	if (t->version >= TLS_1_3 && alert != ALERT_USER_CANCELED)
		return refuse(error, TLS_DECODE_ERROR,
		    "server sent the alert %s (%u) as a warning, which TLS 1.3 does not have", tls_alert_name(alert),
		    alert);
	if (++t->without_payload.warnings > TLS_MAX_WARNINGS)
		return refuse(error, TLS_TOO_MANY_WARNINGS, "server sent more than %d warning alerts in a row",
		    TLS_MAX_WARNINGS);
	/* RFC 5246 section 7.2.2: our renegotiation was declined; the connection goes on. */
	if (alert == ALERT_NO_RENEGOTIATION && t->hs != NULL && t->hs->renegotiation)
		return refuse_with(t, error, TLS_NO_RENEGOTIATION, ALERT_HANDSHAKE_FAILURE,
		    "server asked for a renegotiation and then declined it");
	return 0;
}

int
alert_received(struct tls *t, struct str payload, bool encrypted, struct error *error)
{
	struct rd r = rd_str(payload);
	unsigned level = rd_u8(&r), alert = rd_u8(&r);

	report_message(t, false, CONTENT_ALERT, alert, encrypted, payload);
	/* RFC 8446 section 5.1: a record with an Alert type MUST contain exactly one message. */
	if (!rd_done(&r))
		return refuse(error, TLS_DECODE_ERROR, "server sent an alert record of %zu bytes", payload.n);
	if (level != ALERT_WARNING && level != ALERT_FATAL)
		return refuse(error, TLS_ILLEGAL_PARAMETER, "server sent an alert of the unknown level %u", level);
	if (alert == ALERT_CLOSE_NOTIFY && level == ALERT_WARNING)
		return closed_by_peer(t, error);
	if (level == ALERT_WARNING) {
		t->info.alert = alert;
		t->info.alert_level = level;
		return warned(t, alert, error);
	}
	t->info.alert_received = true;
	t->info.alert = alert;
	t->info.alert_level = level;
	return peer_refused(t, alert, error);
}
