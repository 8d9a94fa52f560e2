#include "base/yaml_scalar.h"

#include "base/number.h"
#include "base/zone.h"

#include <math.h>
#include <string.h>

const char *yaml_type_tag(YamlType type)
{
    static const char *const tags[] = {
        [YAML_TYPE_STRING] = "!!str",    [YAML_TYPE_NULL] = "!!null",
        [YAML_TYPE_BOOL] = "!!bool",     [YAML_TYPE_INT] = "!!int",
        [YAML_TYPE_FLOAT] = "!!float",   [YAML_TYPE_TIMESTAMP] = "!!timestamp",
        [YAML_TYPE_BINARY] = "!!binary", [YAML_TYPE_MERGE] = "!!merge",
        [YAML_TYPE_SEQUENCE] = "!!seq",  [YAML_TYPE_MAPPING] = "!!map",
    };

    return tags[type];
}

typedef enum Meaning {
    WORD_NULL,
    WORD_TRUE,
    WORD_FALSE,
    WORD_OLD_TRUE, /* no more since v3 */
    WORD_OLD_FALSE,
    WORD_NAN,
    WORD_INFINITY,
    WORD_MINUS_INFINITY,
} Meaning;

typedef struct Word {
    const char *text;
    Meaning meaning;
} Word;

static const Word words[] = {
    {"y", WORD_OLD_TRUE},
    {"Y", WORD_OLD_TRUE},
    {"yes", WORD_OLD_TRUE},
    {"Yes", WORD_OLD_TRUE},
    {"YES", WORD_OLD_TRUE},
    {"on", WORD_OLD_TRUE},
    {"On", WORD_OLD_TRUE},
    {"ON", WORD_OLD_TRUE},
    {"n", WORD_OLD_FALSE},
    {"N", WORD_OLD_FALSE},
    {"no", WORD_OLD_FALSE},
    {"No", WORD_OLD_FALSE},
    {"NO", WORD_OLD_FALSE},
    {"off", WORD_OLD_FALSE},
    {"Off", WORD_OLD_FALSE},
    {"OFF", WORD_OLD_FALSE},
    {"true", WORD_TRUE},
    {"True", WORD_TRUE},
    {"TRUE", WORD_TRUE},
    {"false", WORD_FALSE},
    {"False", WORD_FALSE},
    {"FALSE", WORD_FALSE},
    {"~", WORD_NULL},
    {"null", WORD_NULL},
    {"Null", WORD_NULL},
    {"NULL", WORD_NULL},
    {".nan", WORD_NAN},
    {".NaN", WORD_NAN},
    {".NAN", WORD_NAN},
    {".inf", WORD_INFINITY},
    {".Inf", WORD_INFINITY},
    {".INF", WORD_INFINITY},
    {"+.inf", WORD_INFINITY},
    {"+.Inf", WORD_INFINITY},
    {"+.INF", WORD_INFINITY},
    {"-.inf", WORD_MINUS_INFINITY},
    {"-.Inf", WORD_MINUS_INFINITY},
    {"-.INF", WORD_MINUS_INFINITY},
};

enum { LONGEST_WORD = 5 };

static const Word *find_word(Str text)
{
    if (text.len > LONGEST_WORD)
        return NULL;
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i].text[0] == text.ptr[0] && str_is(text, words[i].text))
            return &words[i];
    return NULL;
}

static YamlType resolve_word(const Word *word, YamlRules rules, Value *out)
{
    switch (word->meaning) {
    case WORD_OLD_TRUE:
    case WORD_OLD_FALSE:
        if (rules != YAML_HELM)
            return YAML_TYPE_STRING;
        *out = value_bool(word->meaning == WORD_OLD_TRUE);
        return YAML_TYPE_BOOL;
    case WORD_TRUE:
    case WORD_FALSE:
        *out = value_bool(word->meaning == WORD_TRUE);
        return YAML_TYPE_BOOL;
    case WORD_NULL:
        *out = value_null();
        return YAML_TYPE_NULL;
    default:
        *out = value_float(word->meaning == WORD_NAN        ? NAN
                           : word->meaning == WORD_INFINITY ? INFINITY
                                                            : -INFINITY);
        return YAML_TYPE_FLOAT;
    }
}

static size_t digits_at(Str text, size_t at)
{
    size_t from = at;

    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at - from;
}

/* ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$ */
static bool is_float(Str text)
{
    size_t at = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
    size_t whole = digits_at(text, at), fraction = 0;

    at += whole;
    if (at < text.len && text.ptr[at] == '.') {
        fraction = digits_at(text, ++at);
        at += fraction;
    }
    if (!whole && !fraction)
        return false;
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        at++;
        at += at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+');
        if (!digits_at(text, at))
            return false;
        at += digits_at(text, at);
    }
    return at == text.len;
}

static Str without_underscores(Arena *a, Str text)
{
    Buf b = {.arena = a};

    if (str_find_char(text, '_') == STR_NONE)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_')
            buf_add_char(&b, text.ptr[i]);
    return buf_str(&b);
}

static bool parse_whole(Str text, int base, Value *out)
{
    int64_t n;
    uint64_t natural;

    if (number_parse_int(text, base, &n) == NUMBER_OK) {
        *out = value_int(n);
        return true;
    }
    if (number_parse_uint(text, base, &natural) != NUMBER_OK)
        return false;
    *out = (Value){.kind = VALUE_UINT, .natural = natural};
    return true;
}

/* "0b" or "0o" with a second sign behind it, which Go's own prefixes do not allow. */
static bool parse_prefixed(Str text, Str prefix, int base, Value *out)
{
    return str_starts(text, prefix) && parse_whole(str_skip(text, prefix.len), base, out);
}

static YamlType resolve_number(Str text, YamlRules rules, Value *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str plain = without_underscores(&scratch, text);
    double real;

    if (parse_whole(plain, 0, out))
        return YAML_TYPE_INT;
    if (is_float(plain) && number_parse_float(plain, &real) == NUMBER_OK) {
        *out = value_float(real);
        return YAML_TYPE_FLOAT;
    }
    if (parse_prefixed(plain, STR("0b"), 2, out) ||
        (rules == YAML_HELMFILE && parse_prefixed(plain, STR("0o"), 8, out)))
        return YAML_TYPE_INT;
    return YAML_TYPE_STRING;
}

/* One or two digits; false where there are none. */
static bool take_number(Str *text, int64_t *out)
{
    size_t len = digits_at(*text, 0);

    if (!len)
        return false;
    len = len > 2 ? 2 : len;
    *out = 0;
    for (size_t i = 0; i < len; i++)
        *out = *out * 10 + (text->ptr[i] - '0');
    *text = str_skip(*text, len);
    return true;
}

static bool take_char(Str *text, char c)
{
    if (!text->len || text->ptr[0] != c)
        return false;
    *text = str_skip(*text, 1);
    return true;
}

/* "2006-1-2". */
static bool take_date(Str *text, CivilTime *out)
{
    for (int i = 0; i < 4; i++)
        out->year = out->year * 10 + (text->ptr[i] - '0');
    *text = str_skip(*text, 5);
    return take_number(text, &out->month) && take_char(text, '-') && take_number(text, &out->day) &&
           out->month >= 1 && out->month <= 12 && out->day >= 1 &&
           out->day <= days_in_month(out->month, out->year);
}

/* ".25": any number of digits, of which nine count. */
static void take_fraction(Str *text, CivilTime *out)
{
    size_t len =
        text->len && (text->ptr[0] == '.' || text->ptr[0] == ',') ? digits_at(*text, 1) : 0;

    if (!len)
        return;
    for (size_t i = 1; i <= 9; i++)
        out->nanosecond = out->nanosecond * 10 + (i <= len ? text->ptr[i] - '0' : 0);
    *text = str_skip(*text, len + 1);
}

/* "15:4:5.999999999". */
static bool take_clock(Str *text, CivilTime *out)
{
    if (!take_number(text, &out->hour) || !take_char(text, ':') ||
        !take_number(text, &out->minute) || !take_char(text, ':') ||
        !take_number(text, &out->second))
        return false;
    take_fraction(text, out);
    return out->hour < 24 && out->minute < 60 && out->second < 60;
}

/* "Z" or "+07:00", and nothing behind it. */
static bool take_offset(Str text, int64_t *out)
{
    int64_t hours, minutes;

    *out = 0;
    if (str_is(text, "Z"))
        return true;
    if (text.len != 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') || text.ptr[3] != ':' ||
        digits_at(text, 1) != 2 || digits_at(text, 4) != 2)
        return false;
    hours = (text.ptr[1] - '0') * 10 + text.ptr[2] - '0';
    minutes = (text.ptr[4] - '0') * 10 + text.ptr[5] - '0';
    *out = (hours * 60 + minutes) * (text.ptr[0] == '-' ? -60 : 60);
    return hours <= 24 && minutes <= 60;
}

static bool starts_like_timestamp(Str text)
{
    return text.len > 4 && digits_at(text, 0) == 4 && text.ptr[4] == '-';
}

/* Split TEXT; *OFFSET is in seconds. */
static bool read_timestamp(Str text, CivilTime *civil, int64_t *offset)
{
    *civil = (CivilTime){0};
    *offset = 0;
    if (!starts_like_timestamp(text) || !take_date(&text, civil))
        return false;
    if (!text.len)
        return true;
    if (take_char(&text, 'T') || take_char(&text, 't'))
        return take_clock(&text, civil) && take_offset(text, offset);
    if (!take_char(&text, ' '))
        return false;
    while (take_char(&text, ' '))
        ;
    return take_clock(&text, civil) && !text.len;
}

bool yaml_timestamp(Arena *a, Str text, Time *out)
{
    CivilTime civil;
    int64_t offset;

    if (!read_timestamp(text, &civil, &offset))
        return false;
    *out = time_of_civil(&civil, NULL);
    out->seconds -= offset;
    if (offset)
        out->zone = zone_fixed(a, STR(""), offset);
    return true;
}

/* For what starts with a dot, even hexadecimal. */
static YamlType resolve_fraction(Str text, Value *out)
{
    double real;

    if (number_parse_float(text, &real) != NUMBER_OK)
        return YAML_TYPE_STRING;
    *out = value_float(real);
    return YAML_TYPE_FLOAT;
}

YamlType yaml_resolve(Str text, YamlRules rules, Value *out)
{
    char first = text.len ? text.ptr[0] : '~';
    int64_t offset;
    CivilTime civil;

    *out = text.len ? value_string(text) : value_null();
    if (!text.len)
        return YAML_TYPE_NULL;
    if (!first || !strchr("+-.0123456789yYnNtTfFoO~", first))
        return YAML_TYPE_STRING;

    const Word *word = find_word(text);
    if (word)
        return resolve_word(word, rules, out);
    if (first == '.')
        return resolve_fraction(text, out);
    if (first > '9')
        return YAML_TYPE_STRING;
    return read_timestamp(text, &civil, &offset) ? YAML_TYPE_TIMESTAMP
                                                 : resolve_number(text, rules, out);
}

Value yaml_scalar(Arena *a, Str text, YamlRules rules)
{
    Value v;
    Time time;

    switch (yaml_resolve(text, rules, &v)) {
    case YAML_TYPE_INT:
        if (rules == YAML_HELM)
            return value_float(v.kind == VALUE_INT ? (double)v.integer : (double)v.natural);
        return v;
    case YAML_TYPE_TIMESTAMP:
        return rules == YAML_HELMFILE && yaml_timestamp(a, text, &time) ? value_of_time(a, time)
                                                                        : v;
    default:
        return v;
    }
}
