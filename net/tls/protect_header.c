/* What the kinds of record protection share: the record's header, the sequence number, the one failure. */
#include "net/tls/protect_class.h"

void
record_header(uint8_t *record, unsigned type, unsigned version, size_t payload)
{
	record[0] = (uint8_t)type;
	record[1] = (uint8_t)(version >> 8);
	record[2] = (uint8_t)version;
	record[3] = (uint8_t)(payload >> 8);
	record[4] = (uint8_t)payload;
}

void
put_sequence(uint8_t out[8], uint64_t sequence)
{
	for (unsigned i = 8; i-- > 0; sequence >>= 8)
		out[i] = (uint8_t)sequence;
}

int
bad_record_mac(struct error *error)
{
	return fail(error, ERROR_TLS, TLS_BAD_RECORD_MAC,
	    "a record from the server does not decrypt: it was damaged on the way, or the keys differ");
}
