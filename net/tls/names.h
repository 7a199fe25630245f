/*
 * Private to net/tls. Names and numbers of the TLS registries for the inside of net/tls, and which alert belongs to
 * which of our error codes. The name functions for everybody are declared in tls.h, the numbers in wire.h.
 */
#ifndef NET_TLS_NAMES_H
#define NET_TLS_NAMES_H

#include "net/tls/tls.h"
#include "net/tls/wire.h"

/* "0x1234": what is shown of a number without a name. */
const char *number_name(uint16_t number);
const char *alert_number_name(unsigned alert); /* "alert_200" */
/* The name of `id` in a table of n rows, else number_name. */
const char *name_in(const struct tls_name *table, size_t n, uint16_t id);
/* The reverse, any letter case; false when absent. */
bool number_in(const struct tls_name *table, size_t n, struct str name, uint16_t *id);

/* The alert to send for an error code when the place that failed knows no better one. ALERT_NONE when the peer
 * refused or is gone. */
unsigned tls_code_alert(int code);

#endif
