/* What a value means by its row's type: its canonical text, its field, what a line of usage says of it. */
#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"

/* ---- texts ---- */
static bool
choice_index(const char *choices, struct str value, int *index)
{
	struct str rest = str_of(choices);

	for (int i = 0; rest.p != NULL; i++)
		if (str_eq_nocase(str_cut(&rest, '|'), value)) {
			*index = i;
			return true;
		}
	return false;
}

struct unit {
	const char *name;
	int64_t factor;
};
static const struct unit durations[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "", 1000 } };
static const struct unit sizes[] = { { "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 }, { "B", 1 } };
static const struct unit plain[] = { { "", 1 } };

static bool
parse_number(enum setting_type type, struct str text, int64_t *value)
{
	const struct unit *units = type == SETTING_DURATION ? durations : type == SETTING_SIZE ? sizes : plain;
	size_t n = type == SETTING_NUMBER ? 1 : 5, digits = 0;
	uint64_t v;

	if (str_is_nocase(text, "off")) {
		*value = 0;
		return true;
	}
	while (digits < text.n && ascii_is_digit(text.p[digits]))
		digits++;
	for (size_t i = 0; i < n; i++) {
		if (!str_is_nocase(str_slice(text, digits, text.n), units[i].name))
			continue;
		if (!str_to_u64(str_slice(text, 0, digits), (uint64_t)(INT64_MAX / units[i].factor), &v))
			return false;
		*value = (int64_t)v * units[i].factor;
		return true;
	}
	return false;
}

bool
setting_number(const struct setting *row, struct str text, int64_t *value)
{
	return parse_number(row->type, text, value);
}

static char *
number_text(const struct setting *row, int64_t value)
{
	if (value == 0 && row->choices != NULL)
		return str_dup(STR("off"));
	if (row->type == SETTING_DURATION)
		return value % 1000 == 0 ? str_printf("%llds", (long long)(value / 1000)) :
					   str_printf("%lldms", (long long)value);
	if (row->type == SETTING_SIZE)
		for (size_t i = 3; i > 0; i--)
			if (value > 0 && value % sizes[i].factor == 0)
				return str_printf("%lld%s", (long long)(value / sizes[i].factor), sizes[i].name);
	return str_printf("%lld", (long long)value);
}

char *
setting_canonical(const struct setting *row, struct str value, struct error *error)
{
	static const char *const words[] = { "on", "yes", "true", "1", "off", "no", "false", "0" };
	char shown[80];
	int64_t number;
	int index;

	str_printable(value, shown, sizeof shown);
	if (memchr(value.n > 0 ? value.p : "", '\n', value.n) != NULL) {
		fail(error, ERROR_USAGE, 0, "a setting's value is one line");
		return NULL;
	}
	switch (row->type) {
	case SETTING_BOOL:
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (str_is_nocase(value, words[i]))
				return str_dup(i < 4 ? STR("on") : STR("off"));
		fail(error, ERROR_USAGE, 0, "%s %s: \"%s\" is neither on nor off", row->group, row->name, shown);
		return NULL;
	case SETTING_CHOICE:
		if (choice_index(row->choices, value, &index)) {
			struct str rest = str_of(row->choices), word = str_cut(&rest, '|');

			while (index-- > 0)
				word = str_cut(&rest, '|');
			return str_dup(word);
		}
		fail(error, ERROR_USAGE, 0, "%s %s: \"%s\" is none of %s", row->group, row->name, shown, row->choices);
		return NULL;
	case SETTING_NUMBER:
	case SETTING_DURATION:
	case SETTING_SIZE:
		if (!parse_number(row->type, value, &number)) {
			fail(error, ERROR_USAGE, 0, "%s %s: \"%s\" is not a %s", row->group, row->name, shown,
			    row->type == SETTING_NUMBER   ? "number" :
				row->type == SETTING_SIZE ? "size such as 64K or 2M" :
							    "duration such as 500ms, 30s or 2m");
			return NULL;
		}
		if (number == 0 && row->choices != NULL)
			return number_text(row, 0);
		if (number < row->min || (row->max != 0 && number > row->max)) {
			fail(error, ERROR_USAGE, 0, "%s %s: %s is not within %lld and %lld", row->group, row->name,
			    shown, (long long)row->min, (long long)row->max);
			return NULL;
		}
		return number_text(row, number);
	case SETTING_TEXT:
	case SETTING_FILE:
	case SETTING_LIST:
		break;
	}
	return str_dup(value);
}

char *
setting_values(const struct setting *row)
{
	static const char *const kinds[] = { [SETTING_BOOL] = "on|off",
		[SETTING_NUMBER] = "NUMBER",
		[SETTING_DURATION] = "DURATION",
		[SETTING_SIZE] = "SIZE",
		[SETTING_CHOICE] = "",
		[SETTING_TEXT] = "TEXT",
		[SETTING_FILE] = "FILE",
		[SETTING_LIST] = "LIST" };
	const char *kind = row->value != NULL ? row->value : kinds[row->type];

	if (row->choices == NULL || kind[0] == '\0')
		return str_dup(str_of(row->choices != NULL ? row->choices : kind));
	return str_printf("%s|%s", row->choices, kind);
}

/* In the largest unit that loses nothing. */
static void
add_amount(const struct setting *row, int64_t value, struct buf *out)
{
	const struct unit *units = row->type == SETTING_DURATION ? durations :
	    row->type == SETTING_SIZE                            ? sizes :
								   plain;
	size_t best = 0, n = row->type == SETTING_NUMBER ? 1 : 4;

	for (size_t i = 1; i < n; i++)
		if (value % units[i].factor == 0)
			best = i;
	buf_addf(out, "%lld%s", (long long)(value / units[best].factor), units[best].name);
}

char *
setting_range(const struct setting *row)
{
	struct buf out;

	if (row->max == 0)
		return NULL;
	buf_init(&out, 0);
	if (row->min != 0)
		add_amount(row, row->min, &out);
	else if (row->type == SETTING_NUMBER)
		buf_add_char(&out, '0');
	buf_add_str(&out, row->min != 0 || row->type == SETTING_NUMBER ? STR(" to ") : STR("up to "));
	add_amount(row, row->max, &out);
	return buf_take(&out);
}

/* ---- generic apply functions ---- */
#define FIELD(type) (*(type *)(void *)((char *)s + row->offset))

int
setting_apply_bool(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	(void)error;
	FIELD(bool) = str_is(value, "on");
	return 0;
}

int
setting_apply_not(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	(void)error;
	FIELD(bool) = !str_is(value, "on");
	return 0;
}

int
setting_apply_i64(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	int64_t number = 0;

	(void)error;
	setting_number(row, value, &number);
	FIELD(int64_t) = number;
	return 0;
}

int
setting_apply_unsigned(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	int64_t number = 0;

	(void)error;
	setting_number(row, value, &number);
	FIELD(unsigned) = (unsigned)number;
	return 0;
}

int
setting_apply_choice(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	(void)error;
	choice_index(row->choices, value, &FIELD(int));
	return 0;
}

int
setting_apply_text(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	char *text = str_dup(value);

	(void)error;
	free(FIELD(char *));
	FIELD(char *) = text;
	return 0;
}

static void
own_text(struct settings *s, const struct setting *row)
{
	FIELD(char *) = str_dup(str_of(FIELD(char *)));
}

static void
release_text(struct settings *s, const struct setting *row)
{
	free(FIELD(char *));
	FIELD(char *) = NULL;
}

const struct setting_memory setting_text_memory = { own_text, release_text };

/* ---- generic dangers ---- */
#undef FIELD
#define FIELD(type) (*(const type *)(const void *)((const char *)s + row->offset))

enum setting_danger
setting_danger_true(const struct settings *s, const struct setting *row)
{
	return FIELD(bool) ? DANGER_LOOSE : DANGER_NONE;
}

enum setting_danger
setting_danger_false(const struct settings *s, const struct setting *row)
{
	return FIELD(bool) ? DANGER_NONE : DANGER_LOOSE;
}

enum setting_danger
setting_danger_small(const struct settings *s, const struct setting *row)
{
	int64_t usual = 0;

	setting_number(row, str_of(row->initial), &usual);
	return FIELD(unsigned) < usual ? DANGER_LOOSE : DANGER_NONE;
}
