/* What is shown of numbers without a name, as constants that nobody owns. */
#include "net/tls/names.h"

/* Names of numbers that have none, as constants: the name functions return `const char *` that nobody owns. */
#define HEX1(p) \
	{ p "0" }, { p "1" }, { p "2" }, { p "3" }, { p "4" }, { p "5" }, { p "6" }, { p "7" }, { p "8" }, { p "9" }, \
	    { p "A" }, { p "B" }, { p "C" }, { p "D" }, { p "E" }, \
	{ \
		p "F" \
	}
#define HEX2(p) \
	HEX1(p "0"), HEX1(p "1"), HEX1(p "2"), HEX1(p "3"), HEX1(p "4"), HEX1(p "5"), HEX1(p "6"), HEX1(p "7"), \
	    HEX1(p "8"), HEX1(p "9"), HEX1(p "A"), HEX1(p "B"), HEX1(p "C"), HEX1(p "D"), HEX1(p "E"), HEX1(p "F")
#define HEX3(p) \
	HEX2(p "0"), HEX2(p "1"), HEX2(p "2"), HEX2(p "3"), HEX2(p "4"), HEX2(p "5"), HEX2(p "6"), HEX2(p "7"), \
	    HEX2(p "8"), HEX2(p "9"), HEX2(p "A"), HEX2(p "B"), HEX2(p "C"), HEX2(p "D"), HEX2(p "E"), HEX2(p "F")
#define HEX4(p) \
	HEX3(p "0"), HEX3(p "1"), HEX3(p "2"), HEX3(p "3"), HEX3(p "4"), HEX3(p "5"), HEX3(p "6"), HEX3(p "7"), \
	    HEX3(p "8"), HEX3(p "9"), HEX3(p "A"), HEX3(p "B"), HEX3(p "C"), HEX3(p "D"), HEX3(p "E"), HEX3(p "F")

static const char hexadecimal[65536][7] = { HEX4("0x") };

#define TEN(p) \
	{ p "0" }, { p "1" }, { p "2" }, { p "3" }, { p "4" }, { p "5" }, { p "6" }, { p "7" }, { p "8" }, \
	{ \
		p "9" \
	}

static const char alerts[260][10] = { TEN("alert_"), TEN("alert_1"), TEN("alert_2"), TEN("alert_3"), TEN("alert_4"),
	TEN("alert_5"), TEN("alert_6"), TEN("alert_7"), TEN("alert_8"), TEN("alert_9"), TEN("alert_10"),
	TEN("alert_11"), TEN("alert_12"), TEN("alert_13"), TEN("alert_14"), TEN("alert_15"), TEN("alert_16"),
	TEN("alert_17"), TEN("alert_18"), TEN("alert_19"), TEN("alert_20"), TEN("alert_21"), TEN("alert_22"),
	TEN("alert_23"), TEN("alert_24"), TEN("alert_25") };

const char *
number_name(uint16_t number)
{
	return hexadecimal[number];
}

const char *
alert_number_name(unsigned alert)
{
	return alerts[alert < 256 ? alert : 255];
}
